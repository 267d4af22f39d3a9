//! Parameters and JSON Schemas, as the specification publishes them.

use serde_json::{Value, json};
use service::{Parameter, Place, problem};

/// A reference to one of [`schemas`].
pub(crate) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The name of a conversation.
pub(crate) fn id() -> Parameter {
    Parameter {
        name: "id",
        place: Place::Path,
        required: true,
        summary: "The UUID that the calls carried in `X-Correlation-ID`, or the conversation of a \
            message. `.json`, `.txt` or `.svg` behind it chooses the form, whatever is accepted.",
        schema: json!({ "type": "string" }),
        example: None,
    }
}

/// Everything that other places refer to.
pub(crate) fn schemas() -> Value {
    let text = || json!({ "type": "string" });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let number = || json!({ "type": ["integer", "null"], "minimum": 0 });
    json!({
        "Problem": problem::schema(),
        "Party": {
            "type": "object",
            "required": ["name", "organisation", "system"],
            "properties": { "name": text(), "organisation": text(), "system": text() },
        },
        "Leg": {
            "type": "object",
            "required": ["at", "ended_at", "from", "to", "what", "wire", "took_us", "outcome",
                "ended"],
            "properties": {
                "at": instant(), "ended_at": instant(),
                "from": named("Party"), "to": named("Party"),
                "what": text(), "wire": text(), "took_us": number(),
                "sent_bytes": number(), "received_bytes": number(), "outcome": text(),
                "ended": {
                    "enum": ["answered", "acknowledged", "told", "receipt", "refused", "failed"],
                },
            },
        },
        "Conversation": {
            "type": "object",
            "required": ["id", "running", "legs", "links"],
            "properties": {
                "id": text(), "running": { "type": "boolean" },
                "legs": { "type": "array", "items": named("Leg") },
                "links": { "type": "object" },
            },
        },
        "Conversations": {
            "type": "object",
            "required": ["conversations"],
            "properties": { "conversations": { "type": "array", "items": {
                "type": "object",
                "required": ["id", "latest", "legs", "parties", "running", "link"],
                "properties": {
                    "id": text(), "latest": instant(), "legs": number(),
                    "parties": { "type": "array", "items": text() },
                    "running": { "type": "boolean" }, "link": text(),
                },
            } } },
        },
    })
}
