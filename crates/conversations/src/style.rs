//! How the API words what goes wrong: as problems of RFC 9457. The only place where a fault
//! becomes bytes.

use base::{Fault, Kind};
use http::header::WWW_AUTHENTICATE;
use http::{Method, StatusCode};
use security::{Caller, Refusal};
use serde_json::{Value, json};
use service::{Interaction, Reply, Style};

use crate::faults::row_of;

const MEDIA_TYPE: &str = "application/problem+json";

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render,
    unauthenticated,
    forbidden,
    unknown_path: |_| Fault::new(Kind::NotFound, "unknown-path", ""),
    unknown_method,
    too_many: |excess| service::too_many("too-many", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "too-slow", what).retry_after(5),
    too_large: |what| Fault::new(Kind::Incorrect, "too-large", what),
    broken_off: |what| Fault::new(Kind::Incorrect, "invalid-parameter", what),
    mirrored: &["x-request-id"],
    cors_headers: "authorization, x-request-id",
    media_types: &[MEDIA_TYPE],
    schema,
};

fn render(fault: &Fault, _accept: &str) -> Reply {
    let row = row_of(fault);
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

fn unauthenticated(refusal: &Refusal) -> Fault {
    let why = match refusal {
        Refusal::Expired => "the token has expired",
        Refusal::OtherApi => "the token is for other APIs",
        Refusal::Invalid | Refusal::InvalidKey => "nobody knows the token",
        _ => "there is no bearer token",
    };
    Fault::new(Kind::Unauthenticated, "unauthenticated", why)
}

fn forbidden(caller: &Caller, interaction: &Interaction) -> Fault {
    let why = format!("{} is not for a {}", interaction.name, caller.mode.name());
    Fault::new(Kind::Forbidden, "forbidden", why)
}

fn unknown_method(method: &Method) -> Fault {
    Fault::new(Kind::Unsupported, "unknown-method", format!("the path does not take {method}"))
}

fn schema() -> Value {
    json!({ "$ref": "#/components/schemas/Problem" })
}
