//! How the API words what goes wrong: an OperationOutcome whose code says whose fault it is. The
//! only place where a fault becomes bytes.

use base::{Fault, Kind};
use fhir::outcome::{Coding, Issue, operation_outcome};
use http::StatusCode;
use nhs::url::HTTP_ERROR;
use security::{Caller, Refusal};
use serde_json::{Value, json};
use service::{Interaction, Reply, Style, too_many};

use crate::faults::{incorrect, row_of};

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    forbidden: not_allowed,
    unknown_path: |_| Fault::new(Kind::NotFound, "NOT_FOUND", ""),
    unknown_method: |_| Fault::new(Kind::Unsupported, "SEND_METHOD_NOT_ALLOWED", ""),
    too_many: |excess| too_many("SEND_TOO_MANY_REQUESTS", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "SEND_TIMEOUT", what).retry_after(5),
    too_large: |what| incorrect("SEND_TOO_LARGE", what),
    broken_off: |what| incorrect("SEND_INVALID", what),
    mirrored: &["x-request-id", "x-correlation-id"],
    cors_headers: "origin, x-requested-with, accept, authorization, content-type, use-context, \
        nhsd-target-identifier, nhsd-end-user-organisation, nhsd-requesting-software, \
        nhsd-requesting-practitioner, x-request-id, x-correlation-id",
    media_types: &[fhir::MEDIA_TYPE],
    schema: || json!({ "$ref": "#/components/schemas/OperationOutcome" }),
};

/// Writes a fault as the reply that the specification promises.
fn render(fault: &Fault) -> Reply {
    let row = row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let said = if fault.public().is_empty() { row.display } else { fault.public() };
    let outcome: Value = operation_outcome(&Issue {
        severity: "error",
        code: row.issue,
        coding: Some(Coding {
            system: HTTP_ERROR,
            version: "",
            code: row.code,
            display: row.display,
        }),
        diagnostics: said,
    });
    Reply::new(status, fhir::MEDIA_TYPE, outcome.to_string())
}

fn unauthenticated(refusal: &Refusal) -> Fault {
    let id = match refusal {
        Refusal::Missing | Refusal::Empty | Refusal::NoToken | Refusal::NoKey => "SEND_NO_TOKEN",
        Refusal::WrongScheme(_) => "SEND_NO_BEARER",
        Refusal::Invalid | Refusal::InvalidKey => "SEND_UNKNOWN_TOKEN",
        Refusal::Expired => "SEND_EXPIRED",
        Refusal::OtherApi => return Fault::new(Kind::Forbidden, "SEND_FORBIDDEN", ""),
    };
    Fault::new(Kind::Unauthenticated, id, "")
}

fn not_allowed(_: &Caller, _: &Interaction) -> Fault {
    let why = "Only applications, with no person signed in, may use this API";
    Fault::new(Kind::Forbidden, "SEND_FORBIDDEN", why)
}

#[cfg(test)]
mod tests;
