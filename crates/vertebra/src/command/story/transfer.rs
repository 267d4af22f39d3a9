//! The story `transfer`: a patient's record goes from one practice to another, through the national
//! message broker.

use std::time::{Duration, Instant};

use base::limit::GP2GP_DOCUMENT_BYTES_MAX;
use desk::control::Done;
use serde_json::{Value, json};

use super::cast::{Actor, Cast};
use super::{Played, Unhappy};
use crate::command::Failure;
use crate::progress::Progress;

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
/// How long a large one may take.
const LONGEST: Duration = Duration::from_mins(15);
/// The largest document of a large record, in bytes.
const DOCUMENT_BYTES: u64 = 100_000_000;
/// How often somebody looks how far a large record has come.
const LOOK: Duration = Duration::from_millis(50);
/// How large the document of a usual record is, in bytes.
const SMALL: u64 = 40_000;
/// More than a document may have that goes from one practice to another, in bytes.
const TOO_LARGE: u64 = GP2GP_DOCUMENT_BYTES_MAX + 1;

/// What the practices are told, and with what the story ends then.
struct Script {
    /// What the old practice notes about the patient.
    notes: Value,
    /// What it does before it is asked.
    before: Option<(&'static str, Value)>,
    /// What the new practice is told.
    told: Value,
    expected: &'static [&'static str],
}

/// Plays it. First the patient is one of the old practice, which begins a record.
pub(super) fn play(
    cast: &Cast,
    unhappy: Option<Unhappy>,
    size: Option<u64>,
) -> Result<Played, Failure> {
    let (old, new) = (cast.actor("hill-road")?, cast.actor("riverside")?);
    let mut script = script(unhappy);
    script.told = with(script.told, "from", old.organisation.clone().into());
    if let Some(size) = size {
        script.notes = with(script.notes, "documents", documents(size));
        script.told = with(script.told, "wait_s", 0.into());
    }
    let admitted = old.act("admit", &script.notes)?;
    if admitted.outcome != "admitted" {
        return Err(format!("{} did not admit the patient: {}", old.title, admitted.says));
    }
    if let Some((act, how)) = script.before {
        old.act(act, &how)?;
    }
    let mut done = new.act("transfer", &script.told)?;
    if size.is_some() && done.outcome == "asked" {
        done = watched(&new, done)?;
        if done.outcome == "integrated" {
            done.says += &compared(&old, &new)?;
        }
    }
    Ok(Played { title: TITLE, acts: vec![done], expected: script.expected })
}

fn script(unhappy: Option<Unhappy>) -> Script {
    let usual = Script {
        notes: json!({
            "nhs_number": PATIENT,
            "notes": ["Asthma since 2019", "Allergic to penicillin", "Flu vaccination given"],
            "documents": [document(SMALL)],
        }),
        before: None,
        told: json!({ "nhs_number": PATIENT }),
        expected: &["integrated"],
    };
    let told = |name, value| with(usual.told.clone(), name, value);
    match unhappy {
        None => usual,
        Some(Unhappy::RecipientDown) => {
            Script { before: Some(("away", json!({ "seconds": AWAY_S }))), ..usual }
        }
        // Who is not the patient's practice gets no record.
        Some(Unhappy::RecipientRefuses) => Script {
            told: told("without_registration", true.into()),
            expected: &["refused-19"],
            ..usual
        },
        Some(Unhappy::PatientUnknown) => {
            Script { told: told("nhs_number", STRANGER.into()), expected: &["refused-06"], ..usual }
        }
        Some(Unhappy::RecordTooLarge) => Script {
            notes: with(usual.notes, "documents", json!([document(TOO_LARGE)])),
            expected: &["refused-10"],
            ..usual
        },
        Some(Unhappy::Duplicate) => Script { told: told("twice", true.into()), ..usual },
        Some(Unhappy::NeverAnswered) => Script {
            told: told("wait_s", WAIT_S.into()),
            before: Some(("silent", json!({ "seconds": SILENT_S }))),
            expected: &["asked"],
            ..usual
        },
        Some(Unhappy::CallerNotAllowed) => Script {
            told: told("without_certificate", true.into()),
            expected: &["not-allowed"],
            ..usual
        },
    }
}

/// An object with one more member, in the place of one of that name.
fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
    object
}

/// A document of so many bytes.
fn document(bytes: u64) -> Value {
    json!({ "name": "scan.tiff", "content_type": "image/tiff", "bytes": bytes })
}

/// As many documents as a size takes.
fn documents(bytes: u64) -> Value {
    let whole = (0..bytes / DOCUMENT_BYTES).map(|_| document(DOCUMENT_BYTES));
    let rest = bytes % DOCUMENT_BYTES;
    whole.chain((rest > 0).then(|| document(rest))).collect()
}

/// Watches how far a record has come, and gives what came of it.
fn watched(new: &Actor, mut done: Done) -> Result<Done, Failure> {
    let mut progress = Progress::new("fragments");
    let begun = Instant::now();
    let mut fragments = 0;
    while begun.elapsed() < LONGEST {
        let known = new.records("transfer")?;
        let ours =
            |one: &&Value| one.get("conversation") == Some(&done.conversation.as_str().into());
        let Some(transfer) = known.iter().find(ours) else { break };
        let number = |name: &str| transfer.get(name).and_then(Value::as_u64).unwrap_or(0);
        fragments = number("fragments");
        if fragments > 0 {
            progress.at(number("fragments_done"), fragments);
        }
        let state = transfer.get("state").and_then(Value::as_str).unwrap_or_default();
        if !["asked", "receiving"].contains(&state) {
            state.clone_into(&mut done.outcome);
            done.says = format!("the transfer ended: {state}");
            break;
        }
        std::thread::sleep(LOOK);
    }
    if fragments > 0 {
        progress.done(fragments);
    }
    Ok(done)
}

/// Whether the documents of both practices are the same.
fn compared(old: &Actor, new: &Actor) -> Result<String, Failure> {
    let hashes = |actor: &Actor| -> Result<Vec<Value>, Failure> {
        let records = actor.records("record")?;
        let record =
            records.iter().find(|record| record.get("nhs_number") == Some(&PATIENT.into()));
        let documents = record.and_then(|record| record.get("documents")?.as_array());
        let documents = documents.map_or(&[][..], Vec::as_slice).iter();
        Ok(documents.filter_map(|document| document.get("sha256").cloned()).collect())
    };
    let (sent, came) = (hashes(old)?, hashes(new)?);
    if sent.iter().any(|hash| !came.contains(hash)) {
        return Err("a document is not the same on both sides".to_owned());
    }
    let first = sent.first().and_then(Value::as_str).unwrap_or_default();
    Ok(format!(". Its {} documents are the same on both sides: SHA-256 {first}", sent.len()))
}
