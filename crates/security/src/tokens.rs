//! Bearer tokens from a static file, for development: each selects who the caller is.

use std::collections::HashMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{Caller, Mode, Refusal, Role};

/// A set of bearer tokens. Only their digests are kept.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    callers: HashMap<[u8; 32], (Caller, bool)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    token: Vec<Row>,
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

impl Tokens {
    /// Reads tokens from TOML: an array of `[[token]]` tables.
    ///
    /// # Errors
    /// What the TOML reader did not understand, or which patient token names no patient.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut callers = HashMap::new();
        for row in file.token {
            if row.mode == Mode::Patient && row.patient.is_none() {
                return Err(format!("the patient token of client {} names no patient", row.client));
            }
            let digest = Sha256::digest(row.token.as_bytes()).into();
            let expired = row.expired;
            callers.insert(digest, (row.into_caller(), expired));
        }
        Ok(Self { callers })
    }

    /// The caller that a token stands for. Looked up by digest, so that timing tells nothing.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] or [`Refusal::Expired`].
    pub fn find(&self, token: &str) -> Result<Caller, Refusal> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        match self.callers.get(&digest) {
            None => Err(Refusal::Invalid),
            Some((_, true)) => Err(Refusal::Expired),
            Some((caller, false)) => Ok(caller.clone()),
        }
    }
}

impl Row {
    fn into_caller(self) -> Caller {
        Caller {
            mode: self.mode,
            client: self.client,
            organisation: self.organisation,
            system: self.system,
            user: self.user,
            roles: self.roles,
            patient: self.patient,
            grants: self.grants,
        }
    }
}
