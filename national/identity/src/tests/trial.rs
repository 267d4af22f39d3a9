//! An identity service with clients of its own, and what is asked of it.

use std::sync::LazyLock;

use base::{Clock, Dice};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use jiff::Timestamp;
use security::jws::Algorithm;
use security::signing::PrivateKey;
use security::{AccessTokens, Gate, Keyring, Revoked, Tokens};
use serde_json::{Value, json};
use service::route::{Incoming, Whence};
use service::{Reply, Service, Upload};
use store::directory::Record;
use store::{Store, Transaction};
use tempfile::TempDir;

use super::issuers::Issuers;
use crate::{House, service};

pub(super) const ORIGIN: &str = "https://exchange.example";
pub(super) const TOKEN_URL: &str = "https://exchange.example/oauth2/token";
pub(super) const APP: &str = "app";
pub(super) const SMART: &str = "smart-app";
pub(super) const READ: &str = "urn:nhsd:apim:app:level3:personal-demographics-service";
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::rsa_2048().unwrap());
pub(super) static NEXT_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::rsa_2048().unwrap());
pub(super) static CURVE: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::p384().unwrap());

pub(super) struct Trial {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) tokens: AccessTokens,
    pub(super) house: House,
    /// The sign-in services, as far as there are any.
    pub(super) issuers: Issuers,
    service: Service,
    _folder: TempDir,
}

impl Trial {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(Timestamp::from_second(1_700_000_000).unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::System).unwrap();
        let dice = Dice::seeded(7);
        let keyring = Keyring::new(clock.now(), &dice);
        let tokens = AccessTokens::new(keyring, Revoked::default(), clock.clone(), Dice::System);
        let issuers = Issuers::default();
        let (house, service) = wire(&store, &clock, &tokens, &issuers);
        let trial = Self { store, clock, tokens, house, issuers, service, _folder: folder };
        let jwks = json!({ "keys": [KEY.jwk("one"), NEXT_KEY.jwk("two"), CURVE.jwk("curve")] });
        let app = json!({
            "id": APP, "name": "App", "system": "200000000001", "grants": ["publish-events"],
            "scopes": [READ, "urn:nhsd:apim:user-nhs-cis2:aal3:personal-demographics-service"],
            "jwks": jwks,
        });
        let system = json!({ "asid": "200000000001", "organisation": "Y99999", "name": "S" });
        trial.enter("system", "200000000001", &system).await;
        trial.enter("client", APP, &app).await;
        let with = |id: &str, changes: Value| {
            let mut record = app.clone();
            record["id"] = id.into();
            for (name, value) in changes.as_object().unwrap() {
                record[name] = value.clone();
            }
            record
        };
        for (id, changes) in [
            (SMART, json!({ "smart": true, "scopes": ["system/Patient.rs", "system/messages"] })),
            ("texts", json!({ "expires_in_as_text": true })),
            ("no-keys", json!({ "jwks": null })),
            ("keys-away", json!({ "jwks": null, "jwks_url": "https://keys.example/" })),
            ("no-scopes", json!({ "scopes": [] })),
            ("users-only", json!({ "scopes": ["urn:nhsd:apim:user-nhs-cis2:aal3:x"] })),
        ] {
            trial.enter("client", id, &with(id, changes)).await;
        }
        trial
    }

    pub(super) async fn enter(&self, kind: &'static str, id: &str, body: &Value) {
        let record = Record { kind, id: id.to_owned(), body: Some(body.to_string()) };
        self.store.commit(Transaction::new().record(record)).await.unwrap();
    }

    /// The service as it comes up again on the same store.
    pub(super) fn restart(&mut self) {
        (self.house, self.service) = wire(&self.store, &self.clock, &self.tokens, &self.issuers);
    }

    pub(super) fn now_s(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// What a good assertion says.
    pub(super) fn claims(&self, client: &str) -> Value {
        let id = Dice::System.uuid().to_string();
        json!({
            "iss": client, "sub": client, "aud": TOKEN_URL, "jti": id,
            "exp": self.now_s() + 300,
        })
    }

    pub(super) fn good(&self) -> String {
        platform(&self.claims(APP))
    }

    /// Asks for a path, with its query, as a browser does.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Reply {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let incoming = Incoming {
            query: query.iter().map(owned).collect(),
            ..incoming(Method::GET, path, HeaderMap::new(), "")
        };
        self.service.call(&Gate::closed(Tokens::default()), incoming).await.reply
    }

    /// Asks for a path with an Authorization header.
    pub(super) async fn get_as(&self, path: &str, authorization: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_str(authorization).unwrap());
        let incoming = incoming(Method::GET, path, headers, "");
        self.service.call(&Gate::closed(Tokens::default()), incoming).await.reply
    }

    pub(super) async fn ask(&self, method: Method, path: &str, media: &str, body: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_str(media).unwrap());
        let incoming = incoming(method, path, headers, body);
        self.service.call(&Gate::closed(Tokens::default()), incoming).await.reply
    }

    pub(super) async fn post(&self, body: &str) -> (u16, Value) {
        let reply = self.ask(Method::POST, "/token", FORM, body).await;
        (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
    }

    /// What comes of a form that was sent from an address to a house with this gate.
    pub(super) async fn post_from(&self, address: &str, gate: &Gate, body: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(FORM));
        let whence = Whence { address: Some(address.parse().unwrap()), ..Whence::default() };
        let incoming = incoming(Method::POST, "/token", headers, body);
        self.service.call_with(gate, incoming, whence).await.reply
    }

    /// What comes of an assertion, with more parameters.
    pub(super) async fn token(&self, assertion: &str, more: &str) -> (u16, Value) {
        self.post(&(form(assertion) + more)).await
    }
}

fn incoming(method: Method, path: &str, headers: HeaderMap, body: &str) -> Incoming {
    Incoming {
        method,
        path: format!("/oauth2{path}"),
        query: Vec::new(),
        headers,
        body: Bytes::copy_from_slice(body.as_bytes()),
        upload: Upload::none(),
        origin: "https://elsewhere.example".into(),
    }
}

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn form(assertion: &str) -> String {
    format!(
        "grant_type=client_credentials&client_assertion_type={JWT_BEARER}\
         &client_assertion={assertion}"
    )
}

/// An assertion as the national platform wants it.
pub(super) fn platform(claims: &Value) -> String {
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": "one" });
    KEY.sign(Algorithm::Rs512, &header, claims).unwrap()
}

fn wire(
    store: &Store,
    clock: &Clock,
    tokens: &AccessTokens,
    issuers: &Issuers,
) -> (House, Service) {
    let origins = [ORIGIN.to_owned(), "http://127.0.0.1:8600".to_owned()];
    let house = House::new(store.clone(), clock.clone(), Dice::System, tokens.clone(), &origins)
        .believing(issuers.believed());
    let service = service(&house);
    (house, service)
}
