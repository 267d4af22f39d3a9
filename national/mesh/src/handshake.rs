//! `POST` and `GET /{mailbox}`: does my token work? To be asked once a day.

use http::StatusCode;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::house::House;
use crate::validation::Wrong;
use crate::version::{JSON, Version};

/// What a client must say of itself.
pub(crate) const REQUIRED: [&str; 3] = ["mex-clientversion", "mex-osname", "mex-osversion"];

/// Answers `POST /{mailbox}`.
pub(crate) async fn handshake(_: House, request: Request) -> Answer {
    let mut wrong = Wrong::default();
    for name in REQUIRED.iter().filter(|name| !request.headers.contains_key(**name)) {
        wrong.missing(("header", name));
    }
    wrong.done()?;
    let version = Version::of(&request.headers)?;
    tracing::info!(mailbox = request.caller.client, "handshake");
    Ok(match version {
        Version::One => {
            let body = json!({ "mailboxId": request.caller.client });
            Reply::new(StatusCode::OK, JSON, body.to_string())
        }
        Version::Two => Reply::empty(StatusCode::OK),
    })
}
