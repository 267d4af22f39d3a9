//! `GET /callback`: a person comes back from a sign-in service. The client gets a code.
//!
//! Clauses: RFC 6749 section 4.1.2, OpenID Connect Core section 3.1.3, RFC 9207.

use base::Fault;
use service::{Answer, Form, Request};

use crate::authorization_code::Code;
use crate::authorize::{State, callback_url};
use crate::client::Client;
use crate::faults::{invalid_request, unavailable};
use crate::id_token::{self, Wanted};
use crate::person::Person;
use crate::{House, Issuer, People, form};

/// What is told to the client when the sign-in came to nothing.
const DENIED: &[(&str, &str)] =
    &[("error", "access_denied"), ("error_description", "the person was not signed in")];

/// Answers `GET /callback`.
pub(crate) async fn callback(house: House, request: Request) -> Answer {
    let query = form::query(&request)?;
    let state = query.get("state").ok_or_else(|| invalid_request("state is missing"))?;
    let not_good = || invalid_request("the state is not good, or not good any more");
    let state = State::open(&house, state).ok_or_else(not_good)?;
    let issuer = house.issuers.iter().find(|it| it.settings.people == state.people);
    let issuer = issuer.ok_or_else(not_good)?;
    // An answer of another issuer's is not for this question.
    if query.get("iss").is_some_and(|iss| iss != issuer.settings.url) {
        return Err(invalid_request("the answer is from another sign-in service"));
    }
    if !house.first("sign-in state", &state.id, state.expires_s).await? {
        return Err(not_good());
    }
    let person = match person(&house, issuer, &state, &query).await {
        Ok(Some(person)) => person,
        Ok(None) => return Ok(state.answer(DENIED)),
        Err(fault) => {
            tracing::info!(why = fault.code(), "a sign-in came to nothing");
            return Ok(state.answer(DENIED));
        }
    };
    let client = Client::find(&house.store, &state.client)?.ok_or_else(not_good)?;
    if person.scopes(&client).is_empty() {
        let why = "the client is registered for no API at this level of sign-in";
        let words = [("error", "unauthorized_client"), ("error_description", why)];
        return Ok(state.answer(&words));
    }
    let code = Code::new(&house, &state, person).seal(&house).ok_or_else(unavailable)?;
    Ok(state.answer(&[("code", &code)]))
}

/// Who signed in; nobody when the sign-in service says that they did not.
async fn person(
    house: &House,
    issuer: &Issuer,
    state: &State,
    query: &Form,
) -> Result<Option<Person>, Fault> {
    let Some(code) = query.get("code") else { return Ok(None) };
    let now_s = house.now_s();
    let place = callback_url(house);
    let redeemed = issuer.redeem(code, &state.verifier, &place, now_s).await?;
    let audience = issuer.settings.client_id.as_str();
    let wanted =
        Wanted { name: "id_token", types: &["JWT"], audiences: &[audience], expires: true };
    let (jws, by) = id_token::check(house, &redeemed.id_token, &wanted).await?;
    if by.settings.url != issuer.settings.url {
        return Err(invalid_request("the id_token is from another sign-in service"));
    }
    if jws.text("nonce") != Some(state.nonce.as_str()) {
        return Err(invalid_request("the id_token is for another sign-in"));
    }
    let person = Person::read(state.people, &issuer.settings.url, &jws.claims, now_s)?;
    if state.people == People::Patients {
        return Ok(Some(person));
    }
    let info = issuer.user_info(&redeemed, now_s).await?;
    Ok(Some(match info {
        Some(info) => person.with_info(&info),
        None => person,
    }))
}
