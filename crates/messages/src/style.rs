//! How the API words what goes wrong: as problems of RFC 9457. The only place where a fault
//! becomes bytes.

use base::{Fault, Kind};
use http::header::{HeaderName, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use security::{Caller, Refusal};
use serde_json::{Value, json};
use service::{Interaction, Reply, Style};

use crate::faults::{forbidden, incorrect, row_of};

const MEDIA_TYPE: &str = "application/problem+json";

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render,
    unauthenticated,
    forbidden: not_allowed,
    unknown_path,
    unknown_method,
    too_many: |excess| service::too_many("too-many", excess),
    too_slow,
    too_large,
    broken_off,
    mirrored: &["x-request-id", "x-correlation-id"],
    cors_headers: "authorization, content-type, content-encoding, message-to, message-from, \
        message-type, message-id, idempotency-key, conversation-id, in-reply-to, ordering-key, \
        x-request-id, x-correlation-id",
    media_types: &[MEDIA_TYPE],
    schema,
};

/// Writes a fault as a problem. `type` is `about:blank`: the status says what kind it is, and
/// `code` which one.
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
    if status == StatusCode::UNAUTHORIZED { challenge(reply) } else { reply }
}

fn challenge(reply: Reply) -> Reply {
    let name: HeaderName = WWW_AUTHENTICATE;
    reply.with(name, "Bearer")
}

fn unauthenticated(refusal: &Refusal) -> Fault {
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

fn not_allowed(caller: &Caller, interaction: &Interaction) -> Fault {
    forbidden("forbidden", format!("{} is not for a {}", interaction.name, caller.mode.name()))
}

fn unknown_path(_: &str) -> Fault {
    Fault::new(Kind::NotFound, "unknown-path", "")
}

fn unknown_method(method: &Method) -> Fault {
    Fault::new(Kind::Unsupported, "unknown-method", format!("the path does not take {method}"))
}

fn too_slow(what: &str) -> Fault {
    Fault::new(Kind::Interrupted, "too-slow", what).retry_after(5)
}

fn too_large(what: &str) -> Fault {
    incorrect("too-large", what)
}

fn broken_off(what: &str) -> Fault {
    incorrect("broken-off", what)
}

fn schema() -> Value {
    json!({ "$ref": "#/components/schemas/Problem" })
}

#[cfg(test)]
mod tests;
