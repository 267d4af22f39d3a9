//! `GET /_ping`, `GET /deepping` and `POST /{mailbox}/update`: is anybody there, and is there a
//! newer client? There is none: this exchange hands out no programs.

use http::StatusCode;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::faults::from_store;
use crate::house::House;
use crate::version::JSON;

/// Answers `GET /_ping`.
pub(crate) async fn ping(_: House, _: Request) -> Answer {
    Ok(running())
}

/// Answers `GET /deepping`: like a ping, and asks the store as well.
pub(crate) async fn deepping(house: House, _: Request) -> Answer {
    house.store().audit().head().map_err(from_store)?;
    Ok(running())
}

/// Answers `POST /{mailbox}/update`.
pub(crate) async fn update(_: House, _: Request) -> Answer {
    Ok(Reply::empty(StatusCode::OK))
}

fn running() -> Reply {
    let body = json!({
        "env": "vertebra",
        "build_label": env!("CARGO_PKG_VERSION"),
        "status": "running",
        "outcome": "Yes",
    });
    Reply::new(StatusCode::OK, JSON, body.to_string())
}
