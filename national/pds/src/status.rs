//! `GET /_ping` and `GET /_status`: is anybody there?

use std::sync::Arc;

use http::StatusCode;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::{House, SERVICE};

/// Answers `GET /_ping`.
pub(crate) async fn ping(_house: House, _request: Arc<Request>) -> Answer {
    let body = json!({ "version": env!("CARGO_PKG_VERSION"), "service": SERVICE });
    Ok(Reply::new(StatusCode::OK, "application/json", body.to_string()))
}

/// Answers `GET /_status`: like a ping, and says whether the store answers.
pub(crate) async fn status(house: House, _request: Arc<Request>) -> Answer {
    let well = house.store.audit().head().is_ok();
    let word = if well { "pass" } else { "fail" };
    let body = json!({
        "status": word,
        "version": env!("CARGO_PKG_VERSION"),
        "checks": { "store": [{ "status": word }] },
    });
    Ok(Reply::new(StatusCode::OK, "application/json", body.to_string()))
}

#[cfg(test)]
mod tests;
