//! Bearer tokens and API keys from a static file, for development: each selects who the caller is.
//! API keys of registered clients join them. Access tokens of the house's own are in [`access`].

pub mod access;
pub mod keyring;
pub mod revoked;

use std::collections::HashMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{Caller, Mode, Refusal, Role};

pub use access::{AccessToken, AccessTokens, ScopeRow};
pub use keyring::Keyring;
pub use revoked::Revoked;

/// What is kept of a secret that is compared: its SHA-256.
pub type Digested = [u8; 32];

/// What is kept of a secret.
pub fn digest(secret: &[u8]) -> Digested {
    Sha256::digest(secret).into()
}

/// Whether two digests are the same. Takes as long whether they are or not.
pub fn same(one: &Digested, other: &Digested) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// A set of bearer tokens and API keys. Only their digests are kept.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    callers: HashMap<Digested, (Caller, bool)>,
    keys: Vec<(Digested, Caller)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    token: Vec<Row>,
    #[serde(default)]
    api_key: Vec<KeyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    token: String,
    mode: Mode,
    client: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    system: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    patient: Option<String>,
    #[serde(default)]
    grants: Vec<String>,
    #[serde(default)]
    expired: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRow {
    key: String,
    client: String,
}

impl Tokens {
    /// Reads tokens and keys from TOML: arrays of `[[token]]` and `[[api_key]]` tables.
    ///
    /// # Errors
    /// What the TOML reader did not understand, which patient token names no patient, or which
    /// client has an empty key.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut callers = HashMap::new();
        for row in file.token {
            if row.mode == Mode::Patient && row.patient.is_none() {
                return Err(format!("the patient token of client {} names no patient", row.client));
            }
            let digest = digest(row.token.as_bytes());
            let expired = row.expired;
            callers.insert(digest, (row.into_caller(), expired));
        }
        let mut keys = Vec::with_capacity(file.api_key.len());
        for KeyRow { key, client } in file.api_key {
            if key.is_empty() {
                return Err(format!("the API key of client {client} is empty"));
            }
            keys.push((digest(key.as_bytes()), Caller::application(client)));
        }
        Ok(Self { callers, keys })
    }

    /// The same, with the API key of a client, of which only the digest is known.
    #[must_use]
    pub fn with_key(mut self, digest: Digested, caller: Caller) -> Self {
        self.keys.push((digest, caller));
        self
    }

    /// The caller that a token stands for. Looked up by digest, so that timing tells nothing.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] or [`Refusal::Expired`].
    pub fn find(&self, token: &str) -> Result<Caller, Refusal> {
        match self.callers.get(&digest(token.as_bytes())) {
            None => Err(Refusal::Invalid),
            Some((_, true)) => Err(Refusal::Expired),
            Some((caller, false)) => Ok(caller.clone()),
        }
    }

    /// The client that an API key stands for. All keys are compared, each whole, so that timing
    /// tells nothing.
    pub fn find_key(&self, key: &[u8]) -> Option<&Caller> {
        let digest = digest(key);
        let mut found = None;
        for (known, caller) in &self.keys {
            if same(known, &digest) {
                found = Some(caller);
            }
        }
        found
    }
}

impl Row {
    fn into_caller(self) -> Caller {
        Caller {
            mode: self.mode,
            organisation: self.organisation,
            system: self.system,
            user: self.user,
            roles: self.roles,
            patient: self.patient,
            grants: self.grants,
            ..Caller::application(self.client)
        }
    }
}
