//! How the API words what goes wrong: as an OperationOutcome. The only place where a fault becomes
//! bytes.

use base::{Fault, Kind};
use fhir::outcome::{Issue, operation_outcome};
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use security::Caller;
use serde_json::{Value, json};
use service::{Interaction, Reply, Style, problem};

use crate::faults::{forbidden, row_of};

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    forbidden: not_allowed,
    media_types: &[fhir::MEDIA_TYPE],
    schema: || json!({ "$ref": "#/components/schemas/OperationOutcome" }),
    ..problem::style(
        |fault, _| render(fault),
        |what| Fault::new(Kind::Incorrect, "invalid-parameter", what),
    )
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

fn not_allowed(_: &Caller, _: &Interaction) -> Fault {
    forbidden("it takes the permission read-audit, or a patient who asks for their own record")
}
