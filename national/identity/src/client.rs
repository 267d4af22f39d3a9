//! A client as the directory knows it, as far as this API looks.

use std::collections::HashMap;

use base::Fault;
use security::Mode;
use security::tokens::revoked::REVOKED_CLIENT;
use serde::Deserialize;
use serde_json::Value;
use store::Store;

use crate::faults::from_store;

/// The kinds of the directory's records.
const CLIENT: &str = "client";
const SYSTEM: &str = "system";
/// The longest identifier of a client that is looked for, in bytes.
const ID_BYTES_MAX: usize = 256;

/// What is read of a client's record.
#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the members of a record, as operators write it")]
pub(crate) struct Client {
    /// Its id.
    pub(crate) id: String,
    /// The accredited system id of the system that it belongs to; empty for none.
    #[serde(default)]
    pub(crate) system: String,
    /// How it may be let in.
    #[serde(default)]
    pub(crate) access: Vec<Mode>,
    /// Permissions beyond its scopes.
    #[serde(default)]
    pub(crate) grants: Vec<String>,
    /// What it may ask for.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    /// Where people who signed in are sent, each to the letter.
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
    /// The digest of its secret.
    #[serde(default, rename = "client_secret_sha256")]
    pub(crate) secret_sha256: Option<String>,
    /// Whether it is one that cannot keep a secret.
    #[serde(default)]
    pub(crate) public: bool,
    /// What sign-in services call it, beside its id.
    #[serde(default)]
    pub(crate) audiences: Vec<String>,
    /// Its public keys, as a JWK set.
    #[serde(default)]
    pub(crate) jwks: Option<Value>,
    /// Until when keys among them count that were replaced, in seconds since 1970, by their names.
    #[serde(default)]
    pub(crate) retiring: HashMap<String, i64>,
    /// Where its public keys are, when they are not here.
    #[serde(default)]
    pub(crate) jwks_url: Option<String>,
    /// Whether that may be an address which is not on the Internet.
    #[serde(default)]
    pub(crate) jwks_private: bool,
    /// Whether it speaks as SMART Backend Services have it.
    #[serde(default)]
    pub(crate) smart: bool,
    /// Whether it expects the life of a token as text, as the national platform writes it.
    #[serde(default)]
    pub(crate) expires_in_as_text: bool,
}

impl Client {
    /// The client with an id, if there is one that was not revoked.
    ///
    /// # Errors
    /// When the store fails, or its record is damaged.
    pub(crate) fn find(store: &Store, id: &str) -> Result<Option<Self>, Fault> {
        if id.len() > ID_BYTES_MAX {
            return Ok(None);
        }
        if store.directory().get(REVOKED_CLIENT, id).map_err(from_store)?.is_some() {
            return Ok(None);
        }
        let body = store.directory().get(CLIENT, id).map_err(from_store)?;
        // The text of the error may quote a record; its place is enough.
        let read = |body: String| {
            serde_json::from_str(&body).map_err(|_| damaged("the record of a client is damaged"))
        };
        body.map(read).transpose()
    }

    /// Its public keys that count at an instant, when they are here.
    pub(crate) fn keys_at(&self, now_s: i64) -> Option<Value> {
        let over = |key: &Value| {
            let kid = key.get("kid").and_then(Value::as_str).unwrap_or_default();
            self.retiring.get(kid).is_some_and(|until_s| *until_s <= now_s)
        };
        let mut jwks = self.jwks.clone()?;
        if let Some(keys) = jwks.get_mut("keys").and_then(Value::as_array_mut) {
            keys.retain(|key| !over(key));
        }
        Some(jwks)
    }

    /// A number of seconds as it expects it.
    pub(crate) fn seconds(&self, seconds: i64) -> Value {
        if self.expires_in_as_text { seconds.to_string().into() } else { seconds.into() }
    }

    /// The organisation that its system belongs to; empty when it has none.
    ///
    /// # Errors
    /// When the store fails, or the record of the system is damaged.
    pub(crate) fn organisation(&self, store: &Store) -> Result<String, Fault> {
        #[derive(Deserialize)]
        struct System {
            organisation: String,
        }
        let body = store.directory().get(SYSTEM, &self.system).map_err(from_store)?;
        let Some(body) = body else { return Ok(String::new()) };
        let system: System = serde_json::from_str(&body)
            .map_err(|_| damaged("the record of a system is damaged"))?;
        Ok(system.organisation)
    }
}

fn damaged(what: &'static str) -> Fault {
    Fault::broken("BROKEN", what)
}
