//! How the API words what goes wrong: an OperationOutcome with one Spine coding. The only place
//! where a fault becomes bytes.

use base::{Fault, Kind};
use fhir::outcome::{Coding, Issue, operation_outcome};
use http::StatusCode;
use security::Refusal;
use serde_json::json;
use service::{Reply, Style, too_many};

use crate::faults::{bad_request, row_of};

/// The codes with which this directory says what went wrong: those of an earlier release.
const SPINE_ERROR: &str = "https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1";

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    // Nobody is refused who has a key; nothing here asks for more.
    forbidden: |_, _| Fault::new(Kind::Forbidden, "ACCESS_DENIED", ""),
    unknown_path: |_| Fault::new(Kind::NotFound, "NOT_FOUND", "HTTP endpoint not found"),
    unknown_method: |_| {
        Fault::new(Kind::Unsupported, "NOT_ALLOWED", "HTTP operation not supported")
    },
    too_many: |excess| too_many("TOO_MANY_REQUESTS", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "TOO_SLOW", what).retry_after(5),
    too_large: |what| Fault::new(Kind::Incorrect, "TOO_LARGE", what),
    broken_off: |what| bad_request(what.to_owned()),
    mirrored: &["x-correlation-id"],
    cors_headers: "origin, accept, apikey, x-correlation-id",
    media_types: &[fhir::MEDIA_TYPE],
    schema: || json!({ "$ref": "#/components/schemas/OperationOutcome" }),
};

/// Writes a fault as the reply that the specification promises.
fn render(fault: &Fault) -> Reply {
    let row = row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let outcome = operation_outcome(&Issue {
        severity: "error",
        code: row.issue,
        coding: Some(Coding {
            system: SPINE_ERROR,
            version: "",
            code: row.code,
            display: row.display,
        }),
        diagnostics: fault.public(),
    });
    Reply::new(status, fhir::MEDIA_TYPE, outcome.to_string())
}

fn unauthenticated(refusal: &Refusal) -> Fault {
    let why = match refusal {
        Refusal::NoKey => "Failed to resolve API Key variable request.header.apikey",
        _ => "Invalid ApiKey",
    };
    Fault::new(Kind::Unauthenticated, "ACCESS_DENIED", why)
}

#[cfg(test)]
mod tests;
