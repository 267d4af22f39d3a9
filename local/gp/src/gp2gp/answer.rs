//! The old practice answers a request: with the record, or with the reason why not.

use base::limit::{GP2GP_DOCUMENT_BYTES_MAX, GP2GP_RECORD_BYTES_MAX};
use desk::Conversation;
use desk::demographics::{Found, Wanted, look_up};
use hl7v3::wrapper::Transmission;

use super::acknowledge::About;
use super::attach::{Going, attach};
use super::request::{Asked, read};
use super::work::Step;
use super::wrap::{Draft, when};
use super::{COMMON, EXTRACT, Reason, acknowledge, extract, id_of, skeleton};
use crate::outbox::Letter;
use crate::record::{self, Record};
use crate::transfer::{Transfer, Way};

/// Answers a request from a partner.
///
/// # Errors
/// When this cannot be kept, or the demographics service does not answer now.
pub(super) async fn answer(step: &Step<'_>, message: &Transmission<'_>) -> Result<(), String> {
    let (system, conversation) = (step.system, step.conversation);
    let judged = match read(message) {
        None => Err(Reason::Malformed),
        Some(asked) => match judge(step, &asked).await? {
            Ok(record) => made(step, &message.id, asked, record).await,
            Err(reason) => Err(reason),
        },
    };
    let judged = match judged {
        Ok((transfer, _)) if transfer.fragments > 0 && !takes_fragments(step).await? => {
            Err(Reason::NoLargeMessages)
        }
        judged => judged,
    };
    match judged {
        Ok((transfer, letter)) => {
            if system.transfer(conversation).await.map_err(Step::failed)?.is_none() {
                system.keep(&transfer).await.map_err(Step::failed)?;
            }
            // The letter is the same if this is done again.
            system.post(&letter).await.map_err(Step::failed)
        }
        Err(reason) => {
            let about =
                About { of: &message.id, reason: Some(reason), fragment: false, at: step.at };
            acknowledge(system, conversation, step.from, about).await.map_err(Step::failed)
        }
    }
}

/// Whether a partner may have a record: the patient was here, and the demographics service says
/// that they are there now.
async fn judge(step: &Step<'_>, asked: &Asked) -> Result<Result<Record, Reason>, String> {
    let desk = &step.system.desk;
    if step.system.handler.disabled {
        return Ok(Err(Reason::Disabled));
    }
    let kept = desk.folder.get::<Record>(record::KIND, &asked.nhs_number).await;
    let Some(record) = kept.map_err(Step::failed)? else { return Ok(Err(Reason::NotHere)) };
    if asked.organisation != step.from.organisation {
        return Ok(Err(Reason::NotTheirPractice));
    }
    let wanted = Wanted { nhs_number: Some(asked.nhs_number.clone()), ..Wanted::default() };
    let conversation = Conversation::new(step.conversation);
    let found = match look_up(desk, &conversation, &wanted).await {
        Ok(found) => found,
        Err(_) if step.last => return Ok(Err(Reason::Unexpected)),
        Err(trouble) => return Err(trouble.to_string()),
    };
    let Found::Patient(patient) = found else { return Ok(Err(Reason::Unexpected)) };
    let practice = patient.pointer("/generalPractitioner/0/identifier/value");
    Ok(match practice.and_then(serde_json::Value::as_str) {
        Some(practice) if practice == step.from.organisation => Ok(record),
        _ => Err(Reason::NotTheirPractice),
    })
}

/// Whether the asker takes what does not fit into one message, as the directory says.
async fn takes_fragments(step: &Step<'_>) -> Result<bool, String> {
    let conversation = Conversation::new(step.conversation);
    let contract = step.system.contract(&conversation, &step.from.party, COMMON).await;
    contract.map(|contract| contract.is_some()).map_err(|trouble| trouble.to_string())
}

/// The extract of a record, and the transfer that begins with it.
async fn made(
    step: &Step<'_>,
    request: &str,
    asked: Asked,
    record: Record,
) -> Result<(Transfer, Letter), Reason> {
    let (system, conversation) = (step.system, step.conversation.to_string());
    let whole: u64 = record.documents.iter().map(|document| document.bytes).sum();
    let large = |bytes: u64| bytes > GP2GP_DOCUMENT_BYTES_MAX;
    let any = record.documents.iter().any(|document| large(document.bytes));
    if any || whole > GP2GP_RECORD_BYTES_MAX {
        return Err(Reason::NotGenerated);
    }
    let draft = Draft {
        id: id_of(&["extract", &conversation, &asked.id]),
        conversation: step.conversation,
        to: step.from,
        interaction: EXTRACT,
        what: "RCMR_IN030000UK06: here is the record".to_owned(),
        at: step.at,
    };
    let most = system.handler.message_bytes_max;
    let card = &system.desk.card;
    let mut going: Vec<Going> = record.documents.iter().map(Going::from).collect();
    let mut subject = extract::written(card, &draft, &asked, &record);
    let mut payload = draft.payload(card, None, Some(subject.clone()));
    if payload.len() + super::envelope::AROUND_BYTES > most {
        let at = when(step.at);
        let (document, compressed) = skeleton::compressed(system, &draft.id, &at, payload).await?;
        let bones = Record { notes: Vec::new(), documents: vec![document], ..record.clone() };
        going.insert(0, compressed);
        subject = extract::written(card, &draft, &asked, &bones);
        payload = draft.payload(card, None, Some(subject.clone()));
    }
    let (attached, apart) = attach(&conversation, going, payload.len(), most);
    let mut transfer = Transfer::new(step.conversation, Way::Out, &step.from.organisation);
    transfer.nhs_number.clone_from(&record.nhs_number);
    transfer.request = asked.id;
    request.clone_into(&mut transfer.request_message);
    transfer.extract.clone_from(&draft.id);
    transfer.fragments = apart.iter().map(|going| going.messages(most)).sum();
    transfer.going = apart;
    transfer.until = Some(system.handler.patience.acknowledged_by(step.at));
    Ok((transfer, draft.letter(system, None, Some(subject), attached)))
}
