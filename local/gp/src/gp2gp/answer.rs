//! The old practice answers a request: with the record, or with the reason why not.

use desk::Conversation;
use desk::demographics::{Found, Wanted, look_up};
use hl7v3::wrapper::Transmission;

use super::acknowledge::acknowledge;
use super::envelope::{Manner, Outgoing};
use super::request::{Asked, read};
use super::{Partner, Reason, extract, post};
use crate::record::{self, Record};
use crate::system::System;
use crate::transfer::{Transfer, Way};

/// Answers a request from a partner.
///
/// # Errors
/// When this cannot be kept, or cannot be told.
pub(super) async fn answer(
    system: &System,
    conversation: &Conversation,
    from: &Partner,
    message: &Transmission<'_>,
) -> Result<(), String> {
    let asked = read(message);
    let judged = match &asked {
        None => Err(Reason::Malformed),
        Some(asked) => judge(system, conversation, from, asked).await,
    };
    let (asked, record) = match (asked, judged) {
        (Some(asked), Ok(record)) => (asked, record),
        (_, judged) => {
            let reason = judged.err().unwrap_or(Reason::Unexpected);
            let told = acknowledge(system, conversation, from, &message.id, Some(reason)).await;
            return told.map(drop).map_err(|trouble| trouble.to_string());
        }
    };
    let extract = extract::message(&system.desk, from, &asked, &record);
    let transfer = Transfer {
        conversation: conversation.id(),
        nhs_number: record.nhs_number.clone(),
        way: Way::Out,
        partner: from.organisation.clone(),
        request: asked.id,
        state: "sent".to_owned(),
        extract: extract.id.clone(),
    };
    system.keep(&transfer).await.map_err(|error| error.to_string())?;
    let what = "RCMR_IN030000UK06: here is the record";
    let outgoing = Outgoing { to: from, what, message: extract, manner: Manner::Usual };
    let posted = post(&system.desk, &system.handler, conversation, outgoing).await;
    let posted = posted.map_err(|trouble| trouble.to_string())?;
    if posted.status == 202 {
        return Ok(());
    }
    // The asker must not wait for what cannot be sent.
    let reason = Reason::NotGenerated;
    let told = acknowledge(system, conversation, from, &message.id, Some(reason)).await;
    let ended = system.ended(conversation.id(), &format!("not-taken-{}", posted.status)).await;
    ended.map_err(|error| error.to_string())?;
    told.map(drop).map_err(|trouble| trouble.to_string())
}

/// Whether a partner may have a record: the patient was here, and the demographics service says
/// that they are there now.
async fn judge(
    system: &System,
    conversation: &Conversation,
    from: &Partner,
    asked: &Asked,
) -> Result<Record, Reason> {
    let desk = &system.desk;
    let kept = desk.folder.get::<Record>(record::KIND, &asked.nhs_number).await;
    let record = kept.map_err(|_| Reason::Unexpected)?.ok_or(Reason::NotHere)?;
    if asked.organisation != from.organisation {
        return Err(Reason::NotTheirPractice);
    }
    let wanted = Wanted { nhs_number: Some(asked.nhs_number.clone()), ..Wanted::default() };
    let found = look_up(desk, conversation, &wanted).await.map_err(|_| Reason::Unexpected)?;
    let Found::Patient(patient) = found else { return Err(Reason::Unexpected) };
    let practice = patient.pointer("/generalPractitioner/0/identifier/value");
    match practice.and_then(serde_json::Value::as_str) {
        Some(practice) if practice == from.organisation => Ok(record),
        _ => Err(Reason::NotTheirPractice),
    }
}
