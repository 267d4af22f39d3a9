//! The shapes of what is asked and answered, for the API's specification.

use serde_json::{Value, json};
use service::{Parameter, Place};

use crate::handshake;
use crate::inbox::{RESULTS_MAX, RESULTS_MIN};

/// The headers of a message as it is handed out.
pub(crate) const DOWNLOAD_HEADERS: &[(&str, &str)] = &[
    ("mex-messageid", "The id of the message."),
    ("mex-from", "The mailbox that sent it; absent from a report."),
    ("mex-to", "The mailbox that it waits in."),
    ("mex-workflowid", "The workflow that it belongs to."),
    ("mex-chunk-range", "Which chunk this is of how many."),
    ("mex-total-chunks", "How many chunks there are."),
    ("mex-messagetype", "`DATA`, or `REPORT` for a report about a message that did not arrive."),
    ("mex-localid", "The sender's own name for it."),
    ("mex-filename", "The name of the file."),
    ("mex-subject", "The subject."),
    ("mex-linkedmsgid", "Of a report: the message that did not arrive."),
    ("mex-statuscode", "`00`, or of a report why."),
    ("mex-statusdescription", "The same in words."),
    ("mex-conversation-id", "The conversation that it belongs to (an extension)."),
    ("mex-in-reply-to", "The message that it answers (an extension)."),
];

/// A form among the schemas.
pub(crate) fn named(form: &str) -> Value {
    if form.is_empty() {
        json!({})
    } else {
        json!({ "$ref": format!("#/components/schemas/{form}") })
    }
}

fn parameter(
    (place, name): (Place, &'static str),
    required: bool,
    summary: &'static str,
    schema: Value,
) -> Parameter {
    Parameter { name, place, required, summary, schema, example: None }
}

fn text(
    place: (Place, &'static str),
    required: bool,
    summary: &'static str,
    most: u32,
) -> Parameter {
    parameter(place, required, summary, json!({ "type": "string", "maxLength": most }))
}

fn accept() -> Parameter {
    let summary = "`application/vnd.mesh.v2+json` for version 2; version 1 otherwise.";
    text((Place::Header, "accept"), false, summary, 1_000)
}

/// The mailbox in the path, and the version that is asked for.
pub(crate) fn mailbox() -> Vec<Parameter> {
    let mailbox = text((Place::Path, "mailbox"), true, "The id of the mailbox.", 100);
    vec![Parameter { example: Some("X26ABC1".into()), ..mailbox }, accept()]
}

/// The message in the path.
pub(crate) fn message() -> Vec<Parameter> {
    vec![text((Place::Path, "message"), true, "The id of the message.", 100)]
}

/// The message in the query.
pub(crate) fn message_asked() -> Vec<Parameter> {
    vec![text((Place::Query, "messageID"), true, "The id of the message.", 100)]
}

/// The chunk in the path.
pub(crate) fn chunk() -> Vec<Parameter> {
    let number = json!({ "type": "integer", "minimum": 1 });
    vec![parameter((Place::Path, "chunk"), true, "Which chunk, from 1.", number)]
}

/// What a client says of itself.
pub(crate) fn client() -> Vec<Parameter> {
    let required = handshake::REQUIRED
        .iter()
        .map(|name| text((Place::Header, name), true, "What the client is and runs on.", 1_000));
    let others = ["mex-osarchitecture", "mex-javaversion"].into_iter();
    let optional =
        others.map(|name| text((Place::Header, name), false, "What the client runs on.", 1_000));
    required.chain(optional).collect()
}

/// Which page of a list.
pub(crate) fn page() -> Vec<Parameter> {
    let most = json!({ "type": "integer", "minimum": RESULTS_MIN, "maximum": RESULTS_MAX });
    let from = json!({ "type": "string", "minLength": 24, "maxLength": 1_000 });
    vec![
        parameter((Place::Query, "max_results"), false, "How many on a page.", most),
        parameter((Place::Query, "continue_from"), false, "Where to go on: from `next`.", from),
    ]
}

/// Which workflows.
pub(crate) fn filter() -> Vec<Parameter> {
    let schema = json!({ "type": "string", "minLength": 2, "maxLength": 255 });
    let summary = "`X`, `X*` or `*X*`; with `!` before it, the others.";
    vec![parameter((Place::Query, "workflow_filter"), false, summary, schema)]
}

/// Since when.
pub(crate) fn start_time() -> Vec<Parameter> {
    vec![text((Place::Query, "start_time"), false, "Since when, in ISO 8601.", 100)]
}

/// The sender's own name for a message.
pub(crate) fn local_id() -> Vec<Parameter> {
    vec![text((Place::Path, "local_id"), true, "The sender's own name for the message.", 300)]
}

/// The organisation in the path.
pub(crate) fn ods_code() -> Vec<Parameter> {
    let code = text((Place::Path, "ods_code"), true, "The ODS code of the organisation.", 100);
    vec![Parameter { example: Some("X26".into()), ..code }]
}

/// The workflow in the path.
pub(crate) fn workflow() -> Vec<Parameter> {
    let workflow = text((Place::Path, "workflow"), true, "The id of the workflow.", 300);
    vec![Parameter { example: Some("TEST_WORKFLOW".into()), ..workflow }, accept()]
}

/// The headers of a message that is sent.
pub(crate) fn send_headers() -> Vec<Parameter> {
    let optional = [
        ("mex-subject", "The subject.", 500),
        ("mex-localid", "The sender's own name for it. No patient data.", 300),
        ("mex-partnerid", "Whatever the parties agreed on.", 500),
        ("mex-filename", "The name of the file.", 300),
        ("mex-content-encrypted", "`Y` when the body is encrypted.", 10),
        ("mex-content-compressed", "`Y` when the body is compressed by agreement.", 10),
        ("mex-content-checksum", "A checksum of the body, for the receiver.", 100),
        ("mex-content-type", "The media type of the body, if not that of the request.", 100),
        ("mex-conversation-id", "The conversation that it belongs to (an extension).", 100),
        ("mex-in-reply-to", "The message that it answers (an extension).", 100),
    ];
    let optional =
        optional.map(|(name, summary, most)| text((Place::Header, name), false, summary, most));
    let to = text((Place::Header, "mex-to"), true, "The mailbox that shall get it.", 100);
    let workflow = text((Place::Header, "mex-workflowid"), true, "The workflow.", 300);
    let required = vec![
        Parameter { example: Some("X26ABC2".into()), ..to },
        Parameter { example: Some("TEST_WORKFLOW".into()), ..workflow },
    ];
    [required, optional.to_vec(), chunk_headers()].concat()
}

/// The headers of a chunk.
pub(crate) fn chunk_headers() -> Vec<Parameter> {
    let range = "Which chunk of how many, as `number:of`. Each chunk is compressed by itself.";
    vec![
        text((Place::Header, "mex-chunk-range"), false, range, 20),
        text((Place::Header, "content-encoding"), false, "`gzip`, or nothing.", 10),
    ]
}

/// Every form.
pub(crate) fn schemas() -> Value {
    let string = || json!({ "type": "string" });
    let ids = || json!({ "type": "array", "items": { "type": "string" } });
    let links = || {
        json!({
            "type": "object",
            "required": ["self"],
            "properties": { "self": string(), "next": string() },
        })
    };
    json!({
        "Handshake": object(&[("mailboxId", string())]),
        "Acknowledged": object(&[("messageId", string())]),
        "InboxV1": object(&[("messages", ids())]),
        "InboxV2": object(&[
            ("messages", ids()),
            ("links", links()),
            ("approx_inbox_count", json!({ "type": "integer" })),
        ]),
        "CountV1": object(&[
            ("count", json!({ "type": "integer" })),
            ("internalID", string()),
            ("allResultsIncluded", json!({ "type": "boolean" })),
        ]),
        "CountV2": object(&[("count", json!({ "type": "integer" }))]),
        "SentV1": object(&[("messageID", string())]),
        "SentV2": object(&[("message_id", string())]),
        "ChunkSent": object(&[("messageID", string()), ("blockID", json!({ "type": "integer" }))]),
        "TrackingV1": { "type": "object", "required": ["messageId", "dtsId", "fileSize"] },
        "TrackingV2": { "type": "object", "required": ["message_id", "status"] },
        "Rich": object(&[
            ("valid_at", string()),
            ("messages", json!({ "type": "array", "items": { "type": "object" } })),
            ("links", links()),
        ]),
        "LookupV1": object(&[("query_id", string()), ("results", results(&[
            ("address", string()),
            ("description", string()),
            ("endpoint_type", json!({ "const": "MESH" })),
        ]))]),
        "LookupV2": object(&[("results", results(&[
            ("mailbox_id", string()),
            ("mailbox_name", string()),
        ]))]),
        "Running": { "type": "object", "required": ["status", "outcome"] },
        "ErrorV1": {
            "type": "object",
            "required": ["errorEvent", "errorCode", "errorDescription"],
        },
        "ErrorV2": object(&[("detail", results(&[
            ("event", string()),
            ("code", string()),
            ("msg", string()),
        ]))]),
        "ValidationError": object(&[("detail", results(&[
            ("type", string()),
            ("loc", json!({ "type": "array" })),
            ("msg", string()),
        ]))]),
        "NothingHere": object(&[("detail", string())]),
    })
}

fn object(members: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn results(members: &[(&str, Value)]) -> Value {
    json!({ "type": "array", "items": object(members) })
}
