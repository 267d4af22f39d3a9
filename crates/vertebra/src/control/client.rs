//! Orders about clients: who may call, and with which keys.

use std::collections::BTreeMap;

use base::{Secret, hex};
use jiff::{Timestamp, ToSpan};
use security::KeySet;
use security::tokens::digest;
use security::tokens::revoked::REVOKED_CLIENT;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::Transaction;
use store::directory::Record;

use super::Ground;
use crate::command::Failure;
use crate::model::{self, CLIENT, File, KEY_DIGEST, RETIRING};

/// The longest time that an old key counts beside a new one, in seconds: a year.
const OVERLAP_S_MAX: u64 = 366 * 24 * 3600;

/// An order about clients.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    /// Registers a client, as a directory file would write it.
    Add(Value),
    /// Tells which clients there are.
    List,
    /// See [`Rotate`].
    Rotate(Rotate),
    /// Ends a client, by its id: whatever it has to prove itself with counts no more.
    Revoke(String),
}

/// Gives a client something new to prove itself with.
#[derive(Deserialize, Serialize)]
pub(crate) struct Rotate {
    /// The client.
    pub(crate) id: String,
    /// New public keys, as a JWK set.
    pub(crate) jwks: Option<Value>,
    /// A new API key, which takes the place of the old one at once.
    #[serde(serialize_with = "base::secret::write_any")]
    pub(crate) api_key: Option<Secret<String>>,
    /// How long the old public keys count beside the new, in seconds.
    pub(crate) overlap_s: u64,
}

impl Order {
    pub(super) async fn carry_out(self, ground: &Ground) -> Result<Value, Failure> {
        match self {
            Self::Add(client) => add(ground, client).await,
            Self::List => list(ground),
            Self::Rotate(rotate) => rotate.carry_out(ground).await,
            Self::Revoke(id) => revoke(ground, &id).await,
        }
    }
}

async fn add(ground: &Ground, client: Value) -> Result<Value, Failure> {
    // What the reader of JSON says may quote a secret.
    let client: model::Client =
        serde_json::from_value(client).map_err(|_| "the order is not about a client")?;
    let id = client.id.clone();
    if id.is_empty() || known(ground, CLIENT, &id)?.is_some() {
        return Err(format!("client {id}: there is one. hint: rotate gives it new keys"));
    }
    let file = File { client: vec![client], ..File::default() };
    let difference = file.compare(&ground.store)?;
    ground.commit("add-client", &id, difference.transaction()).await?;
    shown(ground, &id)
}

fn list(ground: &Ground) -> Result<Value, Failure> {
    let all = ground.store.directory().all(CLIENT).map_err(|error| error.to_string())?;
    let clients: Result<Vec<Value>, Failure> =
        all.into_iter().map(|(id, _)| shown(ground, &id)).collect();
    Ok(Value::Array(clients?))
}

impl Rotate {
    async fn carry_out(self, ground: &Ground) -> Result<Value, Failure> {
        let now = ground.now();
        let mut body = standing(ground, &self.id)?;
        if let Some(jwks) = &self.jwks {
            if body.contains_key("jwks_url") {
                return Err(format!(
                    "client {}: its public keys are at a URL. hint: put the new one there, and \
                     take the old one away once it is not used any more",
                    self.id
                ));
            }
            let until_s = now.as_second().saturating_add(self.overlap_s.min(OVERLAP_S_MAX) as i64);
            renew(&mut body, jwks, until_s, now.as_second())
                .map_err(|why| format!("client {}: {why}", self.id))?;
        }
        if let Some(key) = &self.api_key {
            model::long_enough(key.expose()).map_err(|why| format!("client {}: {why}", self.id))?;
            body.insert(KEY_DIGEST.into(), hex(&digest(key.expose().as_bytes())).into());
        }
        let body = Some(Value::Object(body).to_string());
        let record = Record { kind: CLIENT, id: self.id.clone(), body };
        ground.commit("rotate-client", &self.id, Transaction::new().record(record)).await?;
        shown(ground, &self.id)
    }
}

/// Adds new keys to a client's own, which count until an instant from now on. Those whose time is
/// over go.
fn renew(
    body: &mut Map<String, Value>,
    jwks: &Value,
    until_s: i64,
    now_s: i64,
) -> Result<(), String> {
    KeySet::parse(jwks.to_string().as_bytes()).map_err(|error| format!("jwks: {error}"))?;
    let mut retiring = retiring(body);
    let mut keys = Vec::new();
    for key in keys_of(body) {
        let kid = kid(&key);
        let until_s = retiring.get(&kid).map_or(until_s, |known_s| until_s.min(*known_s));
        if until_s > now_s {
            retiring.insert(kid, until_s);
            keys.push(key);
        } else {
            retiring.remove(&kid);
        }
    }
    let new = jwks.get("keys").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(twice) = new.iter().map(kid).find(|kid| retiring.contains_key(kid)) {
        return Err(format!("it has a key {twice} already. hint: a new key has a new kid"));
    }
    keys.extend(new);
    let jwks = json!({ "keys": keys });
    KeySet::parse(jwks.to_string().as_bytes()).map_err(|error| format!("jwks: {error}"))?;
    body.insert("jwks".into(), jwks);
    body.insert(RETIRING.into(), json!(retiring));
    Ok(())
}

async fn revoke(ground: &Ground, id: &str) -> Result<Value, Failure> {
    standing(ground, id)?;
    let at = ground.now().to_string();
    let record = Record { kind: REVOKED_CLIENT, id: id.to_owned(), body: Some(at) };
    ground.commit("revoke-client", id, Transaction::new().record(record)).await?;
    shown(ground, id)
}

/// What is written of a client that may call.
fn standing(ground: &Ground, id: &str) -> Result<Map<String, Value>, Failure> {
    if known(ground, REVOKED_CLIENT, id)?.is_some() {
        return Err(format!("client {id}: was revoked, for good. hint: add another"));
    }
    let body = known(ground, CLIENT, id)?.ok_or_else(|| format!("client {id}: there is none"))?;
    serde_json::from_str(&body).map_err(|_| format!("client {id}: its record is damaged"))
}

/// A client as the commands show it: nothing of it is secret.
fn shown(ground: &Ground, id: &str) -> Result<Value, Failure> {
    let body = known(ground, CLIENT, id)?.unwrap_or_default();
    let body: Map<String, Value> = serde_json::from_str(&body).unwrap_or_default();
    let retiring = retiring(&body);
    let now_s = ground.now().as_second();
    let keys = keys_of(&body).into_iter().filter_map(|key| {
        let kid = kid(&key);
        match retiring.get(&kid) {
            None => Some(json!({ "kid": kid })),
            Some(until_s) if *until_s <= now_s => None,
            Some(until_s) => {
                let until = Timestamp::UNIX_EPOCH.checked_add(until_s.seconds());
                Some(json!({ "kid": kid, "until": until.unwrap_or_default().to_string() }))
            }
        }
    });
    let keys: Vec<Value> = keys.collect();
    let mut shown = json!({ "client_id": id, "keys": keys });
    if let Some(shown) = shown.as_object_mut() {
        let same = ["name", "system", "access", "grants", "scopes", "smart", "jwks_url"];
        for name in same {
            if let Some(value) = body.get(name) {
                shown.insert(name.into(), value.clone());
            }
        }
        shown.insert("api_key".into(), body.contains_key(KEY_DIGEST).into());
        if let Some(at) = known(ground, REVOKED_CLIENT, id)? {
            shown.insert("revoked".into(), at.into());
        }
    }
    Ok(shown)
}

fn known(ground: &Ground, kind: &'static str, id: &str) -> Result<Option<String>, Failure> {
    ground.store.directory().get(kind, id).map_err(|error| error.to_string())
}

fn keys_of(body: &Map<String, Value>) -> Vec<Value> {
    let keys = body.get("jwks").and_then(|jwks| jwks.get("keys")).and_then(Value::as_array);
    keys.cloned().unwrap_or_default()
}

/// Until when old keys count, in seconds since 1970, by their names.
fn retiring(body: &Map<String, Value>) -> BTreeMap<String, i64> {
    let known = body.get(RETIRING).cloned();
    known.and_then(|known| serde_json::from_value(known).ok()).unwrap_or_default()
}

fn kid(key: &Value) -> String {
    key.get("kid").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
