//! How the API words what goes wrong. The only place where a fault becomes bytes.
//!
//! Three shapes, as published: what is wrong with a body stands in `validationErrors`, by member;
//! who is not let in gets the gateway's own `fault`; all else is one text in `errors`.

use base::{Fault, Kind};
use http::StatusCode;
use security::{Caller, Excess, Refusal};
use serde_json::{Map, Value, json};
use service::{Interaction, Reply, Style};

use crate::faults::{self, forbidden, incorrect, not_found, row_of};

/// The media type of everything that is no FHIR resource.
pub(crate) const JSON: &str = "application/json";

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    forbidden: not_allowed,
    unknown_path: |_| not_found(),
    unknown_method: |_| Fault::new(Kind::Unsupported, "UNKNOWN_METHOD", ""),
    too_many,
    too_slow: |what| Fault::new(Kind::Interrupted, "TOO_SLOW", what).retry_after(5),
    too_large: |what| faults::too_large(what),
    broken_off: |what| incorrect(what),
    mirrored: &["x-correlation-id"],
    cors_headers: "origin, accept, content-type, authorization, x-correlation-id",
    media_types: &[JSON],
    schema,
};

/// Writes a fault as the reply that the specification promises.
fn render(fault: &Fault) -> Reply {
    let row = row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = match row.id {
        "INVALID" => {
            let lines = fault.public().lines().filter_map(|line| line.split_once(": "));
            let errors: Map<String, Value> =
                lines.map(|(member, why)| (member.to_owned(), why.into())).collect();
            json!({ "validationErrors": errors })
        }
        "TOKEN_MISSING" => gateway(row.display, "oauth.v2.MissingAccessToken"),
        "TOKEN_INVALID" => gateway(row.display, "oauth.v2.InvalidAccessToken"),
        "TOKEN_EXPIRED" => gateway(row.display, "keymanagement.service.access_token_expired"),
        "QUOTA_USED" => gateway(fault.public(), "policies.ratelimit.QuotaViolation"),
        "TOO_DENSE" => gateway(fault.public(), "policies.ratelimit.SpikeArrestViolation"),
        _ if fault.public().is_empty() => json!({ "errors": row.display }),
        _ => json!({ "errors": fault.public() }),
    };
    Reply::new(status, JSON, body.to_string())
}

fn gateway(words: &str, code: &str) -> Value {
    json!({ "fault": { "faultstring": words, "detail": { "errorcode": code } } })
}

fn unauthenticated(refusal: &Refusal) -> Fault {
    let id = match refusal {
        Refusal::Missing | Refusal::Empty | Refusal::NoToken | Refusal::NoKey => "TOKEN_MISSING",
        Refusal::WrongScheme(_) | Refusal::Invalid | Refusal::OtherApi | Refusal::InvalidKey => {
            "TOKEN_INVALID"
        }
        Refusal::Expired => "TOKEN_EXPIRED",
    };
    Fault::new(Kind::Unauthenticated, id, "")
}

/// Which of the gateway's two policies was violated.
fn too_many(excess: &Excess) -> Fault {
    let quota = matches!(excess, Excess::Quota { .. });
    service::too_many(if quota { "QUOTA_USED" } else { "TOO_DENSE" }, excess)
}

fn not_allowed(_: &Caller, _: &Interaction) -> Fault {
    forbidden("Unauthorised. Only applications, with no person signed in, may use this API")
}

fn schema() -> Value {
    let text = json!({ "type": "string" });
    let only = |name: &str, schema: Value| {
        json!({
            "type": "object",
            "required": [name],
            "properties": { name: schema },
            "additionalProperties": false,
        })
    };
    let fault = json!({
        "type": "object",
        "required": ["faultstring", "detail"],
        "properties": {
            "faultstring": text,
            "detail": {
                "type": "object",
                "required": ["errorcode"],
                "properties": { "errorcode": text },
            },
        },
    });
    let by_member = json!({ "type": "object", "minProperties": 1, "additionalProperties": text });
    json!({ "oneOf": [
        only("validationErrors", by_member),
        only("errors", text.clone()),
        only("fault", fault),
    ]})
}
