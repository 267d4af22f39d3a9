//! The JSON Schemas of what the API takes and gives, for its published specification.

use base::limit::{CRITERIA_BYTES_MAX, EVENT_VALUE_BYTES_MAX, SUBSCRIPTION_REASON_BYTES_MAX};
use serde_json::{Value, json};
use service::{BodyDoc, Parameter, Place};

use crate::event_type::TYPES;
use crate::list_subscriptions::CONTINUE;
use crate::publish_event;
use crate::subscription::MEDIA_TYPE;

/// The named schemas: `components/schemas` of the specification.
pub(crate) fn schemas() -> Value {
    json!({
        "Event": event(),
        "NewSubscription": subscription("requested"),
        "Subscription": kept(),
        "Subscriptions": subscriptions(),
        "Id": {
            "type": "object",
            "required": ["id"],
            "properties": { "id": { "type": "string" } },
            "additionalProperties": false,
        },
    })
}

/// A schema of the specification, by name.
pub(crate) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn event() -> Value {
    let types: Vec<Value> = TYPES
        .iter()
        .map(|known| json!({ "const": known.name, "description": known.summary }))
        .collect();
    let text = json!({ "type": "string", "minLength": 1, "maxLength": EVENT_VALUE_BYTES_MAX });
    let value = json!({ "type": ["string", "number", "boolean"] });
    json!({
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time"],
        "properties": {
            "specversion": { "const": "1.0" },
            "id": text,
            "source": text,
            "type": { "oneOf": types },
            "time": { "type": "string", "format": "date-time" },
            "subject": text,
            "dataref": { "type": "string", "format": "uri", "maxLength": EVENT_VALUE_BYTES_MAX },
            "versionid": text,
            "filtering": {
                "type": "object",
                "propertyNames": { "pattern": "^[A-Za-z0-9_]{1,64}$" },
                "additionalProperties": { "anyOf": [value, { "type": "array", "items": value }] },
            },
            "data": false,
            "data_base64": false,
        },
        "additionalProperties": value,
    })
}

fn subscription(status: &str) -> Value {
    let channel = json!({
        "type": "object",
        "required": ["type", "endpoint", "payload"],
        "properties": {
            "type": { "const": "message" },
            "endpoint": {
                "type": "string",
                "pattern": r"^(mesh://\w+\?workflow_id=[\w.-]+|webhook:.+)$",
            },
            "payload": { "enum": [nhs::signal::JSON, nhs::signal::FHIR] },
        },
    });
    json!({
        "type": "object",
        "required": ["resourceType", "status", "reason", "criteria", "channel"],
        "properties": {
            "resourceType": { "const": "Subscription" },
            "status": { "const": status },
            "end": { "type": "string", "format": "date-time" },
            "reason": { "type": "string", "maxLength": SUBSCRIPTION_REASON_BYTES_MAX },
            "criteria": { "type": "string", "maxLength": CRITERIA_BYTES_MAX },
            "channel": channel,
        },
    })
}

fn kept() -> Value {
    let id = json!({ "required": ["id"], "properties": { "id": { "format": "uuid" } } });
    json!({ "allOf": [subscription("active"), id] })
}

fn subscriptions() -> Value {
    let link = json!({
        "type": "object",
        "required": ["relation", "url"],
        "properties": {
            "relation": { "enum": ["self", "next"] },
            "url": { "type": "string" },
        },
    });
    json!({
        "type": "object",
        "required": ["resourceType", "type", "link", "entry"],
        "properties": {
            "resourceType": { "const": "Bundle" },
            "type": { "const": "searchset" },
            "link": { "type": "array", "items": link },
            "entry": { "type": "array", "items": named("Subscription") },
        },
        "additionalProperties": false,
    })
}

/// The body that publishes an event.
pub(crate) fn event_body() -> BodyDoc {
    BodyDoc {
        media_types: &[publish_event::MEDIA_TYPE],
        schema: named("Event"),
        example: json!({
            "specversion": "1.0",
            "id": "236a1d4a-5d69-4fa9-9c7f-e72bf505aa5b",
            "source": "uk.nhs.register-with-a-gp-surgery-service",
            "type": "gpreg-change-gp-req-1",
            "time": "2026-06-01T13:00:00Z",
            "subject": "9000000009",
            "filtering": { "generalpractitioner": "Y12345", "registrationencountercode": "3" },
        }),
    }
}

/// The body that makes or changes a subscription.
pub(crate) fn subscription_body() -> BodyDoc {
    BodyDoc {
        media_types: &[MEDIA_TYPE],
        schema: named("NewSubscription"),
        example: json!({
            "resourceType": "Subscription",
            "status": "requested",
            "reason": "Registrations at our practice",
            "criteria": "eventType='pds-change-of-gp-2' AND generalpractitioner='Y12345'",
            "channel": {
                "type": "message",
                "endpoint": "mesh://X26ABC1?workflow_id=CHANGE_OF_GP",
                "payload": "application/json",
            },
        }),
    }
}

/// The id of a subscription, in the path.
pub(crate) fn id() -> Parameter {
    Parameter {
        name: "id",
        place: Place::Path,
        required: true,
        summary: "The id that the subscription was given.",
        schema: json!({ "type": "string", "format": "uuid" }),
        example: None,
    }
}

/// Where a list goes on.
pub(crate) fn continue_from() -> Parameter {
    Parameter {
        name: CONTINUE,
        place: Place::Query,
        required: false,
        summary: "Where to go on, from the `next` link of the page before.",
        schema: json!({ "type": "string" }),
        example: None,
    }
}

/// The id that calls are followed by, from system to system.
pub(crate) fn correlation() -> Parameter {
    Parameter {
        name: "X-Correlation-ID",
        place: Place::Header,
        required: false,
        summary: "Any text by which you follow the call. It stands in the answer again.",
        schema: json!({ "type": "string" }),
        example: None,
    }
}
