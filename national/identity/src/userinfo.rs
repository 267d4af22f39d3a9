//! `GET /userinfo`: who the health worker is that an access token stands for.
//!
//! Clause: OpenID Connect Core section 5.3; the claims are the national ones.

use base::{Fault, Kind};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use security::{AccessToken, Refusal, Role};
use serde_json::{Value, json};
use service::{Answer, Reply, Request};

use crate::House;
use crate::faults::invalid_request;
use crate::style::JSON;

/// Answers `GET /userinfo`.
pub(crate) async fn userinfo(house: House, request: Request) -> Answer {
    let token = bearer(&house, &request)?;
    if !token.scopes.iter().any(|scope| scope == "openid") {
        let why = "the access token is not of a health worker who was signed in here";
        return Err(invalid_request(why));
    }
    let body = json!({
        "sub": token.user,
        "nhsid_useruid": token.user,
        "nhsid_nrbac_roles": token.roles.iter().map(role).collect::<Vec<_>>(),
    });
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()).with(CACHE_CONTROL, "no-store"))
}

fn bearer(house: &House, request: &Request) -> Result<AccessToken, Fault> {
    let refused = |why: &str| Fault::new(Kind::Unauthenticated, "ACCESS_TOKEN", why);
    let header = request.header(http::header::AUTHORIZATION.as_str());
    let (scheme, token) = header
        .and_then(|header| header.split_once(' '))
        .ok_or_else(|| refused("the access token is missing"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused("the access token is missing"));
    }
    house.tokens.check(token.trim()).map_err(|refusal| match refusal {
        Refusal::Expired => refused("the access token has expired"),
        _ => refused("the access token is not good"),
    })
}

fn role(role: &Role) -> Value {
    json!({
        "person_roleid": role.id,
        "org_code": role.organisation,
        "role_code": role.code,
        "activity_codes": role.activities,
    })
}
