//! The JSON Schemas of what the API takes and gives, for its published specification.

use serde_json::{Value, json};
use service::{BodyDoc, Parameter, Place};

/// The named schemas: `components/schemas` of the specification.
pub(crate) fn schemas() -> Value {
    json!({
        "Patient": { "type": "object" },
        "OperationOutcome": { "type": "object" },
        "PatientBundle": { "type": "object" },
        "RelatedPersonBundle": { "type": "object" },
        "CoverageBundle": { "type": "object" },
    })
}

/// What a search answers with.
pub(crate) fn searchset_or_outcome() -> Value {
    json!({ "type": "object" })
}

/// The parameters of a search.
pub(crate) fn search_parameters() -> Vec<Parameter> {
    Vec::new()
}

/// The headers that every interaction takes.
pub(crate) fn headers() -> Vec<Parameter> {
    Vec::new()
}

fn header(name: &'static str, summary: &'static str) -> Parameter {
    Parameter {
        name,
        place: Place::Header,
        required: false,
        summary,
        schema: json!({ "type": "string" }),
        example: None,
    }
}

/// The version that an update is meant for.
pub(crate) fn if_match() -> Parameter {
    header("If-Match", "The version you read, as the ETag gave it.")
}

/// How long to wait for the answer.
pub(crate) fn sync_wait() -> Parameter {
    header("X-Sync-Wait", "How long to wait for the answer, in seconds.")
}

/// Whether to wait at all.
pub(crate) fn prefer() -> Parameter {
    header("Prefer", "`respond-async` to be told where the answer will be.")
}

/// Whose coverage.
pub(crate) fn subscriber() -> Parameter {
    Parameter {
        place: Place::Query,
        required: true,
        ..header("subscriber:identifier", "The NHS number.")
    }
}

fn body(media_types: &'static [&'static str]) -> BodyDoc {
    BodyDoc { media_types, schema: json!({ "type": "object" }), example: json!({}) }
}

/// The body of an update.
pub(crate) fn patch_body() -> BodyDoc {
    body(&["application/json-patch+json"])
}

/// The body of a create.
pub(crate) fn create_body() -> BodyDoc {
    body(&["application/fhir+json", "application/json"])
}

/// The body of a coverage update.
pub(crate) fn coverage_body() -> BodyDoc {
    body(&["application/fhir+json", "application/json"])
}

/// The body of a birth notification.
pub(crate) fn birth_body() -> BodyDoc {
    body(&["application/fhir+json", "application/json"])
}
