//! Whether the house is well, for whoever watches over it.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

/// Something that can be well or not, and says why not.
type Check = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// Whether the house is well.
#[derive(Clone)]
pub struct Health {
    check: Check,
}

impl Health {
    /// A house that is as well as a check says.
    pub fn new(check: impl Fn() -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self { check: Arc::new(check) }
    }

    /// 200 when well, 503 with the reason when not.
    pub(crate) fn answer(&self) -> Response {
        let (status, body) = match (self.check)() {
            Ok(()) => (StatusCode::OK, serde_json::json!({ "status": "pass" })),
            Err(why) => (
                StatusCode::SERVICE_UNAVAILABLE,
                serde_json::json!({ "status": "fail", "why": why }),
            ),
        };
        let json = HeaderValue::from_static("application/health+json");
        (status, [(CONTENT_TYPE, json)], body.to_string()).into_response()
    }
}
