//! Parameters and JSON Schemas, as the specification publishes them.

use base::limit::AUDIT_EVENTS_A_PAGE_MAX;
use serde_json::{Value, json};
use service::{Parameter, Place};

use crate::query::{BEFORE, COUNT, DATE, PATIENT};

/// A reference to one of [`schemas`].
pub(crate) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What a search takes.
pub(crate) fn searching() -> Vec<Parameter> {
    vec![
        Parameter {
            example: Some(json!("9000000009")),
            ..query(
                PATIENT,
                "Whose record: the patient's identifier, alone or as `Patient/identifier`. A \
                    patient who calls must give their own.",
                text(),
            )
        },
        query(
            DATE,
            "When: `ge`, `le` or `eq` and a day in UTC, such as `ge2026-11-22`; or `ge`, `le` and \
                an instant. It may come twice.",
            json!({ "type": "array", "items": text() }),
        ),
        query(
            COUNT,
            "How many events at most.",
            json!({ "type": "integer", "minimum": 1, "maximum": AUDIT_EVENTS_A_PAGE_MAX }),
        ),
        query(
            BEFORE,
            "Where a page begins. Take it from the `next` link of the page before.",
            json!({ "type": "integer", "minimum": 0 }),
        ),
    ]
}

/// What a read takes.
pub(crate) fn reading() -> Vec<Parameter> {
    vec![Parameter {
        name: "id",
        place: Place::Path,
        required: true,
        summary: "The number of the line on the chain.",
        schema: text(),
        example: None,
    }]
}

fn query(name: &'static str, summary: &'static str, schema: Value) -> Parameter {
    Parameter { name, place: Place::Query, required: false, summary, schema, example: None }
}

/// The named schemas of the API.
pub(crate) fn schemas() -> Value {
    json!({
        "AuditEvent": event(),
        "AuditEventBundle": bundle(),
        "OperationOutcome": outcome(),
    })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "minItems": 1, "items": items })
}

/// An object of these members and no others.
fn object(required: &[&str], properties: Value) -> Value {
    let mut schema = json!({ "type": "object", "required": required });
    if let Some(members) = schema.as_object_mut() {
        members.insert("properties".into(), properties);
        members.insert("additionalProperties".into(), false.into());
    }
    schema
}

fn coding() -> Value {
    object(&["code"], json!({ "system": text(), "code": text(), "display": text() }))
}

fn who() -> Value {
    let identifier = object(&["value"], json!({ "value": text() }));
    object(&[], json!({ "identifier": identifier, "reference": text(), "type": text() }))
}

fn event() -> Value {
    let concept = object(&[], json!({ "coding": list(&coding()), "text": text() }));
    let agent = object(
        &["who", "requestor"],
        json!({
            "type": concept,
            "role": list(&concept),
            "who": who(),
            "requestor": { "type": "boolean" },
        }),
    );
    let detail = object(&["type", "valueString"], json!({ "type": text(), "valueString": text() }));
    let entity = object(
        &["type"],
        json!({ "what": who(), "type": coding(), "role": coding(), "detail": list(&detail) }),
    );
    let source = object(&["observer"], json!({ "observer": who(), "type": list(&coding()) }));
    object(
        &["resourceType", "id", "type", "recorded", "outcome", "agent", "source"],
        json!({
            "resourceType": { "const": "AuditEvent" },
            "id": { "type": "string", "pattern": "^[0-9]+$" },
            "type": coding(),
            "subtype": list(&coding()),
            "action": { "enum": ["C", "R", "U", "D", "E"] },
            "recorded": { "type": "string", "format": "date-time" },
            "outcome": { "enum": ["0", "4", "8"] },
            "outcomeDesc": text(),
            "purposeOfEvent": list(&concept),
            "agent": list(&agent),
            "source": source,
            "entity": list(&entity),
        }),
    )
}

fn bundle() -> Value {
    let link = object(
        &["relation", "url"],
        json!({ "relation": { "enum": ["self", "next"] }, "url": text() }),
    );
    let entry = object(
        &["fullUrl", "resource"],
        json!({ "fullUrl": text(), "resource": named("AuditEvent") }),
    );
    object(
        &["resourceType", "type", "timestamp", "link"],
        json!({
            "resourceType": { "const": "Bundle" },
            "type": { "const": "searchset" },
            "timestamp": { "type": "string", "format": "date-time" },
            "entry": list(&entry),
            "link": list(&link),
        }),
    )
}

fn outcome() -> Value {
    let issue = object(
        &["severity", "code", "diagnostics"],
        json!({ "severity": { "const": "error" }, "code": text(), "diagnostics": text() }),
    );
    object(
        &["resourceType", "issue"],
        json!({ "resourceType": { "const": "OperationOutcome" }, "issue": list(&issue) }),
    )
}
