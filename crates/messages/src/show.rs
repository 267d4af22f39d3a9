//! Messages, deliveries and endpoints as callers see them.

use base::Fault;
use broker::{Broker, Envelope, Line, Reason, Track, Tracked, named_at, write_id};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::BASE;
use crate::faults::from_broker;
use crate::rights::place;

/// What is written as a percentage in paths and queries: ids of the house are not.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');

/// Where a message can be tracked.
pub(crate) fn message_link(origin: &str, id: &str) -> String {
    format!("{origin}{BASE}/{id}")
}

/// Where a conversation can be read.
pub(crate) fn conversation_link(origin: &str, id: &str) -> String {
    format!("{origin}{BASE}/conversations/{}", encoded(id))
}

/// A text as it may stand in a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A message without its body: its envelope, and where its deliveries stand.
pub(crate) fn message(tracked: &Tracked, origin: &str) -> Value {
    let (envelope, id) = (&tracked.envelope, write_id(tracked.id));
    let conversation = Broker::conversation_of(tracked.id, envelope);
    let link = message_link(origin, &id);
    let links = json!({
        "self": link,
        "body": format!("{link}/body"),
        "conversation": conversation_link(origin, &conversation),
    });
    let mut shown = Map::new();
    let mut show = |name: &str, value: Value| {
        if !value.is_null() {
            shown.insert(name.to_owned(), value);
        }
    };
    show("id", json!(id));
    show("wire", json!(envelope.wire));
    show("conversation", json!(conversation));
    show("in_reply_to", json!(envelope.in_reply_to.map(|number| write_id(number.into()))));
    show("from", text(&envelope.from));
    show("to", text(&envelope.to));
    show("type", json!(envelope.kind));
    show("local_id", text(&envelope.local_id));
    show("media_type", text(&envelope.media_type));
    show("bytes", json!(envelope.bytes));
    show("accepted", json!(named_at(tracked.id).to_string()));
    show("erased", json!(tracked.erased));
    show("report", report(envelope));
    show("deliveries", tracked.deliveries.iter().map(delivery).collect());
    show("links", links);
    Value::Object(shown)
}

/// A message with the history of its deliveries.
///
/// # Errors
/// When the store fails.
pub(crate) fn with_history(
    broker: &Broker,
    tracked: &Tracked,
    origin: &str,
) -> Result<Value, Fault> {
    let mut shown = message(tracked, origin);
    let deliveries = shown.get_mut("deliveries").and_then(Value::as_array_mut);
    for (shown, track) in deliveries.into_iter().flatten().zip(&tracked.deliveries) {
        let lines = broker.history(track.id).map_err(from_broker)?;
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("history".into(), lines.iter().map(line).collect());
        }
    }
    Ok(shown)
}

fn delivery(track: &Track) -> Value {
    let detail = &track.detail;
    let open = !track.state.is_end();
    let mut shown = Map::new();
    let mut show = |name: &str, value: Value| {
        if !value.is_null() {
            shown.insert(name.to_owned(), value);
        }
    };
    show("number", json!(track.id.number()));
    show("recipient", json!(place(&track.recipient)));
    show("type", json!(track.topic));
    show("state", json!(track.state.name()));
    show("over", json!(!open));
    show("arrived", instant(track.arrived()));
    show("deadline", instant(open.then(|| detail.deadline())));
    show("next_look", instant(track.wake.filter(|_| open)));
    show("attempts", json!(detail.assigned));
    show("failures", json!(detail.failed));
    show("problem", text(&detail.problem));
    show("resend_of", number(detail.resend_of));
    show("missing_before", number(detail.gap.into()));
    let report = (detail.report != 0).then(|| write_id(store::messages::MessageId(detail.report)));
    show("report", json!(report));
    Value::Object(shown)
}

/// A line of history.
pub(crate) fn line(line: &Line) -> Value {
    let mut shown = json!({ "at": line.at.to_string(), "state": line.state.name() });
    if let Some(shown) = shown.as_object_mut() {
        let told = [
            ("who", text(&line.note.who)),
            ("why", text(&line.note.why)),
            ("took_ms", json!(line.note.took_ms)),
        ];
        let told = told.into_iter().filter(|(_, value)| !value.is_null());
        shown.extend(told.map(|(name, value)| (name.to_owned(), value)));
    }
    shown
}

fn report(envelope: &Envelope) -> Value {
    let Some(report) = &envelope.report else { return Value::Null };
    let (reason, code) = match &report.reason {
        Reason::NotCollected => ("not-collected", None),
        Reason::NotDelivered => ("not-delivered", None),
        Reason::Refused => ("refused", None),
        Reason::NoRecipient(code) => ("no-recipient", Some(code)),
    };
    let mut shown =
        json!({ "about": write_id(report.about.into()), "reason": reason, "text": report.text });
    if let (Some(code), Some(shown)) = (code, shown.as_object_mut()) {
        shown.insert("code".into(), json!(code));
    }
    shown
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn number(number: u64) -> Value {
    if number == 0 { Value::Null } else { json!(number) }
}

fn instant(at: Option<Timestamp>) -> Value {
    json!(at.map(|at| at.to_string()))
}
