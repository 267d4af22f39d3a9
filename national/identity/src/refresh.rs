//! From a refresh token to new tokens. Each is good once; who brings one again brings the session
//! to its end, since one of two has stolen it.
//!
//! Clauses: RFC 6749 section 6, RFC 9700 section 4.14.2.

use base::{Fault, Kind};
use service::{Answer, Form, Request};

use crate::House;
use crate::client_credentials::to_nobody_else;
use crate::client_proof;
use crate::faults::invalid_request;
use crate::session::{Session, over};

/// Answers a client that brings a refresh token.
pub(crate) async fn refresh(house: &House, request: &Request, form: &Form) -> Answer {
    let sealed = form.get("refresh_token");
    let sealed = sealed.ok_or_else(|| invalid_request("refresh_token is missing"))?;
    let known = client_proof::prove(house, request, form).await?;
    let found = Session::of_refresh_token(house, sealed);
    let (id, session) = found
        .filter(|(_, it)| it.client == known.client.id)
        .ok_or_else(|| invalid(&known.client.id))?;
    if session.is_revoked(house) {
        return Err(invalid(&known.client.id));
    }
    if session.person.until_s() <= house.now_s() {
        return Err(over());
    }
    known.spend(house).await?;
    if !house.first("refresh token", &id, session.person.until_s()).await? {
        session.revoke(house).await?;
        return Err(invalid(&known.client.id));
    }
    let more = session.openid.then_some("openid");
    let body = session.next().issue(house, request, &known.client, more).await?;
    Ok(to_nobody_else(body.to_string()))
}

fn invalid(client: &str) -> Fault {
    let why = "refresh_token is invalid";
    Fault::new(Kind::Unauthenticated, "REFUSED_GRANT", why).failed_credential(client)
}
