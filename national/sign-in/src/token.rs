//! `POST /token`: the client redeems its code and learns who signed in.
//!
//! Clause: OpenID Connect Core section 3.1.3.

use base::{Fault, Kind};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{Answer, Form, NoForm, Reply, Request};

use crate::authorize::client;
use crate::code::Code;
use crate::faults::{invalid_client, invalid_grant, invalid_request};
use crate::style::JSON;
use crate::{House, client as clients, id_token};

/// How long an access token for the user info is good, in seconds.
const LIFE_S: i64 = 300;
/// What such a token is sealed for.
pub(crate) const PURPOSE: &str = "access";

/// What an access token of an issuer says: whose user info it opens.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Access {
    pub(crate) sign_in: String,
    pub(crate) expires_s: i64,
}

/// Answers `POST /token`.
pub(crate) async fn token(house: House, request: Request) -> Answer {
    let form = Form::read(&request).map_err(|why| match why {
        NoForm::MediaType => Fault::new(Kind::Unsupported, "NO_FORM", why.to_string()),
        _ => invalid_request(why.to_string()),
    })?;
    match form.get("grant_type") {
        Some("authorization_code") => {}
        Some(_) => {
            let why = "grant_type must be authorization_code";
            return Err(Fault::new(Kind::Incorrect, "UNSUPPORTED_GRANT", why));
        }
        None => return Err(invalid_request("grant_type is missing")),
    }
    let (id, secret) = clients::given(&request, &form);
    let client = client(&house, id.as_deref())?.ok_or_else(invalid_client)?;
    let code = form.get("code").ok_or_else(|| invalid_request("code is missing"))?;
    let code = Code::open(&house, code).filter(|code| code.asked.client == client.id);
    let challenge = code.as_ref().and_then(|code| code.asked.challenge.clone());
    client.prove(secret.as_deref(), form.get("code_verifier"), challenge.as_deref())?;
    let not_good = || invalid_grant("the code is not good, or not good any more");
    let code = code.ok_or_else(not_good)?;
    if form.get("redirect_uri") != Some(code.asked.redirect_uri.as_str()) {
        return Err(invalid_grant("the redirect_uri is not the one that the code was sent to"));
    }
    let user = house.given.users.iter().find(|user| user.sign_in == code.sign_in);
    let user = user.ok_or_else(not_good)?;
    if !code.spend(&house).await? {
        return Err(not_good());
    }
    let access = Access { sign_in: user.sign_in.clone(), expires_s: house.now_s() + LIFE_S };
    let too_long = || Fault::broken("BROKEN", "what is known of a person is too long for a token");
    let access = house.given.seals.seal(&house.purpose(PURPOSE), &access).ok_or_else(too_long)?;
    let id_token = id_token::sign(&house, &id_token::claims(&house, &code, user), "JWT")?;
    let body = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": LIFE_S,
        "id_token": id_token,
        "scope": "openid",
    });
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()).with(CACHE_CONTROL, "no-store"))
}
