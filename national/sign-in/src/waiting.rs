//! A request for a sign-in that waits until the person has filled in the page. It stands sealed in
//! the page, bound to the browser by a cookie: a page of somebody else's cannot send it off, and
//! nobody can change where the answer goes.
//!
//! Clauses: OpenID Connect Core section 3.1.2.1, RFC 7636 section 4.3, RFC 6819 section 4.4.1.8.

use base::hex;
use base::limit::{AUTHORIZE_VALUE_BYTES_MAX, SIGN_IN_PAGE_S_MAX};
use security::{client_secret, pkce};
use serde::{Deserialize, Serialize};
use service::{Form, Request, write_form};

use crate::{Client, House};

const COOKIE: &str = "sign-in";
const COOKIE_DIGITS: usize = 32;
const PURPOSE: &str = "page";

/// A request for a sign-in.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Waiting {
    /// Who wants somebody signed in.
    pub(crate) client: String,
    /// Where the answer goes.
    pub(crate) redirect_uri: String,
    /// What the answer repeats.
    pub(crate) state: Option<String>,
    /// What the ID token repeats.
    pub(crate) nonce: Option<String>,
    /// What whoever redeems the code must prove.
    pub(crate) challenge: Option<String>,
    /// The digest of the cookie of the browser.
    browser: String,
    /// Until when the page may be sent off.
    expires_s: i64,
}

/// Why a request is not taken: told to the client, at the place where it wants its answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Declined {
    error: &'static str,
    why: &'static str,
}

impl Waiting {
    /// Reads a request of a client that may have its answer at this place.
    ///
    /// # Errors
    /// What the client is told instead.
    pub(crate) fn read(
        house: &House,
        query: &Form,
        client: &Client,
        redirect_uri: &str,
        cookie: &str,
    ) -> Result<Self, Declined> {
        let declined = |error, why| Err(Declined { error, why });
        let values = ["state", "nonce", "scope", "code_challenge"];
        let long =
            |name: &&str| query.get(name).is_some_and(|it| it.len() > AUTHORIZE_VALUE_BYTES_MAX);
        if values.iter().any(long) {
            return declined("invalid_request", "a parameter is too long");
        }
        match query.get("response_type") {
            Some("code") => {}
            Some(_) => return declined("unsupported_response_type", "response_type must be code"),
            None => return declined("invalid_request", "response_type is missing"),
        }
        if !query.get("scope").unwrap_or_default().split(' ').any(|scope| scope == "openid") {
            return declined("invalid_scope", "scope must name openid");
        }
        match (query.get("code_challenge"), query.get("code_challenge_method")) {
            (None, None) if client.public => {
                return declined("invalid_request", "code_challenge is missing");
            }
            (None, None) => {}
            (Some(challenge), Some(pkce::S256)) if pkce::is_challenge(challenge) => {}
            _ => return declined("invalid_request", "code_challenge_method must be S256"),
        }
        if query.get("prompt") == Some("none") {
            return declined("login_required", "a person must sign in each time");
        }
        let text = |name| query.get(name).map(str::to_owned);
        Ok(Self {
            client: client.id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: text("state"),
            nonce: text("nonce"),
            challenge: text("code_challenge"),
            browser: client_secret::kept(cookie),
            expires_s: house.now_s() + SIGN_IN_PAGE_S_MAX,
        })
    }

    /// The request as it stands in the page.
    pub(crate) fn seal(&self, house: &House) -> Option<String> {
        house.given.seals.seal(&house.purpose(PURPOSE), self)
    }

    /// The request of a page, when it is one of ours, not too old, and sent by the browser that it
    /// was made for.
    pub(crate) fn open(house: &House, sealed: &str, cookie: &str) -> Option<Self> {
        let waiting: Self = house.given.seals.open(&house.purpose(PURPOSE), sealed)?;
        let ours = client_secret::proves(cookie, &waiting.browser);
        (ours && waiting.expires_s >= house.now_s()).then_some(waiting)
    }

    /// Where the person goes with these words for the client.
    pub(crate) fn place(&self, house: &House, words: &[(&str, &str)]) -> String {
        place(house, &self.redirect_uri, self.state.as_deref(), words)
    }
}

impl Declined {
    /// Where the person goes, for the client to learn of it.
    pub(crate) fn place(&self, house: &House, redirect_uri: &str, query: &Form) -> String {
        let words = [("error", self.error), ("error_description", self.why)];
        let state = query.get("state").filter(|it| it.len() <= AUTHORIZE_VALUE_BYTES_MAX);
        place(house, redirect_uri, state, &words)
    }
}

/// A client's place with words for it. Every answer says which issuer it is from (RFC 9207).
fn place(house: &House, redirect_uri: &str, state: Option<&str>, words: &[(&str, &str)]) -> String {
    let issuer = house.url();
    let state = state.map(|state| ("state", state));
    let all = words.iter().copied().chain(state).chain([("iss", issuer.as_str())]);
    let mark = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{mark}{}", write_form(all))
}

/// The cookie of a browser: the one that it has, or a new one.
pub(crate) fn cookie(house: &House, request: &Request) -> String {
    cookie_of(request).unwrap_or_else(|| {
        let mut chance = [0; COOKIE_DIGITS / 2];
        house.given.dice.fill(&mut chance);
        hex(&chance)
    })
}

/// The cookie that a browser has.
pub(crate) fn cookie_of(request: &Request) -> Option<String> {
    let pairs = request.header(http::header::COOKIE.as_str())?.split(';');
    let mut values = pairs.filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = values.find(|(name, _)| *name == COOKIE)?;
    let digits = value.len() == COOKIE_DIGITS && value.bytes().all(|it| it.is_ascii_hexdigit());
    digits.then(|| value.to_owned())
}

/// The header that gives a browser its cookie.
pub(crate) fn set_cookie(house: &House, cookie: &str) -> String {
    let secure = if house.given.origin.starts_with("https://") { "; Secure" } else { "" };
    let path = house.given.issuer.base();
    format!("{COOKIE}={cookie}; Path={path}; HttpOnly; SameSite=Strict{secure}")
}
