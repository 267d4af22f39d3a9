//! The story `trace`: a practice gets a patient from the national demographics service, at once.

use serde_json::{Value, json};

use super::cast::Cast;
use super::{Played, Unhappy, no_path};
use crate::command::Failure;

const TITLE: &str = "trace: a practice gets a patient from the national demographics service";

const PATHS: &str = "recipient-refuses, patient-unknown, caller-not-allowed";

/// Plays it.
pub(super) fn play(cast: &Cast, unhappy: Option<Unhappy>) -> Result<Played, Failure> {
    let (actor, told, expected): (_, Value, &[&str]) = match unhappy {
        None => ("hill-road", jane(), &["registered"]),
        Some(Unhappy::PatientUnknown) => ("hill-road", nobody(), &["unknown"]),
        // A family name alone is too little to search by.
        Some(Unhappy::RecipientRefuses) => {
            ("hill-road", json!({ "family": "Smith" }), &["refused"])
        }
        // The ambulance trust's application is not subscribed to the demographics.
        Some(Unhappy::CallerNotAllowed) => ("pennine-ambulance", jane(), &["not-allowed"]),
        Some(_) => return Err(no_path(PATHS)),
    };
    let done = cast.actor(actor)?.act("trace", &told)?;
    Ok(Played { title: TITLE, acts: vec![done], expected })
}

/// A patient of the published sandbox.
fn jane() -> Value {
    json!({ "family": "Smith", "given": "Jane", "gender": "female", "birth_date": "2010-10-22" })
}

fn nobody() -> Value {
    json!({
        "family": "Unheard-Of",
        "given": "Perdita",
        "gender": "female",
        "birth_date": "1990-02-03",
    })
}
