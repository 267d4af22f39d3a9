//! The story `handover`: a paramedic transfers care from the ambulance system to a hospital system.

use desk::control::Done;
use serde_json::{Value, json};

use super::cast::{Actor, Cast};
use super::{Played, Unhappy, no_path};
use crate::command::Failure;

const TITLE: &str = "handover: a paramedic hands a patient over to an emergency department";
const PATHS: &str = "recipient-down, recipient-refuses, patient-unknown, record-too-large, \
    duplicate, never-answered, caller-not-allowed";
/// How long the hospital does not run, in seconds.
const AWAY_S: u64 = 2;
/// How long it takes over a referral that nobody waits for to the end, in seconds: longer than the
/// exchange waits.
const SLOW_S: u64 = 34;
/// More than the exchange takes, in bytes.
const TOO_LARGE: usize = 11 * 1024 * 1024;

/// Plays it.
pub(super) fn play(cast: &Cast, unhappy: Option<Unhappy>) -> Result<Played, Failure> {
    let (crew, department) = (cast.actor("pennine-ambulance")?, cast.actor("northern-vale")?);
    let mut told = json!({
        "to": department.service,
        "patient": jane(),
        "note": "Short of breath since this morning; oxygen given on the way",
    });
    let Some(unhappy) = unhappy else {
        let acts = whole(&crew, &department, &told)?;
        return Ok(Played { title: TITLE, acts, expected: &["taken", "taken", "told"] });
    };
    let (change, expected): (Value, &[&str]) = match unhappy {
        Unhappy::RecipientDown => {
            department.act("away", &json!({ "seconds": AWAY_S }))?;
            (json!({}), &["taken-later"])
        }
        // New, but with a status that says it is withdrawn.
        Unhappy::RecipientRefuses => (json!({ "status": "revoked" }), &["refused"]),
        // Nobody knows the name or the number. The department must take them all the same.
        Unhappy::PatientUnknown => (json!({ "patient": { "gender": "female" } }), &["taken"]),
        Unhappy::RecordTooLarge => (json!({ "padding_bytes": TOO_LARGE }), &["too-large"]),
        Unhappy::Duplicate => (json!({ "twice": true }), &["taken-before"]),
        Unhappy::NeverAnswered => {
            department.act("slow", &json!({ "seconds": SLOW_S }))?;
            (json!({}), &["taken-before"])
        }
        Unhappy::CallerNotAllowed => (json!({ "without_token": true }), &["not-allowed"]),
        #[expect(unreachable_patterns, reason = "other stories have other paths")]
        _ => return Err(no_path(PATHS)),
    };
    for (name, value) in change.as_object().into_iter().flatten() {
        if let Some(told) = told.as_object_mut() {
            told.insert(name.clone(), value.clone());
        }
    }
    let done = crew.act("hand-over", &told)?;
    Ok(Played { title: TITLE, acts: vec![done], expected })
}

/// From the first message to the last: the patient is announced, something changes on the way, and
/// in the end the crew learns that the patient was seen.
fn whole(crew: &Actor, department: &Actor, told: &Value) -> Result<Vec<Done>, Failure> {
    let announced = crew.act("hand-over", told)?;
    let referral = announced.record.get("referral").cloned().unwrap_or_default();
    let change = json!({ "referral": referral, "note": "Ten minutes away; more comfortable" });
    let updated = crew.act("update", &change)?;
    let seen = department.act("feedback", &json!({ "referral": referral }))?;
    Ok(vec![announced, updated, seen])
}

/// A patient of the published sandbox, as a crew would know her.
fn jane() -> Value {
    json!({
        "nhs_number": "9000000009",
        "family": "Smith",
        "given": "Jane",
        "gender": "female",
        "birth_date": "2010-10-22",
    })
}
