//! Admits a patient: the practice becomes theirs, and begins a record.

use std::io::{Read, Write};

use base::Dice;
use base::limit::{GP2GP_EXTRACT_BYTES_MAX, GP2GP_RECORD_BYTES_MAX};
use desk::control::{Done, Refusal};
use desk::demographics::{Found, Wanted, look_up, register_at};
use serde::Deserialize;
use serde_json::json;

use crate::document::{Document, FILES, file_of};
use crate::record::{self, Note, Record};
use crate::registration::{self, Registration};
use crate::system::System;

/// Whom to admit, and what to note about them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The patient.
    nhs_number: String,
    /// What is noted at once.
    #[serde(default)]
    notes: Vec<String>,
    /// How much more is noted, in bytes: for extracts that are too large for a message.
    #[serde(default)]
    notes_bytes: usize,
    /// Documents to file with the record, made up for the occasion.
    #[serde(default)]
    documents: Vec<Wish>,
}

/// A document that is made up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// The name of the file.
    name: String,
    /// Its media type.
    #[serde(default = "octets")]
    content_type: String,
    /// How long it is, in bytes.
    bytes: u64,
}

fn octets() -> String {
    "application/octet-stream".to_owned()
}

/// How long each note is that only adds to the size, in bytes.
const NOTE_BYTES: usize = 1_000;
/// The most that can be asked for: more than can be sent, so that this can be shown.
const NOTES_BYTES_MAX: usize = 2 * GP2GP_EXTRACT_BYTES_MAX;
const DOCUMENTS_BYTES_MAX: u64 = GP2GP_RECORD_BYTES_MAX + 1024 * 1024;
/// How much of a document is made up at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// Admits a patient.
///
/// # Errors
/// When nothing can be kept, or what was told makes no sense.
pub(crate) async fn admit(system: &System, told: Told) -> Result<Done, Refusal> {
    let whole = told.documents.iter().try_fold(0_u64, |sum, wish| sum.checked_add(wish.bytes));
    if told.notes_bytes > NOTES_BYTES_MAX || whole.is_none_or(|it| it > DOCUMENTS_BYTES_MAX) {
        return Err(Refusal::incorrect("that is more than a record can have"));
    }
    let desk = &system.desk;
    let conversation = desk.begin();
    let wanted = Wanted { nhs_number: Some(told.nhs_number), ..Wanted::default() };
    let looked = look_up(desk, &conversation, &wanted).await;
    let looked = looked.map_err(|trouble| ("unanswered", trouble.to_string()));
    let admitted = match looked.and_then(Found::patient) {
        Ok(patient) => {
            let practice = &desk.card.organisation;
            let updated = register_at(desk, &conversation, &patient, practice).await;
            let updated = updated.map_err(|trouble| ("unanswered", trouble.to_string()));
            updated.and_then(Found::patient)
        }
        Err(why) => Err(why),
    };
    let patient = match admitted {
        Ok(patient) => patient,
        Err((outcome, why)) => return Ok(Done::new(&conversation, outcome, why)),
    };
    let now = desk.clock.now();
    let registration = Registration::read(&patient, now, &conversation);
    let at = now.strftime("%Y%m%d%H%M%S").to_string();
    let notes = told.notes.into_iter().chain(made_up(&desk.dice, told.notes_bytes));
    let notes = notes.map(|text| Note { at: at.clone(), text }).collect();
    let mut documents = Vec::new();
    for wish in told.documents {
        documents.push(filed(system, &registration.nhs_number, wish, &at).await?);
    }
    let record = Record { nhs_number: registration.nhs_number.clone(), notes, documents };
    desk.folder.put(record::KIND, &record.nhs_number, &record).await?;
    desk.folder.put(registration::KIND, &registration.nhs_number, &registration).await?;
    let says = format!("{} is the patient's practice now", desk.card.title);
    Ok(Done::new(&conversation, "admitted", says).with(json!(registration)))
}

/// Notes of so many bytes together, which cannot be made much smaller.
fn made_up(dice: &Dice, bytes: usize) -> impl Iterator<Item = String> {
    (0..bytes.div_ceil(NOTE_BYTES)).map(move |_| {
        let mut half = [0; NOTE_BYTES / 2];
        dice.fill(&mut half);
        base::hex(&half)
    })
}

/// Makes a document up, piece by piece.
async fn filed(
    system: &System,
    nhs_number: &str,
    wish: Wish,
    at: &str,
) -> std::io::Result<Document> {
    let (desk, bytes) = (&system.desk, wish.bytes);
    let id = desk.dice.uuid().to_string().to_uppercase();
    let document = Document {
        file: file_of(nhs_number, &id),
        id,
        name: wish.name,
        content_type: wish.content_type,
        at: at.to_owned(),
        ..Document::default()
    };
    let dice = desk.dice.clone();
    let content = move |to: &mut dyn Write| {
        let (mut block, mut left) = (vec![0; BLOCK], bytes);
        while left > 0 {
            dice.fill(&mut block);
            left -= std::io::copy(&mut block.as_slice().take(left), to)?;
        }
        Ok(())
    };
    let written = desk.folder.put_file(FILES, &document.file, content).await?;
    Ok(document.holding(written))
}
