//! The new practice puts a record in its place.

use desk::Conversation;
use hl7v3::wrapper::Transmission;

use super::acknowledge::acknowledge;
use super::extract::read;
use super::{Partner, Reason};
use crate::record::{self, Record};
use crate::system::System;
use crate::transfer::Transfer;

/// Takes an extract, and tells who sent it what became of it.
///
/// # Errors
/// When this cannot be kept, or cannot be told.
pub(super) async fn integrate(
    system: &System,
    conversation: &Conversation,
    from: &Partner,
    message: &Transmission<'_>,
) -> Result<(), String> {
    let known = system.transfer(conversation.id()).await.map_err(|error| error.to_string())?;
    let judged = judge(known.as_ref(), from, message);
    let (state, reason) = match judged {
        Ok(record) => match placed(system, record).await {
            Ok(()) => ("integrated".to_owned(), None),
            Err(_) => ("not-integrated".to_owned(), Some(Reason::NotIntegrated)),
        },
        Err(reason) => (format!("refused-{}", reason.code()), Some(reason)),
    };
    let told = acknowledge(system, conversation, from, &message.id, reason).await;
    if let Some(known) = known {
        let transfer = Transfer { state, extract: message.id.clone(), ..known };
        system.keep(&transfer).await.map_err(|error| error.to_string())?;
    }
    told.map(drop).map_err(|trouble| trouble.to_string())
}

/// The record, if it is the one that was asked for.
fn judge(
    known: Option<&Transfer>,
    from: &Partner,
    message: &Transmission<'_>,
) -> Result<Record, Reason> {
    let extract = read(message).ok_or(Reason::MalformedExtract)?;
    let asked = known
        .filter(|known| known.request == extract.request && known.partner == from.organisation);
    match asked {
        Some(asked) if asked.nhs_number == extract.record.nhs_number => Ok(extract.record),
        _ => Err(Reason::WrongPatient),
    }
}

/// Puts what came behind what is here already. What was here before is not put in twice.
async fn placed(system: &System, came: Record) -> std::io::Result<()> {
    let folder = &system.desk.folder;
    let here: Option<Record> = folder.get(record::KIND, &came.nhs_number).await?;
    let mut whole = Record { nhs_number: came.nhs_number, notes: came.notes };
    let more = here.unwrap_or_default().notes;
    let more: Vec<_> = more.into_iter().filter(|note| !whole.notes.contains(note)).collect();
    whole.notes.extend(more);
    whole.notes.sort_by(|one, other| one.at.cmp(&other.at));
    folder.put(record::KIND, &whole.nhs_number, &whole).await
}
