//! The JSON Schemas and parameters of the specification.

use nhs::url::{ODS_CODE, PARTY_KEY, SERVICE_INTERACTION};
use serde_json::{Value, json};
use service::{Parameter, Place};

use crate::query::{IDENTIFIER, MANUFACTURER, ORGANISATION};

/// The `components/schemas` of the specification.
pub(crate) fn schemas() -> Value {
    let text = json!({ "type": "string" });
    let identifier = json!({
        "type": "object",
        "required": ["system", "value"],
        "properties": { "system": text, "value": text },
    });
    let named = json!({
        "type": "object",
        "required": ["identifier"],
        "properties": { "identifier": identifier },
    });
    let resource = |kind: &str, own: Value| {
        let common = json!({
            "type": "object",
            "required": ["resourceType", "id", "identifier", "extension"],
            "properties": {
                "resourceType": { "const": kind },
                "id": { "type": "string", "format": "uuid" },
                "identifier": { "type": "array", "minItems": 1, "items": identifier },
                "extension": { "type": "array", "items": {
                    "type": "object",
                    "required": ["url"],
                    "properties": { "url": { "type": "string", "format": "uri" } },
                }},
            },
        });
        json!({ "allOf": [common, own] })
    };
    let device = json!({ "required": ["owner"], "properties": { "owner": named } });
    let endpoint = json!({
        "required": ["status", "connectionType", "payloadType", "address", "managingOrganization"],
        "properties": {
            "status": { "const": "active" },
            "address": { "type": "string", "format": "uri" },
            "managingOrganization": named,
        },
    });
    json!({
        "Device": resource("Device", device),
        "Endpoint": resource("Endpoint", endpoint),
        "Devices": searchset("Device"),
        "Endpoints": searchset("Endpoint"),
        "OperationOutcome": outcome(),
    })
}

fn searchset(kind: &str) -> Value {
    json!({
        "type": "object",
        "required": ["resourceType", "id", "type", "total", "link"],
        "properties": {
            "resourceType": { "const": "Bundle" },
            "id": { "type": "string", "format": "uuid" },
            "type": { "const": "searchset" },
            "total": { "type": "integer", "minimum": 0 },
            "link": { "type": "array", "items": {
                "type": "object",
                "required": ["relation", "url"],
                "properties": { "relation": { "const": "self" }, "url": { "type": "string" } },
            }},
            "entry": { "type": "array", "minItems": 1, "items": {
                "type": "object",
                "required": ["fullUrl", "resource", "search"],
                "properties": {
                    "fullUrl": { "type": "string", "format": "uri" },
                    "resource": named(kind),
                    "search": { "const": { "mode": "match" } },
                },
            }},
        },
        "additionalProperties": false,
    })
}

fn outcome() -> Value {
    let text = json!({ "type": "string" });
    let coding = json!({
        "type": "object",
        "required": ["system", "code", "display"],
        "properties": { "system": text, "code": text, "display": text },
    });
    json!({
        "type": "object",
        "required": ["resourceType", "issue"],
        "properties": {
            "resourceType": { "const": "OperationOutcome" },
            "issue": { "type": "array", "minItems": 1, "items": {
                "type": "object",
                "required": ["severity", "code", "details"],
                "properties": {
                    "severity": { "const": "error" },
                    "code": text,
                    "details": {
                        "type": "object",
                        "required": ["coding"],
                        "properties": { "coding": { "type": "array", "items": coding } },
                    },
                    "diagnostics": text,
                },
            }},
        },
    })
}

/// A schema of the specification, by name.
pub(crate) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The organisation.
pub(crate) fn organisation(required: bool) -> Parameter {
    Parameter {
        name: ORGANISATION,
        place: Place::Query,
        required,
        summary: "The organisation that owns the system.",
        schema: json!({ "type": "string", "pattern": format!("^{ODS_CODE}\\|.+$") }),
        example: Some(json!(format!("{ODS_CODE}|X26"))),
    }
}

/// The organisation that made the system.
pub(crate) fn manufacturer() -> Parameter {
    let summary = "The organisation that made the system.";
    Parameter { name: MANUFACTURER, summary, example: None, ..organisation(false) }
}

/// The interaction and the party key.
pub(crate) fn identifier() -> Parameter {
    let pattern = format!("^({SERVICE_INTERACTION}|{PARTY_KEY})\\|.+$");
    Parameter {
        name: IDENTIFIER,
        place: Place::Query,
        required: true,
        summary: "The interaction, the party key, or one after the other in two of this parameter.",
        schema: json!({ "type": "array", "items": { "type": "string", "pattern": pattern } }),
        example: Some(json!([format!(
            "{SERVICE_INTERACTION}|urn:nhs:names:services:gp2gp:RCMR_IN010000UK05"
        )])),
    }
}

/// The id that calls are followed by, from system to system.
pub(crate) fn correlation() -> Parameter {
    Parameter {
        name: "X-Correlation-Id",
        place: Place::Header,
        required: false,
        summary: "A UUID by which you follow the call. It stands in the answer again; one is made \
            when you send none.",
        schema: json!({ "type": "string", "format": "uuid" }),
        example: None,
    }
}
