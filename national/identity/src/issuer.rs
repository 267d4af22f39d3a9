//! Sign-in services: where people show who they are, and whose word is believed.
//!
//! Clauses: OpenID Connect Discovery section 4, OpenID Connect Core section 3.1.3.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base::limit::{FETCH_S_MAX, ISSUER_KEYS_KEPT_S_MAX, JWKS_BYTES_MAX};
use base::{Fault, Secret};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method};
use security::KeySet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::form::FORM;
use service::{BodyStream, Onward, Relay, write_form};
use tokio::sync::Mutex as AsyncMutex;

use crate::faults::unavailable;
use crate::keys::{Keys, KeysUrl, fetch};
use crate::style::JSON;

const CONFIGURATION: &str = "/.well-known/openid-configuration";

/// Whom a sign-in service signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum People {
    /// Health workers, as CIS2 does.
    Staff,
    /// Patients, as NHS login does.
    Patients,
}

/// What an operator says of a sign-in service.
#[derive(Clone)]
pub struct Settings {
    /// Whom it signs in.
    pub people: People,
    /// The URL that names it, without a slash at the end.
    pub url: String,
    /// Whether that may be an address which is not on the Internet.
    pub private: bool,
    /// What it calls this house.
    pub client_id: String,
    /// What this house proves itself with there.
    pub client_secret: Secret<String>,
}

/// A sign-in service.
pub struct Issuer {
    pub(crate) settings: Settings,
    relay: Relay,
    keys: Keys,
    known: AsyncMutex<Option<(Endpoints, i64)>>,
}

/// Where things are at a sign-in service.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Endpoints {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
}

/// What a code was worth.
#[derive(Deserialize)]
pub(crate) struct Redeemed {
    pub(crate) id_token: String,
    access_token: String,
}

impl Issuer {
    /// A sign-in service that is reached by a relay.
    pub fn new(settings: Settings, relay: &Relay) -> Self {
        let (asked, relay) = (Arc::clone(relay), Arc::clone(relay));
        let get = fetch(move |at: KeysUrl| {
            let relay = Arc::clone(&asked);
            async move { ask(&relay, at.url, at.private, None, None).await }
        });
        let keys = Keys::fetched_by(get).kept_for(ISSUER_KEYS_KEPT_S_MAX);
        Self { settings, relay, keys, known: AsyncMutex::default() }
    }

    /// Where things are. What it says of itself is believed for as long as its keys are.
    ///
    /// # Errors
    /// `UNAVAILABLE` when it does not answer, or is another than it should be.
    pub(crate) async fn endpoints(&self, now_s: i64) -> Result<Endpoints, Fault> {
        let mut known = self.known.lock().await;
        if let Some((endpoints, read_s)) = &*known
            && now_s - read_s < ISSUER_KEYS_KEPT_S_MAX
        {
            return Ok(endpoints.clone());
        }
        let url = format!("{}{CONFIGURATION}", self.settings.url);
        let document = self.ask(url, None, None).await?;
        let endpoints: Endpoints =
            serde_json::from_slice(&document).map_err(|error| away(error.to_string()))?;
        // Discovery section 4.3: nobody describes another.
        if endpoints.issuer != self.settings.url {
            return Err(away("it names another issuer".to_owned()));
        }
        *known = Some((endpoints.clone(), now_s));
        Ok(endpoints)
    }

    /// The keys that it signs with, for a token that names one of them.
    ///
    /// # Errors
    /// `UNAVAILABLE` when they cannot be had.
    pub(crate) async fn keys(&self, kid: &str, now_s: i64) -> Result<Arc<KeySet>, Fault> {
        let url = self.endpoints(now_s).await?.jwks_uri;
        let at = KeysUrl { url, private: self.settings.private };
        let keys = self.keys.at(at, kid, now_s).await;
        keys.map_err(|fault| away(fault.public().to_owned()))
    }

    /// Redeems a code that it gave.
    ///
    /// # Errors
    /// `UNAVAILABLE` when it gives nothing for it.
    pub(crate) async fn redeem(
        &self,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
        now_s: i64,
    ) -> Result<Redeemed, Fault> {
        let url = self.endpoints(now_s).await?.token_endpoint;
        let form = write_form([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", verifier),
            ("redirect_uri", redirect_uri),
            ("client_id", &self.settings.client_id),
            ("client_secret", self.settings.client_secret.expose()),
        ]);
        let body = self.ask(url, Some(form), None).await?;
        serde_json::from_slice(&body).map_err(|_| away("it gives no ID token".to_owned()))
    }

    /// What it knows of the person, where it says more than in the ID token.
    ///
    /// # Errors
    /// `UNAVAILABLE` when it does not answer.
    pub(crate) async fn user_info(
        &self,
        redeemed: &Redeemed,
        now_s: i64,
    ) -> Result<Option<Value>, Fault> {
        let Some(url) = self.endpoints(now_s).await?.userinfo_endpoint else { return Ok(None) };
        let body = self.ask(url, None, Some(&redeemed.access_token)).await?;
        serde_json::from_slice(&body).map(Some).map_err(|error| away(error.to_string()))
    }

    async fn ask(
        &self,
        url: String,
        form: Option<String>,
        bearer: Option<&str>,
    ) -> Result<Bytes, Fault> {
        ask(&self.relay, url, self.settings.private, form, bearer).await.map_err(away)
    }
}

/// Asks for a document, within limits of size and time.
async fn ask(
    relay: &Relay,
    url: String,
    private: bool,
    form: Option<String>,
    bearer: Option<&str>,
) -> Result<Bytes, String> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(JSON));
    if form.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    }
    if let Some(token) = bearer {
        let value = HeaderValue::from_str(&format!("Bearer {token}"));
        headers.insert(AUTHORIZATION, value.map_err(|_| "its access token is no text")?);
    }
    let onward = Onward {
        url,
        private,
        method: if form.is_some() { Method::POST } else { Method::GET },
        headers,
        body: BodyStream::from(Bytes::from(form.unwrap_or_default())),
        wait: Duration::from_secs(FETCH_S_MAX),
        bytes_max: JWKS_BYTES_MAX,
    };
    let mut returned = relay(onward).await.map_err(|missed| format!("{missed:?}"))?;
    let mut document = Vec::new();
    while let Some(piece) = returned.body.next().await.map_err(|error| error.to_string())? {
        document.extend_from_slice(&piece);
    }
    let status = returned.status.as_u16();
    if status == 200 { Ok(document.into()) } else { Err(format!("it answers {status}")) }
}

fn away(why: String) -> Fault {
    tracing::warn!(why, "a sign-in service is not to be had");
    unavailable().because(why)
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("url", &self.settings.url).finish_non_exhaustive()
    }
}
