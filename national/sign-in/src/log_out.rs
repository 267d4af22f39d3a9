//! `GET /log-out`: a session ends, and the house's token service is told, which then takes back
//! every token that came of it.
//!
//! Clauses: OpenID Connect RP-Initiated Logout section 2, Back-Channel Logout section 2.5.

use std::time::Duration;

use base::limit::{FETCH_S_MAX, JWKS_BYTES_MAX};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use security::KeySet;
use security::jws::Jws;
use serde_json::json;
use service::form::FORM;
use service::{Answer, BodyStream, Form, Onward, Request, write_form};

use crate::page::notice;
use crate::{House, id_token};

/// Answers `GET /log-out`.
pub(crate) async fn log_out(house: House, request: Request) -> Answer {
    let query = Form::query(&request).ok();
    let hint = query.as_ref().and_then(|query| query.get("id_token_hint"));
    let Some(session) = hint.and_then(|hint| session(&house, hint)) else {
        let text = "The id_token_hint is missing, or no ID token of this issuer's.";
        return notice(&house, StatusCode::BAD_REQUEST, "Nobody was signed out", text);
    };
    let claims = id_token::logout_claims(&house, &house.given.exchange.id, &session);
    let token = id_token::sign(&house, &claims, "logout+jwt")?;
    if tell(&house, &token).await {
        let text = "Access that was given in this session has ended.";
        return notice(&house, StatusCode::OK, "You are signed out", text);
    }
    let text = "The exchange does not know this session.";
    notice(&house, StatusCode::OK, "You are signed out here", text)
}

/// The session of an ID token that this issuer signed, also when the token has expired.
fn session(house: &House, hint: &str) -> Option<String> {
    let issuer = house.given.issuer;
    let jws = Jws::parse(hint).ok()?;
    let jwks = json!({ "keys": [house.given.key.jwk_for(issuer.kid(), issuer.algorithm())] });
    let keys = KeySet::parse(jwks.to_string().as_bytes()).ok()?;
    keys.verify(&jws, &[issuer.algorithm()]).ok()?;
    let ours = jws.text("iss") == Some(house.url().as_str()) && jws.text("token_use") == Some("id");
    jws.text("sid").filter(|_| ours).map(str::to_owned)
}

/// Tells the token service; whether it took back what it had given.
async fn tell(house: &House, token: &str) -> bool {
    let Some((url, relay)) = &house.given.logout else { return false };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    let returned = relay(Onward {
        url: url.clone(),
        private: true,
        method: Method::POST,
        headers,
        body: BodyStream::from(bytes::Bytes::from(write_form([("logout_token", token)]))),
        wait: Duration::from_secs(FETCH_S_MAX),
        bytes_max: JWKS_BYTES_MAX,
    });
    returned.await.is_ok_and(|returned| returned.status == StatusCode::OK)
}
