//! `GET /_ping` and `GET /_status`: is anybody there?

use http::StatusCode;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::style::JSON;
use crate::{House, SERVICE};

/// Answers `GET /_ping`.
pub(crate) async fn ping(_house: House, _request: Request) -> Answer {
    let body = json!({ "version": env!("CARGO_PKG_VERSION"), "service": SERVICE });
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()))
}

/// Answers `GET /_status`: like a ping, and says whether the store answers.
pub(crate) async fn status(house: House, _request: Request) -> Answer {
    let word = if house.store.audit().head().is_ok() { "pass" } else { "fail" };
    let body = json!({
        "status": word,
        "version": env!("CARGO_PKG_VERSION"),
        "checks": { "store": [{ "status": word }] },
    });
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()))
}
