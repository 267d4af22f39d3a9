//! `POST /backchannel_logout`: a sign-in service says that somebody signed out. Every token that
//! came of that sign-in counts no more.
//!
//! Clause: OpenID Connect Back-Channel Logout section 2.

use base::limit::WORKER_REFRESHES_S_MAX;
use base::{Fault, Kind};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::Value;
use service::{Answer, Reply, Request};

use crate::faults::invalid_request;
use crate::id_token::{self, Wanted};
use crate::session::{SIGN_IN, end};
use crate::{House, form, person};

/// What a logout token is about.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Answers `POST /backchannel_logout`.
pub(crate) async fn log_out(house: House, request: Request) -> Answer {
    let form = form::body(&request)?;
    let token = form.get("logout_token");
    let token = token.ok_or_else(|| invalid_request("logout_token is missing"))?;
    let audiences: Vec<&str> =
        house.issuers.iter().map(|issuer| issuer.settings.client_id.as_str()).collect();
    let wanted = Wanted {
        name: "logout_token",
        types: &["logout+jwt", "JWT"],
        audiences: &audiences,
        expires: false,
    };
    let checked = id_token::check(&house, token, &wanted).await;
    // Whatever is wrong with it, the answer is 400 (section 2.8), but when we are at fault.
    let (jws, issuer) = checked.map_err(|fault| match fault.kind() {
        Kind::Unauthenticated => invalid_request(fault.public()),
        _ => fault,
    })?;
    let event = jws.claims.get("events").and_then(|events| events.get(EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err(invalid_request("the logout_token is about another event"));
    }
    // An ID token must never pass for one.
    if jws.claims.contains_key("nonce") {
        return Err(invalid_request("the logout_token has a nonce"));
    }
    if !jws.claims.contains_key("iat") {
        return Err(invalid_request("the logout_token has no iat"));
    }
    let sid = jws.text("sid").ok_or_else(|| invalid_request("the logout_token has no sid"))?;
    let sign_in = person::sign_in(&issuer.settings.url, sid);
    if !house.store.spent().is_spent(SIGN_IN, &sign_in) {
        return Err(Fault::new(Kind::Unsupported, "UNKNOWN_SID", "the sid is not known"));
    }
    end(&house, &sign_in, house.now_s() + WORKER_REFRESHES_S_MAX).await?;
    Ok(Reply::empty(StatusCode::OK).with(CACHE_CONTROL, "no-store"))
}
