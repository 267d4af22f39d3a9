//! Two sign-in services that say what they are told to say.

use std::sync::{Arc, LazyLock, Mutex};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use security::jws::Algorithm;
use security::signing::PrivateKey;
use serde_json::{Value, json};
use service::onward::relay;
use service::{BodyStream, Missed, Relay, Returned};

use crate::issuer::Settings;
use crate::{Issuer, People};

pub(super) const STAFF: &str = "https://staff.example";
pub(super) const PATIENTS: &str = "https://patients.example";
/// What both call the token service.
pub(super) const EXCHANGE: &str = "the-exchange";

pub(super) static STAFF_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::rsa_2048().unwrap());
pub(super) static PATIENTS_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::rsa_2048().unwrap());

/// What they say next.
#[derive(Clone, Default)]
pub(super) struct Issuers {
    /// The ID token that a code is worth.
    pub(super) id_token: Arc<Mutex<String>>,
    /// What is known of the person.
    pub(super) info: Arc<Mutex<Value>>,
    /// What came with the code.
    pub(super) redeemed: Arc<Mutex<String>>,
}

impl Issuers {
    pub(super) fn believed(&self) -> Vec<Issuer> {
        [(People::Staff, STAFF), (People::Patients, PATIENTS)]
            .map(|(people, url)| {
                let settings = Settings {
                    people,
                    url: url.to_owned(),
                    private: false,
                    client_id: EXCHANGE.to_owned(),
                    client_secret: "what only both know".into(),
                };
                Issuer::new(settings, &self.relay())
            })
            .into()
    }

    fn relay(&self) -> Relay {
        let said = self.clone();
        relay(move |onward| {
            let said = said.clone();
            async move {
                let mut form = Vec::new();
                let mut body = onward.body;
                while let Some(piece) = body.next().await.map_err(Missed::Body)? {
                    form.extend_from_slice(&piece);
                }
                said.answer(&onward.url, String::from_utf8(form).unwrap())
            }
        })
    }

    fn answer(&self, url: &str, form: String) -> Result<Returned, Missed> {
        let (issuer, path) = url.split_at(url.find(".example").unwrap() + ".example".len());
        let key = if issuer == STAFF { &STAFF_KEY } else { &PATIENTS_KEY };
        let body = match path {
            "/.well-known/openid-configuration" => json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/jwks"),
                "userinfo_endpoint": format!("{issuer}/userinfo"),
            }),
            "/jwks" => json!({ "keys": [key.jwk_for("one", Algorithm::Rs256)] }),
            "/token" => {
                *self.redeemed.lock().unwrap() = form;
                json!({ "id_token": *self.id_token.lock().unwrap(), "access_token": "a" })
            }
            "/userinfo" => self.info.lock().unwrap().clone(),
            _ => return Err(Missed::TooSlow),
        };
        Ok(Returned {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: BodyStream::from(Bytes::from(body.to_string())),
        })
    }
}
