//! What goes wrong, as a problem of <https://www.rfc-editor.org/rfc/rfc9457>: the way in which the
//! APIs word it that no standard of their own tells how.
//!
//! Their tables of faults share the rows `unauthenticated`, `forbidden`, `unknown-path`,
//! `unknown-method`, `too-slow`, `too-large`, `too-many` and `broken`.

use base::{Fault, Kind};
use http::header::WWW_AUTHENTICATE;
use http::{Method, StatusCode};
use security::{Caller, Refusal};
use serde_json::{Value, json};

use crate::declaration::{FaultRow, Interaction, Severity};
use crate::{Reply, Style, too_many};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A row of a table of faults, which callers see under its own name.
pub const fn row(id: &'static str, status: u16, display: &'static str) -> FaultRow {
    FaultRow { id, status, code: id, display, issue: "", severity: Severity::Error }
}

/// A style in these words. What depends on the table, `render`, and what its bodies are called
/// when they break off, is the API's own.
pub const fn style(render: fn(&Fault, &str) -> Reply, broken_off: fn(&str) -> Fault) -> Style {
    Style {
        render,
        unauthenticated,
        forbidden,
        unknown_path: |_| Fault::new(Kind::NotFound, "unknown-path", ""),
        unknown_method,
        too_many: |excess| too_many("too-many", excess),
        too_slow: |what| Fault::new(Kind::Interrupted, "too-slow", what).retry_after(5),
        too_large: |what| Fault::new(Kind::Incorrect, "too-large", what),
        broken_off,
        mirrored: &["x-request-id", "x-correlation-id"],
        cors_headers: "authorization, accept, x-request-id, x-correlation-id",
        media_types: &[MEDIA_TYPE],
        schema: || json!({ "$ref": "#/components/schemas/Problem" }),
    }
}

/// The JSON Schema of a problem, for `components/schemas/Problem`.
pub fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": { "const": "about:blank" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "Which problem it is; stable." },
            "detail": { "type": "string" },
        },
    })
}

/// Writes a fault as a problem. `type` is `about:blank`: the status says what kind it is, and
/// `code` which row of the table. A fault that has none there is the house's.
pub fn render(fault: &Fault, table: &[FaultRow]) -> Reply {
    const BROKEN: FaultRow = row("broken", 500, "The house is at fault.");
    let row = table.iter().find(|row| row.id == fault.code()).unwrap_or(&BROKEN);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let detail = if fault.public().is_empty() { row.display } else { fault.public() };
    let problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": row.status,
        "code": row.code,
        "detail": detail,
    });
    let reply = Reply::new(status, MEDIA_TYPE, problem.to_string());
    if status == StatusCode::UNAUTHORIZED { reply.with(WWW_AUTHENTICATE, "Bearer") } else { reply }
}

/// The fault for a caller who is not let in.
pub fn unauthenticated(refusal: &Refusal) -> Fault {
    let why = match refusal {
        Refusal::Missing | Refusal::Empty | Refusal::NoToken | Refusal::NoKey => {
            "there is no bearer token"
        }
        Refusal::WrongScheme(_) => "the credentials are no bearer token",
        Refusal::Invalid | Refusal::InvalidKey => "nobody knows the token",
        Refusal::Expired => "the token has expired",
        Refusal::OtherApi => "the token is for other APIs",
    };
    Fault::new(Kind::Unauthenticated, "unauthenticated", why)
}

/// The fault for a caller who may not use an interaction.
pub fn forbidden(caller: &Caller, interaction: &Interaction) -> Fault {
    let why = format!("{} is not for a {}", interaction.name, caller.mode.name());
    Fault::new(Kind::Forbidden, "forbidden", why)
}

/// The fault for a method that a path does not take.
pub fn unknown_method(method: &Method) -> Fault {
    Fault::new(Kind::Unsupported, "unknown-method", format!("the path does not take {method}"))
}
