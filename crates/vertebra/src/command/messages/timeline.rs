//! What happened to messages, for people to read.

use serde_json::Value;

/// A message on one line: when, which, what, from whom to whom, and how it stands.
pub(crate) fn summary(message: &Value) -> String {
    let states: Vec<String> = deliveries(message)
        .map(|delivery| match text(delivery, "recipient") {
            to if to == text(message, "to") => text(delivery, "state").to_owned(),
            to => format!("{} for {to}", text(delivery, "state")),
        })
        .collect();
    let states = if states.is_empty() { "for nobody".to_owned() } else { states.join(", ") };
    format!(
        "{}  {}  {}  {} -> {}  {states}",
        second(text(message, "accepted")),
        text(message, "id"),
        text(message, "type"),
        or_dash(text(message, "from")),
        or_dash(text(message, "to")),
    )
}

/// Everything about a message: what it is, and the history of each of its deliveries.
pub(crate) fn message(message: &Value) -> Vec<String> {
    let mut lines: Vec<String> = [
        ("message", "id"),
        ("type", "type"),
        ("from", "from"),
        ("to", "to"),
        ("accepted", "accepted"),
        ("came by", "wire"),
        ("local id", "local_id"),
        ("conversation", "conversation"),
        ("in reply to", "in_reply_to"),
        ("media type", "media_type"),
    ]
    .into_iter()
    .filter(|(_, name)| !text(message, name).is_empty())
    .map(|(label, name)| format!("{label:<13} {}", text(message, name)))
    .collect();
    let erased = message.get("erased").and_then(Value::as_bool) == Some(true);
    let bytes = message.get("bytes").and_then(Value::as_u64).unwrap_or_default();
    let gone = if erased { ", erased" } else { "" };
    lines.push(format!("{:<13} {bytes}{gone}", "bytes"));
    if let Some(report) = message.get("report") {
        let (about, why) = (text(report, "about"), text(report, "text"));
        lines.push(format!("{:<13} on {about}: {why}", "report"));
    }
    for delivery in deliveries(message) {
        lines.push(String::new());
        lines.extend(one_delivery(delivery));
    }
    lines
}

/// A conversation: one line for each thing that happened, in order.
pub(crate) fn conversation(conversation: &Value) -> Vec<String> {
    let events = conversation.get("events").and_then(Value::as_array).into_iter().flatten();
    let line = |event: &Value| {
        let recipient = text(event, "recipient");
        let to = if recipient.is_empty() { String::new() } else { format!(" for {recipient}") };
        format!(
            "{}  {:<7}  {}  {}{to}{}",
            milliseconds(text(event, "at")),
            text(event, "role"),
            text(event, "message"),
            text(event, "state"),
            told(event)
        )
    };
    let messages = conversation.get("messages").and_then(Value::as_array);
    let count = messages.map_or(0, Vec::len);
    let head = format!("conversation  {}, {count} messages", text(conversation, "id"));
    [head, String::new()].into_iter().chain(events.map(line)).collect()
}

fn one_delivery(delivery: &Value) -> Vec<String> {
    let number = delivery.get("number").and_then(Value::as_u64).unwrap_or_default();
    let again = delivery.get("resend_of").and_then(Value::as_u64);
    let again = again.map(|first| format!(", delivery {first} again")).unwrap_or_default();
    let (to, state) = (text(delivery, "recipient"), text(delivery, "state"));
    let mut lines = vec![format!("delivery {number} to {to}{again}: {state}")];
    let history = delivery.get("history").and_then(Value::as_array).into_iter().flatten();
    lines.extend(history.map(|event| {
        let at = milliseconds(text(event, "at"));
        format!("  {at}  {:<12}{}", text(event, "state"), told(event)).trim_end().to_owned()
    }));
    for (label, name) in
        [("last problem", "problem"), ("next look", "next_look"), ("given up at", "deadline")]
    {
        if !text(delivery, name).is_empty() {
            lines.push(format!("  {label}: {}", text(delivery, name)));
        }
    }
    lines
}

/// Who did something, why, and how long it took.
fn told(event: &Value) -> String {
    let (who, why) = (text(event, "who"), text(event, "why"));
    let took_ms = event.get("took_ms").and_then(Value::as_u64);
    let who = if who.is_empty() { String::new() } else { format!("  by {who}") };
    let why = if why.is_empty() { String::new() } else { format!("  {why}") };
    let took = took_ms.map(|took_ms| format!("  in {took_ms} ms")).unwrap_or_default();
    format!("{who}{why}{took}")
}

/// The deliveries of a message.
pub(crate) fn deliveries(message: &Value) -> impl Iterator<Item = &Value> {
    message.get("deliveries").and_then(Value::as_array).into_iter().flatten()
}

/// A field as text; empty when it is none.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// An instant to the second, for lists.
fn second(at: &str) -> String {
    at.parse::<jiff::Timestamp>()
        .map_or_else(|_| at.to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// An instant to the millisecond, for what happens quickly.
pub(crate) fn milliseconds(at: &str) -> String {
    at.parse::<jiff::Timestamp>()
        .map_or_else(|_| at.to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

#[cfg(test)]
mod tests;
