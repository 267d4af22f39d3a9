//! How an issuer words what goes wrong: an OAuth error (RFC 6749 section 5.2). People get pages;
//! those are made in [`page`](crate::page).

use base::{Fault, Kind};
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use security::{Caller, Refusal};
use serde_json::{Value, json};
use service::{Interaction, Reply, Style, too_many};

use crate::faults::{invalid_request, row_of};

/// The media type of what is said to programs.
pub(crate) const JSON: &str = "application/json";

/// How an issuer words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    forbidden: not_allowed,
    unknown_path: |_| Fault::new(Kind::NotFound, "UNKNOWN_PATH", ""),
    unknown_method,
    too_many: |excess| too_many("TOO_MANY", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "TOO_SLOW", what).retry_after(5),
    too_large: |what| Fault::new(Kind::Incorrect, "TOO_LARGE", what),
    broken_off: |what| invalid_request(what),
    mirrored: &[],
    cors_headers: "",
    media_types: &[JSON],
    schema,
};

fn render(fault: &Fault) -> Reply {
    let row = row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let description = if fault.public().is_empty() { row.display } else { fault.public() };
    let body = json!({ "error": row.code, "error_description": description });
    let reply = Reply::new(status, JSON, body.to_string()).with(CACHE_CONTROL, "no-store");
    match row.id {
        "INVALID_TOKEN" => reply.with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""),
        "INVALID_CLIENT" => reply.with(WWW_AUTHENTICATE, "Basic realm=\"sign-in\""),
        _ => reply,
    }
}

fn unauthenticated(_: &Refusal) -> Fault {
    Fault::new(Kind::Unauthenticated, "INVALID_TOKEN", "")
}

fn not_allowed(_: &Caller, _: &Interaction) -> Fault {
    Fault::new(Kind::Unauthenticated, "INVALID_TOKEN", "")
}

fn unknown_method(method: &Method) -> Fault {
    Fault::new(Kind::Unsupported, "UNKNOWN_METHOD", format!("{method} is not for this path"))
}

fn schema() -> Value {
    json!({ "$ref": "#/components/schemas/Error" })
}
