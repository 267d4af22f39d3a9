//! Parameters, bodies and JSON Schemas, as the specification publishes them.

use base::limit::{
    ADDRESS_BYTES_MAX, MESSAGE_KIND_BYTES_MAX, MESSAGE_NAME_BYTES_MAX, MESSAGES_A_PAGE_MAX,
    REASON_BYTES_MAX,
};
use broker::State;
use serde_json::{Value, json};
use service::{BodyDoc, Parameter, Place, problem};

/// A reference to one of [`schemas`].
pub(crate) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Any bytes at all.
pub(crate) fn any_bytes() -> Value {
    json!({ "type": "string", "format": "binary" })
}

/// A body of JSON.
pub(crate) fn json_body(schema: Value, example: Value) -> BodyDoc {
    BodyDoc { media_types: &["application/json"], schema, example }
}

/// The body of those who say why they do something.
pub(crate) fn because() -> BodyDoc {
    json_body(named("Because"), json!({ "why": "their disk was full" }))
}

/// The headers of a message that is handed over.
pub(crate) fn sending() -> Vec<Parameter> {
    let name = |name, summary| header(name, false, MESSAGE_NAME_BYTES_MAX, summary);
    vec![
        Parameter {
            example: Some(json!("BETA")),
            ..header(
                "Message-To",
                true,
                ADDRESS_BYTES_MAX,
                "Who shall get it: a mailbox, an endpoint, or an address with a route.",
            )
        },
        Parameter {
            example: Some(json!("LETTER")),
            ..header("Message-Type", true, MESSAGE_KIND_BYTES_MAX, "What kind of message it is.")
        },
        header(
            "Message-From",
            false,
            ADDRESS_BYTES_MAX,
            "In whose name it is sent: a mailbox or endpoint of the caller's organisation. The \
                client itself when absent; reports find no way back then.",
        ),
        name(
            "Message-Id",
            "The sender's own name for it. The same name with the same content again changes \
                nothing and is answered the same; with another content it is refused.",
        ),
        name("Idempotency-Key", "The same as Message-Id, for clients that know it by this name."),
        name(
            "Conversation-Id",
            "Groups what belongs together. When absent: that of the message replied to, or the \
                message's own id.",
        ),
        name("In-Reply-To", "The id of the message that it answers."),
        name(
            "Ordering-Key",
            "Messages with the same key go one after the other, where a route asks for it.",
        ),
    ]
}

/// What can be asked for in a list.
pub(crate) fn finding() -> Vec<Parameter> {
    let states: Vec<&str> = State::ALL.iter().map(|state| state.name()).collect();
    vec![
        query("party", "Sender or recipient.", json!({ "type": "string" })),
        query("kind", "The kind of message.", json!({ "type": "string" })),
        query(
            "state",
            "A state that one of its deliveries is in.",
            json!({ "type": "string", "enum": states }),
        ),
        query(
            "since",
            "Only those accepted since.",
            json!({ "type": "string", "format": "date-time" }),
        ),
        query("before", "Only those older than this message.", json!({ "type": "string" })),
        most(),
    ]
}

/// What can be asked for in a list of what waits.
pub(crate) fn waiting() -> Vec<Parameter> {
    let after = json!({ "type": "integer", "minimum": 0, "maximum": i64::MAX });
    vec![endpoint_name(), query("after", "From where on, as in `links.next`.", after), most()]
}

fn most() -> Parameter {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": MESSAGES_A_PAGE_MAX });
    query("most", "How many at most.", schema)
}

/// The id of a message.
pub(crate) fn message_id() -> Parameter {
    path("id", "The id of the message.", json!({ "type": "string" }))
}

/// The id of a conversation.
pub(crate) fn conversation_id() -> Parameter {
    path("id", "The id of the conversation.", json!({ "type": "string" }))
}

/// Which delivery of a message.
pub(crate) fn delivery_number() -> Parameter {
    path("n", "Which delivery of the message, from 1.", json!({ "type": "integer", "minimum": 1 }))
}

/// The name of an endpoint.
pub(crate) fn endpoint_name() -> Parameter {
    path("name", "The name of the endpoint.", json!({ "type": "string" }))
}

fn header(
    name: &'static str,
    required: bool,
    bytes_max: usize,
    summary: &'static str,
) -> Parameter {
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": bytes_max });
    Parameter { name, place: Place::Header, required, summary, schema, example: None }
}

fn query(name: &'static str, summary: &'static str, schema: Value) -> Parameter {
    Parameter { name, place: Place::Query, required: false, summary, schema, example: None }
}

fn path(name: &'static str, summary: &'static str, schema: Value) -> Parameter {
    Parameter { name, place: Place::Path, required: true, summary, schema, example: None }
}

/// The named schemas of the specification.
pub(crate) fn schemas() -> Value {
    json!({
        "Problem": problem::schema(),
        "Accepted": accepted(),
        "Message": message(),
        "Report": report(),
        "Delivery": delivery(),
        "Line": line(json!({})),
        "Page": page(),
        "Conversation": conversation(),
        "Endpoint": endpoint(),
        "Endpoints": object(&["endpoints"], &json!({ "endpoints": list("Endpoint") })),
        "Acknowledgement": object(&["wanted"], &json!({
            "wanted": { "type": "boolean" },
            "why": why(),
        })),
        "Because": object(&[], &json!({ "why": why() })),
    })
}

fn accepted() -> Value {
    object(
        &["id", "conversation", "links"],
        &json!({
            "id": text(),
            "conversation": text(),
            "links": object(&["self", "conversation"], &json!({
                "self": text(),
                "conversation": text(),
            })),
        }),
    )
}

fn message() -> Value {
    object(
        &[
            "id",
            "wire",
            "conversation",
            "type",
            "bytes",
            "accepted",
            "erased",
            "deliveries",
            "links",
        ],
        &json!({
            "id": text(),
            "wire": text(),
            "conversation": text(),
            "in_reply_to": text(),
            "from": text(),
            "to": text(),
            "type": text(),
            "local_id": text(),
            "media_type": text(),
            "bytes": count(),
            "accepted": instant(),
            "erased": { "type": "boolean" },
            "report": named("Report"),
            "deliveries": list("Delivery"),
            "links": object(&["self", "body", "conversation"], &json!({
                "self": text(),
                "body": text(),
                "conversation": text(),
            })),
        }),
    )
}

fn report() -> Value {
    let reasons = ["not-collected", "not-delivered", "refused", "no-recipient"];
    object(
        &["about", "reason", "text"],
        &json!({
            "about": text(),
            "reason": { "type": "string", "enum": reasons },
            "code": text(),
            "text": text(),
        }),
    )
}

fn delivery() -> Value {
    object(
        &["number", "recipient", "type", "state", "over", "attempts", "failures"],
        &json!({
            "number": count(),
            "recipient": text(),
            "type": text(),
            "state": state(),
            "over": { "type": "boolean" },
            "arrived": instant(),
            "deadline": instant(),
            "next_look": instant(),
            "attempts": count(),
            "failures": count(),
            "problem": text(),
            "resend_of": count(),
            "missing_before": count(),
            "report": text(),
            "history": list("Line"),
        }),
    )
}

/// A line of history, with more beside it.
fn line(more: Value) -> Value {
    let mut properties = json!({
        "at": instant(),
        "state": text(),
        "who": text(),
        "why": text(),
        "took_ms": count(),
    });
    if let (Some(properties), Value::Object(more)) = (properties.as_object_mut(), more) {
        properties.extend(more);
    }
    object(&["at", "state"], &properties)
}

fn page() -> Value {
    let next = json!({ "next": { "type": ["string", "null"] } });
    object(
        &["messages", "links"],
        &json!({ "messages": list("Message"), "links": object(&["next"], &next) }),
    )
}

fn conversation() -> Value {
    let event = line(json!({
        "message": text(),
        "role": { "type": "string", "enum": ["request", "answer", "report"] },
        "delivery": count(),
        "recipient": text(),
    }));
    object(
        &["id", "messages", "events"],
        &json!({
            "id": text(),
            "messages": list("Message"),
            "events": { "type": "array", "items": event },
        }),
    )
}

fn endpoint() -> Value {
    object(
        &[
            "name",
            "url",
            "wire",
            "organisation",
            "acknowledges",
            "private",
            "closed",
            "parked",
            "waiting",
        ],
        &json!({
            "name": text(),
            "url": text(),
            "wire": text(),
            "organisation": text(),
            "acknowledges": { "type": "boolean" },
            "private": { "type": "boolean" },
            "closed": { "type": "boolean" },
            "parked": { "type": "boolean" },
            "waiting": count(),
        }),
    )
}

fn object(required: &[&str], properties: &Value) -> Value {
    json!({
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": named(name) })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn why() -> Value {
    json!({ "type": "string", "maxLength": REASON_BYTES_MAX })
}

fn state() -> Value {
    let states: Vec<&str> = State::ALL.iter().map(|state| state.name()).collect();
    json!({ "type": "string", "enum": states })
}
