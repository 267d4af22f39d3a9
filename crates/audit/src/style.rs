//! How the API words what goes wrong: as an OperationOutcome. The only place where a fault becomes
//! bytes.

use base::{Fault, Kind};
use fhir::outcome::{Issue, operation_outcome};
use http::header::WWW_AUTHENTICATE;
use http::{Method, StatusCode};
use security::{Caller, Refusal};
use serde_json::{Value, json};
use service::{Interaction, Reply, Style, too_many};

use crate::faults::{forbidden, row_of};

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    forbidden: not_allowed,
    unknown_path: |_| Fault::new(Kind::NotFound, "unknown-path", ""),
    unknown_method,
    too_many: |excess| too_many("too-many", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "too-slow", what).retry_after(5),
    too_large: |what| Fault::new(Kind::Incorrect, "too-large", what),
    broken_off: |what| Fault::new(Kind::Incorrect, "invalid-parameter", what),
    mirrored: &["x-request-id", "x-correlation-id"],
    cors_headers: "authorization, accept, x-request-id, x-correlation-id",
    media_types: &[fhir::MEDIA_TYPE],
    schema: || json!({ "$ref": "#/components/schemas/OperationOutcome" }),
};

/// Writes a fault as an OperationOutcome.
fn render(fault: &Fault) -> Reply {
    let row = row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let said = if fault.public().is_empty() { row.display } else { fault.public() };
    let outcome: Value = operation_outcome(&Issue {
        severity: "error",
        code: row.issue,
        coding: None,
        diagnostics: said,
    });
    let reply = Reply::new(status, fhir::MEDIA_TYPE, outcome.to_string());
    if status == StatusCode::UNAUTHORIZED { reply.with(WWW_AUTHENTICATE, "Bearer") } else { reply }
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

fn not_allowed(_: &Caller, _: &Interaction) -> Fault {
    forbidden("it takes the permission read-audit, or a patient who asks for their own record")
}

fn unknown_method(method: &Method) -> Fault {
    Fault::new(Kind::Unsupported, "unknown-method", format!("the path does not take {method}"))
}
