//! How the API words what goes wrong: an OAuth error (RFC 6749 section 5.2) with a `message_id`.
//! The only place where a fault becomes bytes.

use base::{Dice, Fault, Kind};
use http::header::CACHE_CONTROL;
use http::{Method, StatusCode};
use security::{Caller, Refusal};
use serde_json::{Value, json};
use service::{Interaction, Reply, Style};

use crate::faults::{self, row_of};

/// The media type of everything that the API says.
pub(crate) const JSON: &str = "application/json";

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    forbidden: not_allowed,
    unknown_path: |_| Fault::new(Kind::NotFound, "UNKNOWN_PATH", ""),
    unknown_method,
    too_many: |excess| service::too_many("TOO_MANY", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "TOO_SLOW", what).retry_after(5),
    too_large: |what| Fault::new(Kind::Incorrect, "TOO_LARGE", what),
    broken_off: |what| faults::invalid_request(what),
    mirrored: &["x-request-id", "x-correlation-id"],
    cors_headers: "origin, accept, content-type, x-request-id, x-correlation-id",
    media_types: &[JSON],
    schema,
};

fn render(fault: &Fault) -> Reply {
    let row = row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let description = if fault.public().is_empty() { row.display } else { fault.public() };
    // It is no secret and decides nothing: it lets two people find one line of a log.
    let message_id = Dice::System.uuid().to_string();
    tracing::info!(message_id, refused = row.id, "no token");
    let body = json!({
        "error": row.code,
        "error_description": description,
        "message_id": message_id,
    });
    Reply::new(status, JSON, body.to_string()).with(CACHE_CONTROL, "no-store")
}

fn unauthenticated(_: &Refusal) -> Fault {
    Fault::new(Kind::Unauthenticated, "API_KEY", "")
}

fn not_allowed(_: &Caller, _: &Interaction) -> Fault {
    faults::unauthorized_client("")
}

fn unknown_method(method: &Method) -> Fault {
    Fault::new(Kind::Unsupported, "UNKNOWN_METHOD", format!("{method} is not for this path"))
}

fn schema() -> Value {
    json!({ "$ref": "#/components/schemas/Error" })
}
