//! `GET /userinfo`: what is known of the person who signed in.
//!
//! Clause: OpenID Connect Core section 5.3.

use base::{Fault, Kind};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::Value;
use service::{Answer, Reply, Request};

use crate::style::JSON;
use crate::token::{Access, PURPOSE};
use crate::{House, id_token};

/// Answers `GET /userinfo`.
pub(crate) async fn userinfo(house: House, request: Request) -> Answer {
    let refused = || Fault::new(Kind::Unauthenticated, "INVALID_TOKEN", "");
    let header = request.header(http::header::AUTHORIZATION.as_str()).ok_or_else(refused)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let access: Option<Access> = house.given.seals.open(&house.purpose(PURPOSE), token.trim());
    let access = access.filter(|it| it.expires_s > house.now_s()).ok_or_else(refused)?;
    let user = house.given.users.iter().find(|user| user.sign_in == access.sign_in);
    let body = Value::Object(id_token::about(user.ok_or_else(refused)?));
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()).with(CACHE_CONTROL, "no-store"))
}
