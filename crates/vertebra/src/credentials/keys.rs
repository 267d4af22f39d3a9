//! What access tokens are sealed with, and the key pairs of the demonstration's clients.

use std::path::{Path, PathBuf};

use base::{Clock, Dice};
use jiff::Timestamp;
use security::signing::PrivateKey;
use security::{AccessTokens, Keyring, Mode, Revoked};
use serde_json::{Value, json};
use store::{Store, Transaction};

use super::{ORGANISATION, SYSTEM, people, private_file};
use crate::local::{self, LOCALS};
use crate::model::Client;

/// The name of every demonstration client's one key.
pub(crate) const KID: &str = "demo-1";
/// The client that signs as SMART Backend Services have it.
const SMART: &str = "demo-smart";

/// The access tokens of a data folder. What seals them is made at the first start, and replaced
/// after a while.
///
/// # Errors
/// When the file of it cannot be read or written, or the store fails.
pub(crate) fn access_tokens(folder: &Path, store: &Store) -> Result<AccessTokens, String> {
    let (clock, dice) = (Clock::System, Dice::System);
    let (mut keyring, new) = match keyring(folder)? {
        Some(keyring) => (keyring, false),
        None => (Keyring::new(clock.now(), &dice), true),
    };
    let due = keyring.is_due(clock.now());
    if due {
        keyring.turn(clock.now(), &dice);
    }
    if new || due {
        private_file(&token_keys(folder), &keyring.to_toml())?;
    }
    let revoked = Revoked::load(store).map_err(|error| error.to_string())?;
    Ok(AccessTokens::new(keyring, revoked, clock, dice))
}

/// The keys that access tokens of a data folder are sealed with; nothing before its first start.
///
/// # Errors
/// When the file of them cannot be read.
pub(crate) fn keyring(folder: &Path) -> Result<Option<Keyring>, String> {
    let path = token_keys(folder);
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    let read = text.and_then(|text| Keyring::from_toml(&text));
    read.map(Some).map_err(|error| format!("{}: {error}", path.display()))
}

/// Adds a key to those of a data folder, on disk.
///
/// # Errors
/// When the file of them cannot be read or written.
pub(crate) fn turn(folder: &Path, now: Timestamp, dice: &Dice) -> Result<Keyring, String> {
    let turned = match keyring(folder)? {
        None => Keyring::new(now, dice),
        Some(mut keyring) => {
            keyring.turn(now, dice);
            keyring
        }
    };
    private_file(&token_keys(folder), &turned.to_toml())?;
    Ok(turned)
}

fn token_keys(folder: &Path) -> PathBuf {
    folder.join("keys").join("access-tokens.toml")
}

/// What the demonstration's clients may have access tokens for, by the name of the client.
pub(super) fn scopes(client: &str) -> &'static [&'static str] {
    match client {
        "demo-application" => &[
            "urn:nhsd:apim:app:level3:personal-demographics-service",
            "urn:nhsd:apim:app:level3:multicast-notification-service",
            "urn:nhsd:apim:app:level3:booking-and-referral",
            "system/messages",
        ],
        "demo-privileged" => &["urn:nhsd:apim:app:level3:privileged-personal-demographics-service"],
        "demo-operator" => &["system/messages"],
        SMART => &["system/Patient.rs"],
        "demo-worker" | "demo-worker-two-roles" => people::WORKER_SCOPES,
        "demo-patient" => people::PATIENT_SCOPES,
        _ => local::named(client).map_or(&[], |local| local.scopes),
    }
}

/// Registers the demonstration's clients, each by its name with its mode and grants, with a key
/// pair each, made the first time.
///
/// # Errors
/// When a key cannot be made or written, or the store fails.
pub(crate) async fn register(
    folder: &Path,
    store: &Store,
    clients: Vec<(String, Mode, Vec<String>)>,
    secrets: &people::Secrets,
) -> Result<(), String> {
    let smart = (SMART.to_owned(), Mode::Application, Vec::new());
    let mut missing = Vec::new();
    let locals = LOCALS.iter().map(|local| {
        let grants = local.grants.iter().map(|&grant| grant.to_owned()).collect();
        (local.name.to_owned(), Mode::Application, grants)
    });
    for client in clients.into_iter().chain([smart]).chain(locals) {
        let known =
            store.directory().get("client", &client.0).map_err(|error| error.to_string())?;
        let keyless = local::named(&client.0).is_some_and(local::Local::has_api_key)
            && !api_key_file(folder, &client.0).exists();
        if !key_file(folder, &client.0).exists() || known.is_none() || keyless {
            missing.push(client);
        }
    }
    let mut transaction = Transaction::new();
    for ((name, mode, grants), key) in missing.iter().zip(key_pairs(folder, &missing)) {
        let (key, mode, grants) = (key?, *mode, grants.clone());
        let client = Client {
            id: name.clone(),
            name: format!("Demonstration client {name}"),
            system: local::named(name).map_or(SYSTEM, |local| local.system).to_owned(),
            access: vec![mode],
            grants,
            scopes: scopes(name).iter().map(|&scope| scope.to_owned()).collect(),
            jwks: Some(json!({ "keys": [key.jwk(KID)] })),
            smart: *name == SMART,
            redirect_uris: people::redirect_uris(name),
            client_secret: secrets.of_client(name).map(base::Secret::new),
            api_key: api_key(folder, name)?.map(base::Secret::new),
            ..Client::default()
        };
        transaction = transaction.record(client.record());
    }
    let public = people::public_client().record();
    let known =
        store.directory().get(public.kind, &public.id).map_err(|error| error.to_string())?;
    if known.is_none() {
        transaction = transaction.record(public);
    }
    store.commit(transaction).await.map_err(|error| error.to_string())
}

/// The key pairs of clients, in their order. Making one takes a while, so each has a thread.
fn key_pairs(
    folder: &Path,
    clients: &[(String, Mode, Vec<String>)],
) -> Vec<Result<PrivateKey, String>> {
    std::thread::scope(|scope| {
        let make = |name: &str| key_pair(&key_file(folder, name), name);
        let made: Vec<_> =
            clients.iter().map(|(name, ..)| scope.spawn(move || make(name))).collect();
        let ended = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|_| Err("no key was made".to_owned()))
        };
        made.into_iter().map(ended).collect()
    })
}

/// The key pair in a file, made when there is none.
fn key_pair(path: &Path, name: &str) -> Result<PrivateKey, String> {
    if path.exists() {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string());
        return text
            .and_then(|text| PrivateKey::from_pem(&text))
            .map_err(|error| format!("{}: {error}", path.display()));
    }
    let key = if name == SMART { PrivateKey::p384() } else { PrivateKey::rsa_2048() }?;
    private_file(path, &key.pem()?)?;
    Ok(key)
}

/// The file of a client's private key.
pub(crate) fn key_file(folder: &Path, client: &str) -> PathBuf {
    folder.join("demo").join("keys").join(format!("{client}.pem"))
}

/// The API key of a client that has one, made when there is none.
fn api_key(folder: &Path, name: &str) -> Result<Option<String>, String> {
    let local = local::named(name).filter(|local| local.has_api_key());
    let path = api_key_file(folder, name);
    match local {
        None => Ok(None),
        Some(_) if path.exists() => {
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
            Ok(Some(text.trim().to_owned()))
        }
        Some(_) => {
            let key = Dice::System.uuid().simple().to_string();
            private_file(&path, &format!("{key}\n"))?;
            Ok(Some(key))
        }
    }
}

/// The file of a client's API key.
pub(crate) fn api_key_file(folder: &Path, client: &str) -> PathBuf {
    folder.join("demo").join("keys").join(format!("{client}.apikey"))
}

/// The row of a client in `credentials.json`, but for what is known of it already.
pub(super) fn published(folder: &Path, name: &str) -> Value {
    let path = key_file(folder, name);
    let path = std::path::absolute(&path).unwrap_or(path);
    json!({
        "name": name,
        "client_id": name,
        "kid": KID,
        "private_key_file": path.to_string_lossy(),
        "scopes": scopes(name),
        "organisation": local::named(name).map_or(ORGANISATION, |local| local.organisation),
    })
}

/// The rows of the clients of local systems, which have no development token either.
pub(super) fn published_locals(folder: &Path) -> Vec<Value> {
    let row = |local: &local::Local| {
        let mut row = published(folder, local.name);
        if let Some(row) = row.as_object_mut() {
            row.insert("access".into(), Mode::Application.name().into());
            if local.has_api_key() {
                let path = api_key_file(folder, local.name);
                let path = std::path::absolute(&path).unwrap_or(path);
                row.insert("api_key_file".into(), path.to_string_lossy().into());
            }
        }
        row
    };
    LOCALS.iter().map(row).collect()
}

/// The row of the client that has no development token.
pub(super) fn published_smart(folder: &Path) -> Value {
    let mut row = published(folder, SMART);
    if let Some(row) = row.as_object_mut() {
        row.insert("access".into(), Mode::Application.name().into());
        row.insert("smart".into(), true.into());
    }
    row
}
