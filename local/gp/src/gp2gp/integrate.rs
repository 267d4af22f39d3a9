//! The new practice puts a record in its place.

use base::limit::{GP2GP_DOCUMENT_BYTES_MAX, GP2GP_EXTRACT_BYTES_MAX, GP2GP_RECORD_BYTES_MAX};
use hl7v3::ebxml::Package;
use hl7v3::wrapper::Transmission;
use hl7v3::xml;

use super::acknowledge::About;
use super::assemble::{assembled, planned};
use super::extract::{Extract, read};
use super::fragment::go_on;
use super::gather::{Gathered, gather};
use super::work::Step;
use super::wrap::Draft;
use super::{COMMON, Reason, acknowledge, id_of, skeleton};
use crate::document::{Document, FILES};
use crate::record::{self, Record};
use crate::transfer::{Transfer, UNANSWERED, Way};

/// The kind of the files that hold extracts, until all is here that belongs to them.
const EXTRACTS: &str = "extract";

/// Takes an extract. What belongs to it may come later.
///
/// # Errors
/// When this cannot be kept.
pub(super) async fn integrate(
    step: &Step<'_>,
    package: &Package,
    message: &Transmission<'_>,
) -> Result<(), String> {
    let system = step.system;
    let known = system.transfer(step.conversation).await.map_err(Step::failed)?;
    let judged = match judge(known.as_ref(), step, message) {
        Ok(()) => gather(step, package, GP2GP_RECORD_BYTES_MAX).await?,
        Err(reason) => Err(reason),
    };
    let gathered = match judged {
        Ok(gathered) => gathered,
        Err(reason) => return refuse(step, &message.id, reason).await,
    };
    let payload = package.payload().map(|part| part.body.clone()).unwrap_or_default();
    let id = step.conversation.to_string();
    let kept = system.desk.folder.put_file(EXTRACTS, &id, move |to| to.write_all(&payload)).await;
    kept.map_err(Step::failed)?;
    let transfer = begun(step, &message.id, gathered).await?;
    match transfer {
        Some(transfer) if transfer.is_whole() => complete(step, transfer).await,
        Some(transfer) => proceed(step, &transfer).await,
        // It ended before; a step that is done again must not leave anything behind.
        None => match system.transfer(step.conversation).await.map_err(Step::failed)? {
            Some(transfer) => forget(step, &transfer).await,
            None => Ok(()),
        },
    }
}

/// Takes a fragment. With the last one the record is complete.
///
/// # Errors
/// When this cannot be kept.
pub(super) async fn add(
    step: &Step<'_>,
    package: &Package,
    message: &Transmission<'_>,
) -> Result<(), String> {
    let system = step.system;
    let known = system.transfer(step.conversation).await.map_err(Step::failed)?;
    let theirs = known
        .as_ref()
        .filter(|known| known.way == Way::In && known.partner == step.from.organisation);
    let known_before = theirs.is_some_and(|known| known.came.contains_key(step.message));
    let came = known.as_ref().map_or(0, |known| known.came_bytes);
    // What came counts already, if it comes again.
    let most = GP2GP_RECORD_BYTES_MAX.saturating_sub(if known_before { 0 } else { came });
    let gathered = match theirs {
        Some(known) if known.is_open() => gather(step, package, most).await?,
        // The step is done again, after the record is in its place.
        Some(_) if known_before => Ok(Gathered { references: Vec::new(), bytes: 0 }),
        _ => Err(Reason::LargeMessage),
    };
    let gathered = gathered.and_then(|gathered| {
        let nothing = gathered.references.is_empty() && !known_before;
        if nothing { Err(Reason::LargeMessage) } else { Ok(gathered) }
    });
    let reason = gathered.as_ref().err().copied();
    let about = About { of: &message.id, reason, fragment: true, at: step.at };
    let told = acknowledge(system, step.conversation, step.from, about).await;
    told.map_err(Step::failed)?;
    let Ok(gathered) = gathered else { return Ok(()) };
    let persist = step.persist().await;
    let changed = system.change(step.conversation, |transfer| {
        if transfer.came.insert(step.message.to_owned(), gathered.references).is_none() {
            transfer.came_bytes += gathered.bytes;
        }
        (transfer.fragments, transfer.fragments_done) = transfer.count();
        let until = system.handler.patience.complete_by(step.at, transfer.fragments, persist);
        transfer.until = transfer.until.max(Some(until));
    });
    match changed.await.map_err(Step::failed)? {
        Some(transfer) if transfer.is_whole() && !transfer.extract.is_empty() => {
            complete(step, transfer).await
        }
        _ => Ok(()),
    }
}

/// Whether an extract is the one that was asked for. What stands in it is read when all is here.
fn judge(
    known: Option<&Transfer>,
    step: &Step<'_>,
    message: &Transmission<'_>,
) -> Result<(), Reason> {
    let extract = read(message).ok_or(Reason::MalformedExtract)?;
    let asked = known.filter(|known| {
        known.way == Way::In
            && known.request == extract.request
            && known.partner == step.from.organisation
            && known.nhs_number == extract.record.nhs_number
    });
    let asked = asked.ok_or(Reason::WrongPatient)?;
    if asked.state == UNANSWERED {
        // It is not waited for any more, and perhaps asked for again.
        return Err(Reason::TimedOut);
    }
    // The step may be done again; another extract is one too many.
    let first = asked.extract.is_empty() || asked.extract == message.id;
    if first { Ok(()) } else { Err(Reason::Duplicate) }
}

/// Notes what the extract came with; nothing when the transfer is not open any more.
async fn begun(
    step: &Step<'_>,
    extract: &str,
    gathered: Gathered,
) -> Result<Option<Transfer>, String> {
    let persist = step.persist().await;
    let changed = step.system.change(step.conversation, |transfer| {
        extract.clone_into(&mut transfer.extract);
        "receiving".clone_into(&mut transfer.state);
        if transfer.manifest.is_empty() {
            transfer.came_bytes += gathered.bytes;
        }
        transfer.manifest = gathered.references;
        (transfer.fragments, transfer.fragments_done) = transfer.count();
        let patience = &step.system.handler.patience;
        transfer.until = Some(patience.complete_by(step.at, transfer.fragments, persist));
    });
    changed.await.map_err(Step::failed)
}

/// Asks the old practice to go on.
async fn proceed(step: &Step<'_>, transfer: &Transfer) -> Result<(), String> {
    let draft = Draft {
        id: id_of(&["continue", &transfer.extract]),
        conversation: step.conversation,
        to: step.from,
        interaction: COMMON,
        what: "COPC_IN000001UK01: go on".to_owned(),
        at: step.at,
    };
    let from = &step.system.desk.card.organisation;
    let subject = go_on(&draft, from, &transfer.extract);
    let letter = draft.letter(step.system, None, Some(subject), Vec::new());
    step.system.post(&letter).await.map_err(Step::failed)
}

/// All is here: puts the record in its place, and says so.
async fn complete(step: &Step<'_>, transfer: Transfer) -> Result<(), String> {
    let system = step.system;
    let came = match whole(step, &transfer).await {
        Ok(came) => came,
        Err(reason) => {
            refuse(step, &transfer.extract, reason).await?;
            return forget(step, &transfer).await;
        }
    };
    let placed = placed(step, came).await;
    let reason = placed.is_err().then_some(Reason::NotIntegrated);
    let about = About { of: &transfer.extract, reason, fragment: false, at: step.at };
    // The letter is noted first: it is the same if all of this is done again.
    let told = acknowledge(system, step.conversation, step.from, about).await;
    told.map_err(Step::failed)?;
    let state = if reason.is_some() { "not-integrated" } else { "integrated" };
    system.ended(step.conversation, state).await.map_err(Step::failed)?;
    forget(step, &transfer).await
}

/// The record, from everything that came. When it cannot be had, nothing of it stays.
async fn whole(step: &Step<'_>, transfer: &Transfer) -> Result<Record, Reason> {
    let mut made = Vec::new();
    let record = put_together(step, transfer, &mut made).await;
    if record.is_err() {
        for file in made {
            let _ = step.system.desk.folder.remove_file(FILES, &file).await;
        }
    }
    record
}

/// The record, from everything that came; and the files that were made for it.
async fn put_together(
    step: &Step<'_>,
    transfer: &Transfer,
    made: &mut Vec<String>,
) -> Result<Record, Reason> {
    let system = step.system;
    let mut documents: Vec<Document> = Vec::new();
    let mut extract = None;
    let mut left = GP2GP_RECORD_BYTES_MAX;
    let here = system.desk.folder.get::<Record>(record::KIND, &transfer.nhs_number).await;
    let here = here.map_err(|_| Reason::NotIntegrated)?.unwrap_or_default();
    for (number, referred) in transfer.manifest.iter().enumerate() {
        // What is here already stays as it is, whatever the sender has under that id.
        let known = here.documents.iter().find(|known| known.id == referred.id);
        if let Some(known) = known.filter(|_| !referred.skeleton) {
            documents.push(known.clone());
            continue;
        }
        let planned = planned(transfer, number, referred);
        if made.contains(&planned.file) {
            // Two under one id: nobody knows which of them it is.
            return Err(Reason::NotAssembled);
        }
        made.push(planned.file.clone());
        let most = left.min(GP2GP_DOCUMENT_BYTES_MAX);
        let document = assembled(system, transfer, referred, planned, most).await?;
        left = left.saturating_sub(document.bytes);
        if referred.skeleton {
            extract = Some(skeleton::expanded(system, &document.file).await?);
            let _ = system.desk.folder.remove_file(FILES, &document.file).await;
        } else {
            documents.push(document);
        }
    }
    let extract = if let Some(extract) = extract {
        extract
    } else {
        let id = step.conversation.to_string();
        let read = system.desk.folder.read_file(EXTRACTS, &id, 0, u64::MAX).await;
        read.map_err(|_| Reason::NotIntegrated)?
    };
    let mut record = parsed(&extract)?.record;
    for document in &mut documents {
        let said = record.documents.iter().find(|said| said.id.eq_ignore_ascii_case(&document.id));
        if let Some(said) = said {
            document.at.clone_from(&said.at);
            // The description in the envelope cannot hold every name.
            if !said.name.is_empty() {
                document.name.clone_from(&said.name);
            }
        }
    }
    let here = |said: &str| documents.iter().any(|one| one.id.eq_ignore_ascii_case(said));
    let missing = record.documents.iter().any(|said| !said.id.is_empty() && !here(&said.id));
    if missing || record.documents.len() > documents.len() {
        return Err(Reason::AttachmentsMissing);
    }
    record.documents = documents;
    Ok(record)
}

fn parsed(extract: &[u8]) -> Result<Extract, Reason> {
    let root = xml::parse_within(extract, GP2GP_EXTRACT_BYTES_MAX);
    let root = root.map_err(|_| Reason::MalformedExtract)?;
    let message = Transmission::read(root).map_err(|_| Reason::MalformedExtract)?;
    read(&message).ok_or(Reason::MalformedExtract)
}

/// Puts what came to what is here already.
async fn placed(step: &Step<'_>, came: Record) -> std::io::Result<()> {
    let folder = &step.system.desk.folder;
    let number = came.nhs_number.clone();
    let here: Option<Record> = folder.get(record::KIND, &number).await?;
    let mut whole =
        here.unwrap_or_else(|| Record { nhs_number: number.clone(), ..Record::default() });
    whole.add(came);
    folder.put(record::KIND, &number, &whole).await
}

/// Refuses an extract.
async fn refuse(step: &Step<'_>, extract: &str, reason: Reason) -> Result<(), String> {
    let about = About { of: extract, reason: Some(reason), fragment: false, at: step.at };
    let told = acknowledge(step.system, step.conversation, step.from, about).await;
    told.map_err(Step::failed)?;
    if reason == Reason::Duplicate {
        return Ok(());
    }
    let state = format!("refused-{}", reason.code());
    step.system.ended(step.conversation, &state).await.map_err(Step::failed)
}

/// Forgets what is not needed any more.
async fn forget(step: &Step<'_>, transfer: &Transfer) -> Result<(), String> {
    transfer.forget_pieces(step.system).await.map_err(Step::failed)?;
    let id = step.conversation.to_string();
    step.system.desk.folder.remove_file(EXTRACTS, &id).await.map_err(Step::failed)
}
