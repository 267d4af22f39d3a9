//! The JSON Schemas of what the API takes and gives, for its published specification.
//!
//! They are made of [`Shape`]s. Those of requests are also what checks them.

use base::limit::PATCHES_MAX;
use serde_json::{Value, json};
use service::BodyDoc;

use crate::shape::{Shape, Text, object};

pub(crate) mod element;
mod example;
pub(crate) mod extension;
mod parameter;
pub(crate) mod request;
pub(crate) mod resource;

pub(crate) use element::Way;
pub(crate) use parameter::{
    headers, if_match, job, nhs_number, prefer, search_parameters, subscriber, sync_wait,
};

/// The media types of a resource in a request, the preferred one first.
pub(crate) const RESOURCE_TYPES: &[&str] = &["application/fhir+json", "application/json"];
/// The media types of a coverage in a request: the published document calls it a patch.
pub(crate) const COVERAGE_TYPES: &[&str] =
    &["application/fhir+json", "application/json", "application/json-patch+json"];

/// The named schemas: `components/schemas` of the specification.
pub(crate) fn schemas() -> Value {
    json!({
        "Patient": resource::patient().schema(),
        "PatientBundle": resource::patient_bundle().schema(),
        "RelatedPersonBundle": resource::related_person_bundle().schema(),
        "CoverageBundle": resource::coverage_bundle().schema(),
        "OperationOutcome": resource::operation_outcome().schema(),
        "NewPatient": request::patient().schema(),
        "Patches": patches(),
        "Coverage": resource::coverage(Way::Sent).schema(),
        "Birth": request::birth_bundle().schema(),
    })
}

/// A schema of the specification, by name.
pub(crate) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What a search answers with.
pub(crate) fn searchset_or_outcome() -> Value {
    one_of(&["PatientBundle", "OperationOutcome"])
}

/// What a poll answers with.
pub(crate) fn any_answer() -> Value {
    one_of(&["Patient", "CoverageBundle", "OperationOutcome"])
}

fn one_of(names: &[&str]) -> Value {
    json!({ "oneOf": names.iter().copied().map(named).collect::<Vec<_>>() })
}

fn body(media_types: &'static [&'static str], name: &str, example: Value) -> BodyDoc {
    BodyDoc { media_types, schema: named(name), example }
}

/// What the gateway in front of the API answers with when it lets nobody in.
pub(crate) fn gateway_fault() -> Value {
    let detail = object().must("errorcode", Text::ANY);
    let fault = object().must("faultstring", Text::ANY).must("detail", detail);
    Shape::from(object().must("fault", fault)).schema()
}

/// The body of an update.
pub(crate) fn patch_body() -> BodyDoc {
    body(&["application/json-patch+json"], "Patches", example::patches())
}

/// The body of a create.
pub(crate) fn create_body() -> BodyDoc {
    body(RESOURCE_TYPES, "NewPatient", example::patient())
}

/// The body of a coverage update.
pub(crate) fn coverage_body() -> BodyDoc {
    body(COVERAGE_TYPES, "Coverage", example::coverage())
}

/// The body of a birth notification.
pub(crate) fn birth_body() -> BodyDoc {
    body(RESOURCE_TYPES, "Birth", example::birth())
}

/// The operations of an update: RFC 6902 in an object.
fn patches() -> Value {
    let operation = |names: &[&str], required: &[&str], with_value: bool| {
        let mut properties = json!({
            "op": { "type": "string", "enum": names },
            "path": { "type": "string", "pattern": "^/" },
        });
        if let (true, Some(properties)) = (with_value, properties.as_object_mut()) {
            properties.insert("value".into(), Shape::Anything.schema());
        }
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    };
    let items = json!({ "oneOf": [
        operation(&["add", "replace", "test"], &["op", "path", "value"], true),
        operation(&["remove"], &["op", "path"], false),
    ] });
    json!({
        "type": "object",
        "properties": {
            "patches": { "type": "array", "minItems": 1, "maxItems": PATCHES_MAX, "items": items },
        },
        "required": ["patches"],
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests;
