//! What a client proves itself with, as the commands make it or are given it. What is secret goes
//! to files that only their owner may read, and nowhere else.

use std::path::{Path, PathBuf};

use base::{Dice, Secret, hex};
use security::signing::PrivateKey;
use serde_json::{Value, json};

use crate::command::Failure;
use crate::credentials::private_file;

/// 256 bits that nobody guesses.
const API_KEY_BYTES: usize = 32;

/// What a client is to prove itself with.
#[derive(clap::Args)]
pub(super) struct Credential {
    /// Public keys that the client has, as a JWK set in JSON [default: a key pair is made]
    #[arg(long, value_name = "FILE")]
    pub(super) jwks: Option<PathBuf>,
    /// Where to write the private key that is made [default: `<ID>.pem` here]
    #[arg(long, value_name = "FILE", conflicts_with = "jwks")]
    key: Option<PathBuf>,
    /// Make an API key as well, and write it to this file
    #[arg(long, value_name = "FILE")]
    api_key: Option<PathBuf>,
}

/// What was made, and is written once the exchange knows its public half.
pub(super) struct Made {
    /// The public keys; nothing when they stay as they are.
    pub(super) jwks: Option<Value>,
    /// The API key.
    pub(super) api_key: Option<Secret<String>>,
    /// Where the private key is, when one was made.
    pub(super) key_file: Option<PathBuf>,
}

impl Credential {
    /// Makes what is to be made, and writes what is secret to its files. Before the exchange knows
    /// of it: a key that was lost would be of no use there.
    ///
    /// # Errors
    /// When a file is there already, or cannot be written or read.
    pub(super) fn make(&self, id: &str, smart: bool) -> Result<Made, Failure> {
        let api_key = self.api_key.as_deref().map(api_key).transpose()?;
        if let Some(path) = &self.jwks {
            let text = read(path)?;
            let jwks = serde_json::from_str(&text)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            return Ok(Made { jwks: Some(jwks), api_key, key_file: None });
        }
        let path = self.key.clone().unwrap_or_else(|| PathBuf::from(format!("{id}.pem")));
        let key = if smart { PrivateKey::p384() } else { PrivateKey::rsa_2048() }?;
        write_new(&path, &key.pem()?)?;
        let jwks = Some(json!({ "keys": [key.jwk(&key.thumbprint())] }));
        Ok(Made { jwks, api_key, key_file: Some(path) })
    }

    /// Makes an API key and nothing else.
    ///
    /// # Errors
    /// When its file is there already, or cannot be written.
    pub(super) fn make_api_key(&self) -> Result<Made, Failure> {
        let api_key = self.api_key.as_deref().map(api_key).transpose()?;
        Ok(Made { jwks: None, api_key, key_file: None })
    }
}

impl Made {
    /// Takes the files away again: the exchange did not take what is in them.
    pub(super) fn undo(&self, credential: &Credential) {
        for path in self.key_file.iter().chain(&credential.api_key) {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn api_key(path: &Path) -> Result<Secret<String>, Failure> {
    let mut bytes = [0; API_KEY_BYTES];
    Dice::System.fill(&mut bytes);
    let key = hex(&bytes);
    write_new(path, &format!("{key}\n"))?;
    Ok(Secret::new(key))
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    if path.exists() {
        return Err(format!("{} is there already. hint: name another file", path.display()));
    }
    private_file(path, text)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))
}
