//! `GET /messages/conversations/{id}`: what was said in a conversation, and all that happened, in
//! order.

use base::Fault;
use broker::{Tracked, named_at, write_id};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use tokio::task::spawn_blocking;

use crate::faults::{broken, from_broker, not_found};
use crate::house::House;
use crate::rights::place;
use crate::show;

/// Answers `GET /messages/conversations/{id}`.
pub(crate) async fn get_conversation(house: House, request: Request) -> Answer {
    let shown = spawn_blocking(move || conversation(&house, &request));
    let shown = shown.await.map_err(broken)??;
    Ok(Reply::new(StatusCode::OK, "application/json", shown.to_string()))
}

fn conversation(house: &House, request: &Request) -> Result<Value, Fault> {
    let found = house.broker.conversation(request.path_value("id")).map_err(from_broker)?;
    let mut messages = found.messages;
    messages.retain(|one| house.may_see(&request.caller, one));
    if messages.is_empty() {
        return Err(not_found());
    }
    let mut events = Vec::new();
    for message in &messages {
        events.extend(events_of(house, message)?);
    }
    events.sort_by_key(|(at, _)| *at);
    let events: Vec<Value> = events.into_iter().map(|(_, event)| event).collect();
    let messages: Vec<Value> =
        messages.iter().map(|one| show::message(one, &request.origin)).collect();
    Ok(json!({ "id": found.id, "messages": messages, "events": events }))
}

/// Everything that happened to a message.
fn events_of(house: &House, message: &Tracked) -> Result<Vec<(Timestamp, Value)>, Fault> {
    let accepted = named_at(message.id);
    let about = |mut event: Value| {
        if let Some(event) = event.as_object_mut() {
            event.insert("message".into(), json!(write_id(message.id)));
            event.insert("role".into(), json!(role(message)));
        }
        event
    };
    let first = about(json!({
        "at": accepted.to_string(),
        "state": "accepted",
        "who": message.envelope.from,
    }));
    let mut events = vec![(accepted, first)];
    for track in &message.deliveries {
        for line in house.broker.history(track.id).map_err(from_broker)? {
            let mut event = about(show::line(&line));
            if let Some(event) = event.as_object_mut() {
                event.insert("delivery".into(), json!(track.id.number()));
                event.insert("recipient".into(), json!(place(&track.recipient)));
            }
            events.push((line.at, event));
        }
    }
    Ok(events)
}

/// What a message is in its conversation.
fn role(message: &Tracked) -> &'static str {
    let envelope = &message.envelope;
    match (envelope.is_report(), envelope.in_reply_to) {
        (true, _) => "report",
        (false, Some(_)) => "answer",
        (false, None) => "request",
    }
}
