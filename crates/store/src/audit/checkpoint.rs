//! Signed checkpoints of the audit chain: how many lines it had, and its link there.
//!
//! Whoever keeps one elsewhere can tell later that nothing before it was changed or dropped, even
//! by somebody who has the whole data folder. What is signed is text, so that other tools can
//! verify it too: see [`Checkpoint::signed_text`].

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base::hex;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Link;
use crate::error::StoreError;

/// What the signed text begins with: a signature over anything else is worth nothing here.
const CONTEXT: &str = "vertebra-audit-checkpoint-v1";
/// What stands before the 32 bytes of an Ed25519 public key in a `SubjectPublicKeyInfo`:
/// <https://www.rfc-editor.org/rfc/rfc8410#section-4>.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const PEM_BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const PEM_END: &str = "-----END PUBLIC KEY-----";
/// How much of the digest of a public key its name keeps.
const KEY_NAME_BYTES: usize = 8;

/// A signed statement that the chain had so many lines and this link after the last of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// How many lines the chain had.
    pub count: u64,
    /// The link after the last of them, in hexadecimal.
    pub link: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The name of the key: the first 8 bytes of its SHA-256, in hexadecimal.
    pub key: String,
    /// The Ed25519 signature over [`Checkpoint::signed_text`], in base64.
    pub signature: String,
}

impl Checkpoint {
    /// Reads the one line of JSON that a checkpoint is written as.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_line(line: &str) -> Result<Self, StoreError> {
        serde_json::from_str(line)
            .map_err(|error| StoreError::Damaged(format!("not a checkpoint: {error}")))
    }

    /// The one line of JSON that it is written as, without a line end.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() // strings and numbers: cannot fail
    }

    /// What is signed: five lines, each with a line end.
    pub fn signed_text(&self) -> String {
        let Self { count, link, at, key, .. } = self;
        format!("{CONTEXT}\n{count}\n{link}\n{at}\n{key}\n")
    }

    /// Whether a key signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.key == key.name() && key.has_signed(&self.signed_text(), &self.signature)
    }

    /// Whether the chain may have this link after so many lines as the checkpoint says.
    pub(crate) fn fits(&self, link: &Link) -> bool {
        self.link == hex(link)
    }
}

/// The public part of the key that signs checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads a PEM file with an Ed25519 public key.
    ///
    /// # Errors
    /// When it holds none.
    pub fn from_pem(text: &str) -> Result<Self, StoreError> {
        let no_key = || StoreError::Damaged("there is no Ed25519 public key in it".to_owned());
        let body = text.trim().strip_prefix(PEM_BEGIN).and_then(|rest| rest.strip_suffix(PEM_END));
        let body: String = body.ok_or_else(no_key)?.split_whitespace().collect();
        let bytes = BASE64_STANDARD.decode(body).map_err(|_| no_key())?;
        let key = bytes.strip_prefix(SPKI.as_slice()).ok_or_else(no_key)?;
        Ok(Self(key.try_into().map_err(|_| no_key())?))
    }

    /// The key as a PEM file.
    pub fn to_pem(&self) -> String {
        let bytes = [SPKI.as_slice(), &self.0].concat();
        format!("{PEM_BEGIN}\n{}\n{PEM_END}\n", BASE64_STANDARD.encode(bytes))
    }

    /// The key alone, in base64.
    pub(crate) fn to_base64(self) -> String {
        BASE64_STANDARD.encode(self.0)
    }

    /// Reads a key alone, in base64.
    pub(crate) fn from_base64(text: &str) -> Option<Self> {
        Some(Self(BASE64_STANDARD.decode(text).ok()?.try_into().ok()?))
    }

    /// Whether a signature, in base64, is this key's over a text.
    pub(crate) fn has_signed(&self, text: &str, signature: &str) -> bool {
        let Ok(signature) = BASE64_STANDARD.decode(signature) else { return false };
        UnparsedPublicKey::new(&ED25519, self.0).verify(text.as_bytes(), &signature).is_ok()
    }

    /// What checkpoints call it.
    pub fn name(&self) -> String {
        let digest = Sha256::digest(self.0);
        hex(digest.get(..KEY_NAME_BYTES).unwrap_or_default())
    }
}

/// The key that signs checkpoints.
pub(crate) struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// The key that grows from 32 bytes of chance.
    pub(crate) fn from_seed(seed: &[u8]) -> Result<Self, StoreError> {
        Ed25519KeyPair::from_seed_unchecked(seed)
            .map(Self)
            .map_err(|_| StoreError::Damaged("a signing key is 32 bytes".to_owned()))
    }

    pub(crate) fn public(&self) -> PublicKey {
        let bytes = self.0.public_key().as_ref().try_into();
        PublicKey(bytes.unwrap_or_default()) // it has 32 bytes: cannot fail
    }

    /// States that the chain has so many lines and this link.
    pub(crate) fn sign(&self, count: u64, link: &Link, at: Timestamp) -> Checkpoint {
        let key = self.public().name();
        let mut made = Checkpoint { count, link: hex(link), at, key, signature: String::new() };
        made.signature = self.sign_text(&made.signed_text());
        made
    }

    /// Its signature over a text, in base64.
    pub(crate) fn sign_text(&self, text: &str) -> String {
        BASE64_STANDARD.encode(self.0.sign(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests;
