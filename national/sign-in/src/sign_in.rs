//! `POST /authorize`: a person says who they are. The client gets a code.
//!
//! Clause: OpenID Connect Core sections 3.1.2.3 to 3.1.2.6.

use http::StatusCode;
use http::header::RETRY_AFTER;
use service::{Answer, Form, Request};

use crate::House;
use crate::code::Code;
use crate::page::{SignIn, notice, send_to, show};
use crate::user::proved;
use crate::waiting::{Waiting, cookie_of};

/// Answers `POST /authorize`.
pub(crate) async fn sign_in(house: House, request: Request) -> Answer {
    let form = Form::read(&request).ok();
    let field = |name: &str| form.as_ref().and_then(|form| form.get(name)).unwrap_or_default();
    let (sealed, cookie) = (field("request"), cookie_of(&request).unwrap_or_default());
    let Some(waiting) = Waiting::open(&house, sealed, &cookie) else {
        let text = "This page is too old, or was not opened in this browser. \
            Go back to where you came from and start again.";
        return notice(&house, StatusCode::BAD_REQUEST, "Start again", text);
    };
    let (name, level) = (field("sign_in"), field("level"));
    let again = |status, problem: &str| {
        let page = SignIn::new(&house, &waiting.client, sealed);
        show(status, &SignIn { problem, typed: name, level, ..page })
    };
    if let Some(wait_s) = house.throttle.wait_s(name) {
        let problem = format!("Too many wrong attempts. Try again in {wait_s} seconds.");
        let page = again(StatusCode::TOO_MANY_REQUESTS, &problem)?;
        return Ok(page.with(RETRY_AFTER, &wait_s.to_string()));
    }
    let Some(user) = proved(&house.given.users, name, field("secret")) else {
        house.throttle.failed(name);
        return again(StatusCode::UNAUTHORIZED, "The name or the secret is wrong.");
    };
    house.throttle.succeeded(name);
    let wanted = if level.is_empty() { &user.level } else { level };
    if !house.given.issuer.is_within(wanted, &user.level) {
        let problem = format!("This person can be signed in at {} at most.", user.level);
        return again(StatusCode::FORBIDDEN, &problem);
    }
    let code = Code::new(&house, waiting.clone(), user, wanted);
    let Some(sealed) = code.seal(&house) else {
        return again(StatusCode::BAD_REQUEST, "The request is too long.");
    };
    // 303, so that the browser does not send the secret along.
    Ok(send_to(StatusCode::SEE_OTHER, &waiting.place(&house, &[("code", &sealed)])))
}
