//! A practice gets the record of a patient who is its patient now.

use std::time::Duration;

use desk::Conversation;
use desk::control::{Done, Refusal};
use desk::demographics::{Wanted, is_nhs_number, look_up, register_at};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Transfer, Way};
use crate::gp2gp::{self, Manner};
use crate::registration::{self, Registration};
use crate::system::System;

/// How long an act waits for the record, in seconds, and what it is told at most.
const WAIT_S: u64 = 20;
const WAIT_S_MAX: u64 = 120;

/// Whose record to get.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The patient.
    nhs_number: String,
    /// The practice to ask, by code [default: the one that the demographics service names].
    from: Option<String>,
    /// Whether to leave out to become the patient's practice first, as nobody should.
    #[serde(default)]
    without_registration: bool,
    /// Whether to ask without a certificate.
    #[serde(default)]
    without_certificate: bool,
    /// Whether to send the request twice under the same id.
    #[serde(default)]
    twice: bool,
    /// How long to wait for the record.
    #[serde(default = "wait_s")]
    wait_s: u64,
}

fn wait_s() -> u64 {
    WAIT_S
}

/// Registers a patient here, and gets their record from the practice that had them.
///
/// # Errors
/// When nothing can be kept, or what was told makes no sense.
pub(crate) async fn transfer(system: &System, told: Told) -> Result<Done, Refusal> {
    if !is_nhs_number(&told.nhs_number) {
        return Err(Refusal::incorrect("nhs_number: that is none"));
    }
    let conversation = system.desk.begin();
    let before = match register(system, &conversation, &told).await? {
        Ok(before) => before,
        Err((outcome, why)) => return Ok(Done::new(&conversation, outcome, why)),
    };
    let old = told.from.unwrap_or(before);
    let partner = match system.partner_at(&conversation, &old).await {
        Ok(Some(partner)) => partner,
        Ok(None) => {
            let says = format!("24: the directory knows no system of {old}, or several. {PAPER}");
            return Ok(Done::new(&conversation, "no-partner-24", says));
        }
        Err(trouble) => {
            return Ok(Done::new(&conversation, "unanswered", format!("the directory: {trouble}")));
        }
    };
    let mut transfer = Transfer::new(conversation.id(), Way::In, &old);
    transfer.nhs_number.clone_from(&told.nhs_number);
    transfer.request = system.desk.dice.uuid().to_string().to_uppercase();
    transfer.until = Some(system.handler.patience.answered_by(system.desk.clock.now()));
    system.keep(&transfer).await?;
    let manner = match (told.without_certificate, told.twice) {
        (true, _) => Manner::WithoutCertificate,
        (_, true) => Manner::Twice,
        _ => Manner::Usual,
    };
    let about = (transfer.nhs_number.as_str(), transfer.request.as_str());
    match gp2gp::ask(system, &conversation, &partner, about, manner).await {
        // With 200 comes the word that the envelope is wrong.
        Ok(answer) if answer.status == 202 => {}
        Ok(answer) => {
            let says = format!("the broker did not take the request: {}. {BROKER}", answer.status);
            let refused = matches!(answer.status, 401 | 403);
            let outcome = if refused { "not-allowed" } else { "not-taken" };
            return Ok(Done::new(&conversation, outcome, says));
        }
        Err(trouble) => {
            return Ok(Done::new(&conversation, "unanswered", format!("{trouble}. {BROKER}")));
        }
    }
    let wait = Duration::from_secs(told.wait_s.min(WAIT_S_MAX));
    let state = system.awaited(conversation.id(), wait).await?;
    Ok(Done::new(&conversation, &state, words(&state)).with(json!(transfer)))
}

/// Becomes the patient's practice; gives the one before. A patient who is registered here already
/// may have had their record elsewhere all the same.
async fn register(
    system: &System,
    conversation: &Conversation,
    told: &Told,
) -> Result<Result<String, (&'static str, String)>, Refusal> {
    let desk = &system.desk;
    let wanted = Wanted { nhs_number: Some(told.nhs_number.clone()), ..Wanted::default() };
    let found = match look_up(desk, conversation, &wanted).await {
        Ok(found) => found.patient(),
        Err(trouble) => return Ok(Err(("unanswered", trouble.to_string()))),
    };
    let patient = match found {
        Ok(patient) => patient,
        Err(why) => return Ok(Err(why)),
    };
    let practice = patient.pointer("/generalPractitioner/0/identifier/value");
    let before = practice.and_then(Value::as_str).unwrap_or_default().to_owned();
    if told.without_registration || before == desk.card.organisation {
        return Ok(Ok(before));
    }
    let updated = register_at(desk, conversation, &patient, &desk.card.organisation).await;
    let updated = match updated {
        Ok(updated) => updated.patient(),
        Err(trouble) => return Ok(Err(("unanswered", trouble.to_string()))),
    };
    match updated {
        Err(why) => Ok(Err(why)),
        Ok(patient) => {
            let registration = Registration::read(&patient, desk.clock.now(), conversation);
            let number = &registration.nhs_number;
            desk.folder.put(registration::KIND, number, &registration).await?;
            Ok(Ok(before))
        }
    }
}

/// What became of a transfer, for people.
fn words(state: &str) -> String {
    match state {
        "integrated" => "the record came, and is in its place".to_owned(),
        "asked" | "receiving" => format!("no record came in time. {LATER}"),
        "unanswered" => {
            format!("no record came, and it is not waited for any more. {PAPER}, or ask again")
        }
        "refused-06" => format!("06: the patient was never at that practice. {PAPER}"),
        "refused-10" => format!(
            "10: the other practice could not make or send the extract, for \
            example since a document is larger than 100 MB or the record than 375 MB. {PAPER}"
        ),
        "refused-19" => format!(
            "19: this practice is not the patient's, so it gets no record. \
            {REGISTER}"
        ),
        other => format!("{other}. {PAPER}"),
    }
}

const LATER: &str = "What to do: wait; the broker goes on for as long as the contract says, and \
    tells when it gives up. Then ask again in a new conversation, or for the record on paper";
const PAPER: &str = "What to do: ask that practice for the record on paper or by telephone";
const REGISTER: &str = "What to do: update the practice at the demographics service first, and \
    ask again in a new conversation";
const BROKER: &str = "What to do: see whether the system has its certificate and the contract \
    (CPA) that it names; the same message may be posted again under the same MessageId";
