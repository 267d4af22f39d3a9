//! The story `transfer`: a patient's record goes from one practice to another, through the national
//! message broker.

use base::limit::GP2GP_DOCUMENT_BYTES_MAX;
use serde_json::{Value, json};

use super::cast::Cast;
use super::{Played, Unhappy};
use crate::command::Failure;

const TITLE: &str = "transfer: a practice gets a patient's record from the one before";
/// A patient of the published sandbox, who has no practice to begin with.
const PATIENT: &str = "9736363120";
/// Another one, whom the old practice never had.
const STRANGER: &str = "9736363074";
/// How long the old practice does not run, or does nothing, in seconds.
const AWAY_S: u64 = 2;
const SILENT_S: u64 = 2;
/// How long the new practice waits for a record that does not come, in seconds.
const WAIT_S: u64 = 3;
/// More than a document may have that goes from one practice to another, in bytes.
const TOO_LARGE: u64 = GP2GP_DOCUMENT_BYTES_MAX + 1;

/// Plays it. First the patient is one of the old practice, which begins a record.
pub(super) fn play(cast: &Cast, unhappy: Option<Unhappy>) -> Result<Played, Failure> {
    let (old, new) = (cast.actor("hill-road")?, cast.actor("riverside")?);
    let mut notes = json!({
        "nhs_number": PATIENT,
        "notes": ["Asthma since 2019", "Allergic to penicillin", "Flu vaccination given"],
    });
    let mut told = json!({ "nhs_number": PATIENT });
    let mut add = |name: &str, value: Value| {
        if let Some(told) = told.as_object_mut() {
            told.insert(name.to_owned(), value);
        }
    };
    let mut before: Option<(&str, Value)> = None;
    let expected: &[&str] = match unhappy {
        None => &["integrated"],
        Some(Unhappy::RecipientDown) => {
            before = Some(("away", json!({ "seconds": AWAY_S })));
            &["integrated"]
        }
        // Who is not the patient's practice gets no record.
        Some(Unhappy::RecipientRefuses) => {
            add("without_registration", true.into());
            &["refused-19"]
        }
        Some(Unhappy::PatientUnknown) => {
            add("nhs_number", STRANGER.into());
            &["refused-06"]
        }
        Some(Unhappy::RecordTooLarge) => {
            if let Some(notes) = notes.as_object_mut() {
                notes.insert("documents".to_owned(), json!([document(TOO_LARGE)]));
            }
            &["refused-10"]
        }
        Some(Unhappy::Duplicate) => {
            add("twice", true.into());
            &["integrated"]
        }
        Some(Unhappy::NeverAnswered) => {
            add("wait_s", WAIT_S.into());
            before = Some(("silent", json!({ "seconds": SILENT_S })));
            &["asked"]
        }
        Some(Unhappy::CallerNotAllowed) => {
            add("without_certificate", true.into());
            &["not-allowed"]
        }
    };
    add("from", old.organisation.clone().into());
    let admitted = old.act("admit", &notes)?;
    if admitted.outcome != "admitted" {
        return Err(format!("{} did not admit the patient: {}", old.title, admitted.says));
    }
    if let Some((act, how)) = before {
        old.act(act, &how)?;
    }
    let done = new.act("transfer", &told)?;
    Ok(Played { title: TITLE, acts: vec![done], expected })
}

/// A document of so many bytes.
fn document(bytes: u64) -> Value {
    json!({ "name": "scan.tiff", "content_type": "image/tiff", "bytes": bytes })
}
