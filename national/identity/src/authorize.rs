//! `GET /authorize`: a client wants a person signed in. The person is sent to a sign-in service,
//! and comes back to [`callback`](crate::callback).
//!
//! Clauses: RFC 6749 section 4.1.1, RFC 7636 section 4.3.

use base::limit::{CLIENT_STATE_BYTES_MAX, SIGN_IN_PAGE_S_MAX};
use base::{Fault, Kind, hex};
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use security::pkce;
use serde::{Deserialize, Serialize};
use service::{Answer, Form, Reply, Request, write_form};

use crate::client::Client;
use crate::faults::{invalid_request, unavailable};
use crate::{BASE, House, Issuer, People, form};

const PURPOSE: &str = "state";

/// What is remembered while a person is at a sign-in service. It travels with them, sealed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct State {
    /// Its own name: it is good once.
    pub(crate) id: String,
    /// Who wants the person signed in.
    pub(crate) client: String,
    /// Where the client wants its answer.
    pub(crate) redirect_uri: String,
    /// What the answer repeats.
    repeated: String,
    /// What whoever redeems the code must prove.
    pub(crate) challenge: Option<String>,
    /// Whose sign-in service it is.
    pub(crate) people: People,
    /// What the ID token must repeat.
    pub(crate) nonce: String,
    /// What proves to the sign-in service that it was us who asked.
    pub(crate) verifier: String,
    /// Until when the person may come back.
    pub(crate) expires_s: i64,
}

/// Why a request is not taken: told to the client, at the place where it wants its answers.
struct Declined(&'static str, &'static str);

/// Answers `GET /authorize`.
pub(crate) async fn authorize(house: House, request: Request) -> Answer {
    let query = form::query(&request)?;
    let id = query.get("client_id").ok_or_else(|| invalid_request("client_id is missing"))?;
    let client = Client::find(&house.store, id)?
        .ok_or_else(|| Fault::new(Kind::Unauthenticated, "UNPROVED", "client_id is not known"))?;
    let redirect_uri = query.get("redirect_uri");
    let redirect_uri = redirect_uri.ok_or_else(|| invalid_request("redirect_uri is missing"))?;
    // Nothing is sent to a place that the client is not registered with, errors included.
    if !client.redirect_uris.iter().any(|known| known == redirect_uri) {
        return Err(invalid_request("redirect_uri is not one of the client's"));
    }
    match State::read(&house, &query, &client, redirect_uri) {
        Ok((state, issuer)) => send_to_sign_in(&house, &state, issuer).await,
        Err(Declined(error, why)) => {
            let state = query.get("state").filter(|it| it.len() <= CLIENT_STATE_BYTES_MAX);
            let words = [("error", error), ("error_description", why)];
            Ok(back(redirect_uri, words.into_iter().chain(state.map(|state| ("state", state)))))
        }
    }
}

impl State {
    fn read<'h>(
        house: &'h House,
        query: &Form,
        client: &Client,
        redirect_uri: &str,
    ) -> Result<(Self, &'h Issuer), Declined> {
        match query.get("response_type") {
            Some("code") => {}
            None => return Err(Declined("invalid_request", "response_type is missing")),
            Some(_) => {
                return Err(Declined("unsupported_response_type", "response_type must be code"));
            }
        }
        let state = query.get("state").ok_or(Declined("invalid_request", "state is missing"))?;
        if state.len() > CLIENT_STATE_BYTES_MAX {
            return Err(Declined("invalid_request", "state is too long"));
        }
        let challenge = challenge(query, client)?;
        let scope = query.get("scope").unwrap_or_default();
        let people = if scope.split(' ').any(|one| one == "nhs-login") {
            People::Patients
        } else {
            People::Staff
        };
        let issuer = house.issuers.iter().find(|issuer| issuer.settings.people == people);
        let issuer = issuer
            .ok_or(Declined("temporarily_unavailable", "there is no such sign-in service"))?;
        Ok((
            Self {
                id: secret(house),
                client: client.id.clone(),
                redirect_uri: redirect_uri.to_owned(),
                repeated: state.to_owned(),
                challenge: challenge.map(str::to_owned),
                people,
                nonce: secret(house),
                verifier: secret(house),
                expires_s: house.now_s() + 2 * SIGN_IN_PAGE_S_MAX,
            },
            issuer,
        ))
    }

    /// The state that a person comes back with.
    pub(crate) fn open(house: &House, sealed: &str) -> Option<Self> {
        let state: Self = house.tokens.open(PURPOSE, sealed)?;
        (state.expires_s >= house.now_s()).then_some(state)
    }

    /// Sends the person back to the client.
    pub(crate) fn answer(&self, words: &[(&str, &str)]) -> Reply {
        let state = ("state", self.repeated.as_str());
        back(&self.redirect_uri, words.iter().copied().chain([state]))
    }
}

/// What a client wants to be asked to prove. One that cannot keep a secret has nothing else.
fn challenge<'a>(query: &'a Form, client: &Client) -> Result<Option<&'a str>, Declined> {
    match (query.get("code_challenge"), query.get("code_challenge_method")) {
        (None, None) if client.public => {
            Err(Declined("invalid_request", "code_challenge is missing"))
        }
        (None, None) => Ok(None),
        (Some(challenge), Some(pkce::S256)) if pkce::is_challenge(challenge) => Ok(Some(challenge)),
        (Some(_), Some(pkce::S256)) => {
            Err(Declined("invalid_request", "code_challenge is no SHA-256 in base64url"))
        }
        _ => Err(Declined("invalid_request", "code_challenge_method must be S256")),
    }
}

async fn send_to_sign_in(house: &House, state: &State, issuer: &Issuer) -> Answer {
    let endpoint = issuer.endpoints(house.now_s()).await?.authorization_endpoint;
    let sealed = house.tokens.seal(PURPOSE, state).ok_or_else(unavailable)?;
    let scope = match state.people {
        People::Staff => "openid profile nhsperson nationalrbacaccess",
        People::Patients => "openid profile",
    };
    Ok(back(
        &endpoint,
        [
            ("response_type", "code"),
            ("client_id", &issuer.settings.client_id),
            ("redirect_uri", &callback_url(house)),
            ("scope", scope),
            ("state", &sealed),
            ("nonce", &state.nonce),
            ("code_challenge", &pkce::challenge(&state.verifier)),
            ("code_challenge_method", pkce::S256),
        ],
    ))
}

/// Where sign-in services send people back to.
pub(crate) fn callback_url(house: &House) -> String {
    format!("{}{BASE}/callback", house.origin)
}

/// Sends a person to a place, with words for whoever is there.
fn back<'a>(place: &str, words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Reply {
    let mark = if place.contains('?') { '&' } else { '?' };
    Reply::empty(StatusCode::FOUND)
        .with(LOCATION, &format!("{place}{mark}{}", write_form(words)))
        .with(CACHE_CONTROL, "no-store")
        .with(REFERRER_POLICY, "no-referrer")
}

/// 256 bits that nobody guesses, in hexadecimal digits: as long as a verifier may be.
pub(crate) fn secret(house: &House) -> String {
    let mut chance = [0; 32];
    house.dice.fill(&mut chance);
    hex(&chance)
}
