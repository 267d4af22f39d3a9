//! From an ID token, which a client got when it signed a person in by itself, to tokens.
//!
//! Clause: RFC 8693 section 2.

use base::Fault;
use serde_json::Value;
use service::{Answer, Form, Request};

use crate::House;
use crate::client_credentials::to_nobody_else;
use crate::client_proof;
use crate::faults::invalid_request;
use crate::id_token::{self, Wanted};
use crate::person::Person;
use crate::session::Session;

const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Answers a client that exchanges an ID token.
pub(crate) async fn token_exchange(house: &House, request: &Request, form: &Form) -> Answer {
    let subject = subject(form)?;
    if form.get("client_assertion").is_none() {
        return Err(invalid_request("client_assertion is missing"));
    }
    let known = client_proof::prove(house, request, form).await?;
    let client = &known.client;
    // An ID token that was made for another client is not this one's to exchange.
    let audiences: Vec<&str> =
        [&client.id].into_iter().chain(&client.audiences).map(String::as_str).collect();
    let wanted =
        Wanted { name: "subject_token", types: &["JWT"], audiences: &audiences, expires: true };
    let (jws, issuer) = id_token::check(house, subject, &wanted).await?;
    let settings = &issuer.settings;
    let person = Person::read(settings.people, &settings.url, &jws.claims, house.now_s())?;
    known.spend(house).await?;
    let session = Session::begin(house.dice.uuid().to_string(), client.id.clone(), person);
    let mut body = session.issue(house, request, client, None).await?;
    if let Value::Object(body) = &mut body {
        body.insert("issued_token_type".into(), ACCESS_TOKEN.into());
    }
    Ok(to_nobody_else(body.to_string()))
}

fn subject(form: &Form) -> Result<&str, Fault> {
    match form.get("subject_token_type") {
        None => return Err(invalid_request("subject_token_type is missing")),
        Some(ID_TOKEN) => {}
        Some(_) => {
            return Err(invalid_request(format!("subject_token_type must be {ID_TOKEN}")));
        }
    }
    if form.get("requested_token_type").is_some_and(|wanted| wanted != ACCESS_TOKEN) {
        return Err(invalid_request(format!("requested_token_type must be {ACCESS_TOKEN}")));
    }
    if form.get("actor_token").is_some() {
        return Err(invalid_request("actor_token is not taken"));
    }
    form.get("subject_token").ok_or_else(|| invalid_request("subject_token is missing"))
}
