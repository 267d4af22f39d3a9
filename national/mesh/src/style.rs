//! How the API words what goes wrong: three forms of JSON. The only place where a fault becomes
//! bytes.

use base::{Fault, Kind};
use http::{Method, StatusCode};
use security::{Caller, Refusal};
use serde_json::{Value, json};
use service::{Interaction, Reply, Style};

use crate::faults::{self, forbidden, incorrect};
use crate::version::{JSON, V2_JSON, Version};

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render,
    unauthenticated,
    forbidden: not_allowed,
    unknown_path,
    unknown_method,
    too_many: |excess| service::too_many("BUSY", excess),
    too_slow,
    too_large,
    broken_off,
    mirrored: &[],
    cors_headers: "",
    media_types: &[JSON, V2_JSON],
    schema,
};

/// Writes a fault in the words of the version that the caller accepts.
pub(crate) fn render(fault: &Fault, accept: &str) -> Reply {
    let row = faults::row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match row.id {
        // What callers see of these three is that of the framework of the real service.
        "VALIDATION" => {
            let body = format!("{{\"detail\":{}}}", fault.public());
            return Reply::new(status, JSON, body);
        }
        "UNKNOWN_PATH" | "UNKNOWN_METHOD" => {
            return Reply::new(status, JSON, json!({ "detail": row.display }).to_string());
        }
        _ => {}
    }
    let version = Version::read(accept).unwrap_or(Version::One);
    let (about, text) = match row.id {
        // Which bound was met.
        "BUSY" if !fault.public().is_empty() => ("", fault.public()),
        _ => (fault.public(), row.display),
    };
    let body = match version {
        Version::One => with_id(
            "messageID",
            about,
            json!({
                "errorEvent": row.issue,
                "errorCode": row.code,
                "errorDescription": text,
            }),
        ),
        Version::Two => {
            let detail = json!({ "event": row.issue, "code": row.code, "msg": text });
            with_id("message_id", about, json!({ "detail": [detail] }))
        }
    };
    Reply::new(status, version.media_type(), body.to_string())
}

fn with_id(name: &str, id: &str, rest: Value) -> Value {
    if id.is_empty() {
        return rest;
    }
    let mut body = json!({ name: id });
    if let (Some(body), Value::Object(rest)) = (body.as_object_mut(), rest) {
        body.extend(rest);
    }
    body
}

/// No interaction of the API goes by the house's own tokens, so that nobody meets this.
fn unauthenticated(_: &Refusal) -> Fault {
    forbidden("TOKEN_UNREADABLE")
}

fn not_allowed(_: &Caller, _: &Interaction) -> Fault {
    forbidden("FORBIDDEN")
}

fn unknown_path(_: &str) -> Fault {
    Fault::new(Kind::NotFound, "UNKNOWN_PATH", "")
}

fn unknown_method(_: &Method) -> Fault {
    incorrect("UNKNOWN_METHOD")
}

fn too_slow(_: &str) -> Fault {
    Fault::new(Kind::Interrupted, "TOO_SLOW", "")
}

fn too_large(_: &str) -> Fault {
    incorrect("TOO_LARGE")
}

fn broken_off(_: &str) -> Fault {
    Fault::new(Kind::Interrupted, "BROKEN_OFF", "")
}

fn schema() -> Value {
    json!({ "anyOf": [
        { "$ref": "#/components/schemas/ErrorV1" },
        { "$ref": "#/components/schemas/ErrorV2" },
        { "$ref": "#/components/schemas/ValidationError" },
        { "$ref": "#/components/schemas/NothingHere" },
    ] })
}

#[cfg(test)]
mod tests;
