//! Clients: what systems call with, and by what they prove themselves.

use std::collections::{BTreeMap, HashSet};

use base::{Secret, hex};
use security::rate::Rates;
use security::tokens::digest;
use security::{KeySet, Mode, client_secret};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::directory::Record;
use store::{Store, StoreError};

/// The kind of the directory's records of clients.
pub(crate) const CLIENT: &str = "client";
/// The member of a record that an API key is kept in.
pub(crate) const KEY_DIGEST: &str = "api_key_sha256";
/// The member of a record that a client's secret is kept in.
pub(crate) const SECRET_DIGEST: &str = "client_secret_sha256";
/// The member of a record that says until when its old public keys count: by the name of the key,
/// in seconds since 1970. Only `vertebra client rotate` writes it.
pub(crate) const RETIRING: &str = "retiring";
/// The shortest API key.
const API_KEY_BYTES_MIN: usize = 16;

/// A client: what a system calls with.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_field_names,
    clippy::struct_excessive_bools,
    reason = "its members are named as operators write them"
)]
pub(crate) struct Client {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// The accredited system id of the system that it belongs to.
    pub(crate) system: String,
    /// How it may be let in.
    pub(crate) access: Vec<Mode>,
    /// Permissions beyond that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) grants: Vec<String>,
    /// What it may have access tokens for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes: Vec<String>,
    /// Its API key. Only the digest is kept; a file that names none leaves the one that is known.
    #[serde(default, skip_serializing)]
    pub(crate) api_key: Option<Secret<String>>,
    /// Where people who signed in to it may be sent, each to the letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) redirect_uris: Vec<String>,
    /// What it proves itself with when it asks for tokens for a person. Only the digest is kept; a
    /// file that names none leaves the one that is known.
    #[serde(default, skip_serializing)]
    pub(crate) client_secret: Option<Secret<String>>,
    /// Whether it is one that cannot keep a secret, such as an app on a phone.
    #[serde(default, skip_serializing_if = "is_not")]
    pub(crate) public: bool,
    /// What sign-in services call it, where that is not its id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) audiences: Vec<String>,
    /// Its public keys as a JWK set: a table, or the JSON text of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) jwks: Option<Value>,
    /// Where its public keys are instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) jwks_url: Option<String>,
    /// Whether that may be an address which is not on the Internet.
    #[serde(default, skip_serializing_if = "is_not")]
    pub(crate) jwks_private: bool,
    /// Whether it speaks as SMART Backend Services have it.
    #[serde(default, skip_serializing_if = "is_not")]
    pub(crate) smart: bool,
    /// Whether it expects the life of an access token as text.
    #[serde(default, skip_serializing_if = "is_not")]
    pub(crate) expires_in_as_text: bool,
    /// How often it may call: by the name of an API, or `app` for every other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) ratelimiting: BTreeMap<String, Rates>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_not(flag: &bool) -> bool {
    !flag
}

impl Client {
    /// Its record, with the digest of its API key.
    pub(crate) fn record(&self) -> Record {
        let mut client = self.clone();
        client.jwks = self.jwks.as_ref().map(key_set);
        // A plain struct of text and JSON always serialises.
        let mut body = serde_json::to_value(client).unwrap_or_default();
        if let (Some(key), Some(body)) = (&self.api_key, body.as_object_mut()) {
            body.insert(KEY_DIGEST.into(), hex(&digest(key.expose().as_bytes())).into());
        }
        if let (Some(secret), Some(body)) = (&self.client_secret, body.as_object_mut()) {
            body.insert(SECRET_DIGEST.into(), client_secret::kept(secret.expose()).into());
        }
        Record { kind: CLIENT, id: self.id.clone(), body: Some(body.to_string()) }
    }

    /// What is wrong with it by itself.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        if self.access.is_empty() {
            mistakes.push("access names no mode".to_owned());
        }
        mistakes.extend(self.api_key.as_ref().and_then(|key| long_enough(key.expose()).err()));
        if self.client_secret.as_ref().is_some_and(|it| it.expose().len() < API_KEY_BYTES_MIN) {
            mistakes.push(format!("a client_secret is {API_KEY_BYTES_MIN} characters or more"));
        }
        if self.public && self.client_secret.is_some() {
            mistakes.push("client_secret: a public client cannot keep one".into());
        }
        mistakes.extend(self.redirect_uris.iter().filter(|uri| !is_redirect_uri(uri)).map(|uri| {
            format!("redirect_uri '{uri}': must be https, or http on this machine, without a #")
        }));
        if self.jwks.is_some() && self.jwks_url.is_some() {
            mistakes.push("jwks and jwks_url: one of them is enough".into());
        }
        if let Some(jwks) = &self.jwks
            && let Err(error) = KeySet::parse(key_set(jwks).to_string().as_bytes())
        {
            mistakes.push(format!("jwks: {error}"));
        }
        if let Some(url) = &self.jwks_url
            && !(url.starts_with("https://") || self.jwks_private && url.starts_with("http://"))
        {
            mistakes.push("jwks_url: must be https. hint: or http, with jwks_private".into());
        }
        let wrong = |scope: &&String| scope.is_empty() || scope.contains(char::is_whitespace);
        mistakes.extend(
            self.scopes
                .iter()
                .filter(wrong)
                .map(|scope| format!("'{scope}' is no scope. hint: one without spaces")),
        );
        mistakes.extend(super::rates::mistakes(&self.ratelimiting));
        mistakes.into_iter().map(|mistake| format!("client {}: {mistake}", self.id)).collect()
    }
}

/// Whether people may be sent to a place: over TLS, on the machine that they sit at, or to an app
/// by a scheme of its own (RFC 8252 section 7).
fn is_redirect_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let host = rest.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    let local = ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
        host.strip_prefix(name).is_some_and(|port| port.is_empty() || port.starts_with(':'))
    });
    let written = uri.bytes().all(|byte| byte.is_ascii_graphic()) && !uri.contains('#');
    let placed = match scheme {
        "https" => rest.starts_with("//") && !host.is_empty(),
        "http" => rest.starts_with("//") && local,
        own => own.contains('.') && !rest.is_empty(),
    };
    written && placed && !host.contains('@')
}

/// Whether an API key is long enough.
///
/// # Errors
/// How long it should be.
pub(crate) fn long_enough(api_key: &str) -> Result<(), String> {
    match api_key.len() {
        API_KEY_BYTES_MIN.. => Ok(()),
        _ => Err(format!("an api_key is {API_KEY_BYTES_MIN} characters or more")),
    }
}

/// A set of keys that may be written as text.
fn key_set(jwks: &Value) -> Value {
    let text = jwks.as_str();
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| jwks.clone())
}

/// The same record, with the API key and the public keys of the known one when it brings none.
pub(crate) fn keeping(record: Record, known: Option<&str>) -> Record {
    let read = |body: &str| serde_json::from_str::<Map<String, Value>>(body).ok();
    let (Some(known), Some(mut body)) =
        (known.and_then(read), record.body.as_deref().and_then(read))
    else {
        return record;
    };
    if record.kind != CLIENT {
        return record;
    }
    let body_is_public = body.get("public").is_some_and(|it| it == true);
    let names_keys = body.contains_key("jwks") || body.contains_key("jwks_url");
    let mut keep = |name: &str| {
        if let Some(value) = known.get(name).filter(|_| !body.contains_key(name)) {
            body.insert(name.to_owned(), value.clone());
        }
    };
    keep(KEY_DIGEST);
    if !body_is_public {
        keep(SECRET_DIGEST);
    }
    if !names_keys {
        ["jwks", "jwks_url", "jwks_private", RETIRING].into_iter().for_each(keep);
    }
    Record { body: Some(Value::Object(body).to_string()), ..record }
}

/// The clients that have an API key, each with the digest of it.
///
/// # Errors
/// When the store fails.
pub(crate) fn with_keys(store: &Store) -> Result<Vec<([u8; 32], String)>, StoreError> {
    let read = |(id, body): (String, String)| {
        let body: Value = serde_json::from_str(&body).ok()?;
        Some((unhex(body.get(KEY_DIGEST)?.as_str()?)?, id))
    };
    Ok(store.directory().all(CLIENT)?.into_iter().filter_map(read).collect())
}

/// Clients whose API keys are the same.
pub(crate) fn shared_keys(clients: &[Client]) -> Vec<String> {
    let mut seen = HashSet::new();
    let keyed =
        clients.iter().filter_map(|client| Some((client.api_key.as_ref()?.expose(), &client.id)));
    let shared = keyed.filter(|(key, _)| !seen.insert(*key));
    shared.map(|(_, id)| format!("client {id}: another client has the same api_key")).collect()
}

/// Thirty-two bytes in hexadecimal digits.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let pair = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(pair).collect();
    bytes?.try_into().ok().filter(|_| text.len() == 64)
}

#[cfg(test)]
mod tests;
