//! From the code that a client got when a person came back, to tokens.
//!
//! Clauses: RFC 6749 sections 4.1.3 and 10.5, RFC 7636 section 4.6.

use base::limit::CODE_S_MAX;
use security::pkce;
use serde::{Deserialize, Serialize};
use service::{Answer, Form, Request};

use crate::authorize::{State, secret};
use crate::client_credentials::to_nobody_else;
use crate::client_proof;
use crate::faults::{invalid_grant, invalid_request};
use crate::person::Person;
use crate::session::Session;
use crate::{House, People};

const PURPOSE: &str = "code";
const NOT_GOOD: &str = "the code is not good, or not good any more";

/// What a code stands for.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Code {
    id: String,
    client: String,
    redirect_uri: String,
    challenge: Option<String>,
    person: Person,
    session: String,
    expires_s: i64,
}

impl Code {
    /// A code for the person who came back with a state.
    pub(crate) fn new(house: &House, state: &State, person: Person) -> Self {
        Self {
            id: secret(house),
            client: state.client.clone(),
            redirect_uri: state.redirect_uri.clone(),
            challenge: state.challenge.clone(),
            person,
            session: house.dice.uuid().to_string(),
            expires_s: house.now_s() + CODE_S_MAX,
        }
    }

    /// The code as the client gets it.
    pub(crate) fn seal(&self, house: &House) -> Option<String> {
        house.tokens.seal(PURPOSE, self)
    }

    fn open(house: &House, sealed: &str) -> Option<Self> {
        house.tokens.open(PURPOSE, sealed)
    }

    /// Whether whoever redeems the code is who asked for it. A proof where none was asked for is
    /// refused as well: somebody took the question away on the way (RFC 9700 section 2.1.1).
    fn is_proved_by(&self, verifier: Option<&str>) -> bool {
        match (&self.challenge, verifier) {
            (Some(challenge), Some(verifier)) => pkce::proves(verifier, challenge),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Answers a client that redeems a code.
pub(crate) async fn authorization_code(house: &House, request: &Request, form: &Form) -> Answer {
    let sealed = form.get("code").ok_or_else(|| invalid_request("code is missing"))?;
    let place = form.get("redirect_uri");
    let place = place.ok_or_else(|| invalid_request("redirect_uri is missing"))?;
    let known = client_proof::prove(house, request, form).await?;
    let code = Code::open(house, sealed).filter(|code| code.client == known.client.id);
    let not_good = || invalid_grant(NOT_GOOD).failed_credential(&known.client.id);
    let code = code.ok_or_else(not_good)?;
    if code.expires_s <= house.now_s() {
        return Err(not_good());
    }
    if code.redirect_uri != place {
        return Err(invalid_grant("redirect_uri is not the one that the code was sent to"));
    }
    if !code.is_proved_by(form.get("code_verifier")) {
        let why = "the code_verifier does not fit the code_challenge";
        return Err(invalid_grant(why).failed_credential(&known.client.id));
    }
    known.spend(house).await?;
    let session = Session::begin(code.session, known.client.id.clone(), code.person);
    if !house.first("authorisation code", &code.id, code.expires_s).await? {
        // Somebody has it who should not: nothing that came of it is good any more.
        session.revoke(house).await?;
        return Err(not_good());
    }
    // What the person may be asked about at `/userinfo` is with the house that signed them in.
    let more = (session.person.people == People::Staff).then_some("openid");
    let body = session.issue(house, request, &known.client, more).await?;
    Ok(to_nobody_else(body.to_string()))
}
