//! Admits a patient: the practice becomes theirs, and begins a record.

use desk::control::{Done, Refusal};
use desk::demographics::{Wanted, look_up, register_at};
use serde::Deserialize;
use serde_json::json;

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
    /// How large one more note is, in bytes, at most 16 MiB: for records that are too large.
    #[serde(default)]
    padding_bytes: usize,
}

const PADDING_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Admits a patient.
///
/// # Errors
/// When nothing can be kept.
pub(crate) async fn admit(system: &System, told: Told) -> Result<Done, Refusal> {
    let desk = &system.desk;
    let conversation = desk.begin();
    let wanted = Wanted { nhs_number: Some(told.nhs_number), ..Wanted::default() };
    let looked = look_up(desk, &conversation, &wanted).await;
    let looked = looked.map_err(|trouble| ("unanswered", trouble.to_string()));
    let admitted = match looked.and_then(desk::demographics::Found::patient) {
        Ok(patient) => {
            let practice = &desk.card.organisation;
            let updated = register_at(desk, &conversation, &patient, practice).await;
            let updated = updated.map_err(|trouble| ("unanswered", trouble.to_string()));
            updated.and_then(desk::demographics::Found::patient)
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
    let padding = "x".repeat(told.padding_bytes.min(PADDING_BYTES_MAX));
    let padding = (!padding.is_empty()).then_some(padding);
    let notes =
        told.notes.into_iter().chain(padding).map(|text| Note { at: at.clone(), text }).collect();
    let record = Record { nhs_number: registration.nhs_number.clone(), notes };
    desk.folder.put(record::KIND, &record.nhs_number, &record).await?;
    desk.folder.put(registration::KIND, &registration.nhs_number, &registration).await?;
    let says = format!("{} is the patient's practice now", desk.card.title);
    Ok(Done::new(&conversation, "admitted", says).with(json!(registration)))
}
