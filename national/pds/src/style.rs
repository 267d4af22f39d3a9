//! How the API words what goes wrong: an OperationOutcome with one Spine coding. The only place
//! where a fault becomes bytes.

use base::{Fault, Kind};
use fhir::outcome::{Coding, Issue, operation_outcome};
use http::{Method, StatusCode};
use nhs::url::SPINE_ERROR;
use security::{Caller, Mode, Refusal};
use serde_json::{Value, json};
use service::{FaultRow, Interaction, Reply, Severity, Style, too_many};

use crate::faults::{self, forbidden, incorrect};

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    forbidden: not_allowed,
    unknown_path,
    unknown_method,
    too_many: |excess| too_many("TOO_MANY_REQUESTS", excess),
    too_slow,
    too_large,
    broken_off,
    mirrored: &["x-request-id", "x-correlation-id"],
    cors_headers: "origin, x-requested-with, accept, content-type, if-match, nhsd-session-urid, \
        authorization, x-correlation-id, x-request-id, nhsd-end-user-organisation-ods",
    media_types: &[fhir::MEDIA_TYPE],
    schema,
};

/// The faults that are the gateway's own: what is asked for an API key is no FHIR.
const GATEWAY: [&str; 2] = ["API_KEY_MISSING", "API_KEY_INVALID"];

/// Writes a fault as the reply that the specification promises.
pub(crate) fn render(fault: &Fault) -> Reply {
    let row = faults::row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if GATEWAY.contains(&row.id) {
        let detail = json!({ "errorcode": row.code });
        let body = json!({ "fault": { "faultstring": row.display, "detail": detail } });
        return Reply::new(status, "application/json", body.to_string());
    }
    Reply::new(status, fhir::MEDIA_TYPE, outcome(row, fault.public()).to_string())
}

/// The OperationOutcome of a row, with text for the developer.
pub(crate) fn outcome(row: &FaultRow, diagnostics: &str) -> Value {
    operation_outcome(&Issue {
        severity: match row.severity {
            Severity::Error => "error",
            Severity::Information => "information",
        },
        code: row.issue,
        coding: Some(Coding {
            system: SPINE_ERROR,
            version: "1",
            code: row.code,
            display: row.display,
        }),
        diagnostics,
    })
}

fn unauthenticated(refusal: &Refusal) -> Fault {
    let unauthenticated = |id, why| Fault::new(Kind::Unauthenticated, id, why);
    let why = match refusal {
        Refusal::Missing => "Missing Authorization header".to_owned(),
        Refusal::Empty => "Empty Authorization header".to_owned(),
        Refusal::NoToken => "Missing access token".to_owned(),
        Refusal::WrongScheme(scheme) => {
            format!("Invalid token type '{scheme}', must be 'Bearer'")
        }
        Refusal::Invalid | Refusal::OtherApi => "Invalid Access Token".to_owned(),
        Refusal::Expired => "Access Token expired".to_owned(),
        Refusal::NoKey => return unauthenticated("API_KEY_MISSING", String::new()),
        Refusal::InvalidKey => return unauthenticated("API_KEY_INVALID", String::new()),
    };
    unauthenticated("ACCESS_DENIED", why)
}

fn not_allowed(caller: &Caller, interaction: &Interaction) -> Fault {
    let method =
        "Your app has insufficient permissions to use this method. Please contact support.";
    let operation =
        "Your app has insufficient permissions to use this operation. Please contact support.";
    match (caller.mode, &interaction.method) {
        (Mode::Patient, _) => forbidden("ACCESS_DENIED_PATIENT", operation),
        (_, &Method::PATCH) => forbidden("INVALID_METHOD_APPLICATION", method),
        (_, &Method::POST) if interaction.path.starts_with("/Patient") => {
            forbidden("INVALID_METHOD_CREATE", method)
        }
        (Mode::Worker, _) => forbidden("ACCESS_DENIED_WORKER", operation),
        _ => forbidden("ACCESS_DENIED_APPLICATION", operation),
    }
}

fn unknown_path(path: &str) -> Fault {
    incorrect("UNSUPPORTED_REQUEST", format!("Unsupported path - '{path}'"))
}

fn unknown_method(_: &Method) -> Fault {
    incorrect("UNSUPPORTED_SERVICE", "")
}

fn too_slow(what: &str) -> Fault {
    Fault::new(Kind::Interrupted, "UNABLE_TO_CALL_SERVICE", what).retry_after(5)
}

fn too_large(what: &str) -> Fault {
    incorrect("PAYLOAD_TOO_LARGE", format!("Request is too large - {what}"))
}

fn broken_off(what: &str) -> Fault {
    incorrect("INVALID_VALUE", what)
}

fn schema() -> Value {
    json!({ "$ref": "#/components/schemas/OperationOutcome" })
}
