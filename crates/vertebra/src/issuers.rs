//! Where people sign in: at the services that the operator names, or at the demonstration's own.

use std::path::Path;
use std::sync::Arc;

use base::{Clock, Dice, Secret, hex};
use identity::issuer::Settings;
use identity::{Issuer, People};
use security::signing::PrivateKey;
use serde::Deserialize;
use service::Service;
use store::Store;

use crate::config::Config;
use crate::credentials::people::Secrets;
use crate::credentials::private_file;
use crate::house::Site;
use crate::inside::Inside;

/// What the demonstration's own services call the token service.
const EXCHANGE: &str = "exchange";

/// What a file says of a sign-in service.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    issuer: String,
    client_id: String,
    client_secret: Secret<String>,
    #[serde(default)]
    private: bool,
}

/// The sign-in services that are believed, and those of the house's own as APIs.
///
/// # Errors
/// When a file cannot be understood, or a key cannot be made or kept.
pub(crate) fn issuers(
    store: &Store,
    config: &Config,
    site: &Site<'_>,
    inside: &Inside,
) -> Result<(Vec<Issuer>, Vec<Service>), String> {
    let (mut believed, mut own) = (Vec::new(), Vec::new());
    let far = site.courier.relay();
    let kinds = [
        (People::Staff, sign_in::Issuer::Staff, &config.staff_sign_in),
        (People::Patients, sign_in::Issuer::Patient, &config.patient_sign_in),
    ];
    if site.demonstration {
        make_keys(&config.data)?;
    }
    for (people, issuer, file) in kinds {
        let embedded =
            site.demonstration.then(|| demonstration(store, config, site, inside, issuer));
        let embedded = embedded.transpose()?;
        match (file, embedded) {
            (Some(file), embedded) => {
                believed.push(Issuer::new(read(file, people)?, &far));
                own.extend(embedded.map(|(house, _)| sign_in::service(&house)));
            }
            (None, Some((house, client_secret))) => {
                let settings = Settings {
                    people,
                    url: house.url(),
                    private: true,
                    client_id: EXCHANGE.to_owned(),
                    client_secret,
                };
                believed.push(Issuer::new(settings, &inside.relay(origin(site))));
                own.push(sign_in::service(&house));
            }
            (None, None) => {}
        }
    }
    Ok((believed, own))
}

fn origin<'a>(site: &'a Site<'_>) -> &'a str {
    site.origins.first().map_or("", String::as_str)
}

/// What an operator says of a sign-in service.
fn read(path: &Path, people: People) -> Result<Settings, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    // What the reader of TOML says may quote a secret.
    let file: File = toml::from_str(&text).map_err(|_| {
        format!("{}: hint: issuer, client_id and client_secret, and private", path.display())
    })?;
    if !(file.issuer.starts_with("https://") || file.private && file.issuer.starts_with("http://"))
    {
        let hint = "issuer: must be https. hint: or http, with private = true";
        return Err(format!("{}: {hint}", path.display()));
    }
    Ok(Settings {
        people,
        url: file.issuer.trim_end_matches('/').to_owned(),
        private: file.private,
        client_id: file.client_id,
        client_secret: file.client_secret,
    })
}

/// One of the demonstration's own services, and what the token service proves itself with there:
/// made anew at each start, since nobody else needs to know it.
fn demonstration(
    store: &Store,
    config: &Config,
    site: &Site<'_>,
    inside: &Inside,
    issuer: sign_in::Issuer,
) -> Result<(sign_in::House, Secret<String>), String> {
    let dice = Dice::System;
    let mut chance = [0; 32];
    dice.fill(&mut chance);
    let client_secret = Secret::new(hex(&chance));
    let origin = origin(site);
    let callback = format!("{origin}{}/callback", identity::BASE);
    let logout = format!("{origin}{}/backchannel_logout", identity::BASE);
    let house = sign_in::House::new(sign_in::house::Given {
        issuer,
        origin: origin.to_owned(),
        store: store.clone(),
        clock: Clock::System,
        seals: site.access.clone(),
        key: key(&config.data, issuer)?,
        users: Secrets::of(&config.data, &dice)?.users(),
        dice,
        exchange: sign_in::Client::confidential(EXCHANGE, client_secret.expose(), callback),
        logout: Some((logout, Arc::clone(&inside.relay(origin)))),
    });
    Ok((house, client_secret))
}

/// Makes the keys that are not there, side by side: making one takes a while.
fn make_keys(folder: &Path) -> Result<(), String> {
    let made = |issuer| key(folder, issuer).map(drop);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| made(sign_in::Issuer::Patient));
        let one = made(sign_in::Issuer::Staff);
        one.and(other.join().unwrap_or_else(|_| Err("no key was made".to_owned())))
    })
}

/// What an issuer signs with. It stays the same, so that what it signed stays good.
fn key(folder: &Path, issuer: sign_in::Issuer) -> Result<PrivateKey, String> {
    let path = folder.join("keys").join(format!("{}.pem", issuer.name()));
    if path.exists() {
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
        let key = text.and_then(|text| PrivateKey::from_pem(&text));
        return key.map_err(|error| format!("{}: {error}", path.display()));
    }
    let key = PrivateKey::rsa_2048()?;
    private_file(&path, &key.pem()?)?;
    Ok(key)
}
