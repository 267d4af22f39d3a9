//! Takes feedback: what became of a patient who was handed over.

use desk::bars::{Arrival, Event, Letter, Refusal, SERVICE_ID};
use fhir::message::Message;
use serde_json::Value;

use crate::handover::{Handover, KIND};
use crate::system::System;

/// Takes a message.
///
/// # Errors
/// Why it is not taken.
pub(crate) async fn take(
    system: &System,
    bundle: &Value,
    arrival: Arrival,
) -> Result<Value, Refusal> {
    let desk = &system.desk;
    let message = Message::read(bundle)?;
    if message.event().code != Event::Response.code() {
        return Err(Refusal::unprocessable("this trust takes answers to its referrals only"));
    }
    let (answered, _) = message
        .response()
        .ok_or_else(|| Refusal::bad("required", "MessageHeader.response: it is required"))?;
    let focus = message.focus().next();
    let text = |name: &str| focus.and_then(|one| one.get(name)?.as_str()).unwrap_or_default();
    let none = || Refusal::not_found("this trust made no such referral");
    if text("id").is_empty() || text("status").is_empty() {
        return Err(Refusal::bad("required", "ServiceRequest: id and status are required"));
    }
    let known: Option<Handover> = desk.folder.get(KIND, text("id")).await?;
    let mut handover = known.ok_or_else(none)?;
    let from = message.source().strip_prefix(SERVICE_ID).unwrap_or_default();
    let theirs = from.trim_start_matches('|') == handover.to
        && arrival.correlation == handover.conversation
        && answered == handover.header.to_string();
    if !theirs {
        return Err(none());
    }
    text("status").clone_into(&mut handover.told);
    desk.folder.put(KIND, &handover.id.to_string(), &handover).await?;
    let header = message.header().get("id").and_then(Value::as_str);
    let letter = Letter {
        id: desk.dice.uuid(),
        event: Event::Response,
        reason: "new",
        from: system.receiver.service(),
        to: &handover.to,
        answers: header,
    };
    let seen = focus.cloned().unwrap_or_default();
    Ok(letter.bundle(desk, vec![(handover.id, seen)]))
}
