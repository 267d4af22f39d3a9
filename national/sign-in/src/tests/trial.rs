//! An issuer with people and clients of its own, and a browser that keeps its cookie.

use base::{Clock, Dice};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method};
use jiff::Timestamp;
use security::signing::PrivateKey;
use security::{AccessTokens, Gate, Keyring, Revoked, Role, Tokens, client_secret, pkce};
use serde_json::{Value, json};
use service::form::FORM;
use service::route::Incoming;
use service::{Form, Reply, Service, Upload, write_form};
use store::directory::Record;
use store::{Store, Transaction};
use tempfile::TempDir;

use crate::house::Given;
use crate::{Client, House, Issuer, User, service};

pub(super) const ORIGIN: &str = "https://exchange.example";
pub(super) const BACK: &str = "https://app.example/back";
pub(super) const SECRET: &str = "a secret of the client's";
pub(super) const VERIFIER: &str = "a-verifier-that-is-long-enough-to-count-as-one";

pub(super) struct Trial {
    pub(super) clock: Clock,
    pub(super) house: House,
    service: Service,
    _folder: TempDir,
}

/// A page that was got, and the cookie that came with it.
pub(super) struct Page {
    pub(super) sealed: String,
    pub(super) cookie: String,
}

impl Trial {
    pub(super) async fn of(issuer: Issuer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(Timestamp::from_second(1_700_000_000).unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::System).unwrap();
        let keyring = Keyring::new(clock.now(), &Dice::System);
        let seals = AccessTokens::new(keyring, Revoked::default(), clock.clone(), Dice::System);
        let role = Role { id: "5551".into(), organisation: "Y1".into(), ..Role::default() };
        let users = vec![
            User::new("amira", "Amira", "555", "sesame").staff("AAL3", vec![role]),
            User::new("grace", "Grace <b>", "556", "sesame").staff("AAL2", Vec::new()),
            User::new("jane", "Jane", "p-1", "sesame").patient("P9", Some("9000000009")),
            User::new("nora", "Nora", "p-2", "sesame").patient("P0", None),
        ];
        for (id, extra) in [
            ("web", json!({ "client_secret_sha256": client_secret::kept(SECRET) })),
            ("other", json!({ "client_secret_sha256": client_secret::kept(SECRET) })),
            ("phone", json!({ "public": true })),
        ] {
            let mut body = json!({ "id": id, "redirect_uris": [BACK] });
            body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            let record = Record { kind: "client", id: id.into(), body: Some(body.to_string()) };
            store.commit(Transaction::new().record(record)).await.unwrap();
        }
        let house = House::new(Given {
            issuer,
            origin: ORIGIN.to_owned(),
            store,
            clock: clock.clone(),
            dice: Dice::System,
            seals,
            key: PrivateKey::rsa_2048().unwrap(),
            users,
            exchange: Client::confidential("exchange", SECRET, format!("{ORIGIN}/callback")),
            logout: None,
        });
        Self { clock, service: service(&house), house, _folder: folder }
    }

    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(http::HeaderName, &str)],
        form: &[(&str, &str)],
    ) -> Reply {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut all = HeaderMap::new();
        all.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        for (name, value) in headers {
            all.insert(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        let incoming = Incoming {
            method,
            path: format!("{}{path}", self.house.given.issuer.base()),
            query: query.iter().map(pair).collect(),
            headers: all,
            body: Bytes::from(write_form(form.iter().copied())),
            upload: Upload::none(),
            origin: ORIGIN.into(),
        };
        self.service.call(&Gate::closed(Tokens::default()), incoming).await.reply
    }

    pub(super) async fn authorize(&self, changes: &[(&str, &str)]) -> Reply {
        let challenge = pkce::challenge(VERIFIER);
        let mut query = vec![
            ("client_id", "web"),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        change(&mut query, changes);
        self.ask(Method::GET, "/authorize", &query, &[], &[]).await
    }

    /// The page for a request, with what is hidden in it.
    pub(super) async fn page(&self, changes: &[(&str, &str)]) -> Page {
        let reply = self.authorize(changes).await;
        let html = String::from_utf8(reply.body.to_vec()).unwrap();
        assert_eq!(reply.status, 200, "{html}");
        let sealed = html.split("name=\"request\" value=\"").nth(1).unwrap();
        let cookie = reply.headers.get(SET_COOKIE).unwrap().to_str().unwrap();
        Page {
            sealed: sealed.split('"').next().unwrap().to_owned(),
            cookie: cookie.split(';').next().unwrap().to_owned(),
        }
    }

    /// Sends the page off.
    pub(super) async fn send(&self, page: &Page, changes: &[(&str, &str)]) -> Reply {
        let who = if self.house.given.issuer == Issuer::Staff { "amira" } else { "jane" };
        let mut form =
            vec![("request", page.sealed.as_str()), ("sign_in", who), ("secret", "sesame")];
        change(&mut form, changes);
        let cookie = [(COOKIE, page.cookie.as_str())];
        self.ask(Method::POST, "/authorize", &[], &cookie, &form).await
    }

    /// A code for somebody who signed in.
    pub(super) async fn code(&self, more: &[(&str, &str)], form: &[(&str, &str)]) -> String {
        let reply = self.send(&self.page(more).await, form).await;
        sent(&reply).get("code").unwrap().to_owned()
    }

    pub(super) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("client_id", "web"),
            ("client_secret", SECRET),
            ("code_verifier", VERIFIER),
        ];
        change(&mut form, changes);
        let reply = self.ask(Method::POST, "/token", &[], &[], &form).await;
        (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
    }
}

/// Changes fields; an empty value takes one away.
fn change<'a>(fields: &mut Vec<(&'a str, &'a str)>, changes: &[(&'a str, &'a str)]) {
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
}

/// The words that a person is sent to the client with.
pub(super) fn sent(reply: &Reply) -> Form {
    let text = String::from_utf8_lossy(&reply.body);
    assert!(reply.status.is_redirection(), "{} {text}", reply.status);
    let place = reply.headers.get(LOCATION).unwrap().to_str().unwrap();
    let words = place.strip_prefix(BACK).unwrap().strip_prefix('?').unwrap();
    Form::parse(words.as_bytes()).unwrap()
}
