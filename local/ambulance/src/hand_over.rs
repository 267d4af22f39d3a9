//! Hands a patient over: the emergency department learns who is coming, and why.

use desk::bars::{Event, Letter, Sent, send};
use desk::control::{Done, Refusal};
use desk::{Answer, Conversation};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::handover::{Handover, KIND, Person};
use crate::report::resources;
use crate::system::System;

/// Who is handed over, and to which department.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The patient.
    #[serde(default)]
    patient: Person,
    /// What the crew wants to say.
    #[serde(default)]
    note: String,
    /// The service of the department.
    to: String,
    /// The status to send; whatever is not `active` breaks a rule of the standard.
    #[serde(default = "active")]
    status: String,
    /// Whether to send the same message once more, as somebody whose line was cut would.
    #[serde(default)]
    twice: bool,
    /// By how many bytes to make the message larger than it needs to be, at most 16 MiB.
    #[serde(default)]
    padding_bytes: usize,
    /// Whether to call without a token.
    #[serde(default)]
    without_token: bool,
}

fn active() -> String {
    "active".to_owned()
}

const PADDING_BYTES_MAX: usize = 16 * 1024 * 1024;
const WHAT: &str = "message: a patient is coming";

/// Hands a patient over.
///
/// # Errors
/// When it cannot be kept here.
pub(crate) async fn hand_over(system: &System, told: Told) -> Result<Done, Refusal> {
    let desk = &system.desk;
    let conversation = desk.begin();
    let mut handover = Handover {
        id: desk.dice.uuid(),
        to: told.to,
        conversation: conversation.id(),
        header: desk.dice.uuid(),
        status: told.status,
        reference: String::new(),
        at: desk.clock.now(),
        patient: told.patient,
        told: String::new(),
    };
    let letter = Letter {
        id: handover.header,
        event: Event::Request,
        reason: "new",
        from: system.receiver.service(),
        to: &handover.to,
        answers: None,
    };
    let note = told.note + &"x".repeat(told.padding_bytes.min(PADDING_BYTES_MAX));
    let bundle = letter.bundle(desk, resources(desk, &handover, &note));
    let mut sent = send(desk, &conversation, &handover.to, WHAT, &bundle, told.without_token).await;
    if told.twice && sent.is_taken() {
        keep(system, &mut handover, &sent).await?;
        sent = sent.once_more(desk, &conversation, &handover.to, WHAT, &bundle).await;
    }
    if sent.is_taken() && !told.twice {
        keep(system, &mut handover, &sent).await?;
    }
    let done = outcome(&conversation, &sent, &handover);
    Ok(done.with(json!({ "referral": handover.id, "reference": handover.reference })))
}

/// Keeps that the department took it, and what it calls it.
pub(crate) async fn keep(
    system: &System,
    handover: &mut Handover,
    sent: &Sent,
) -> Result<(), Refusal> {
    if let Ok(answer) = &sent.answer {
        let reference = reference(answer);
        if !reference.is_empty() {
            handover.reference = reference;
        }
    }
    Ok(system.desk.folder.put(KIND, &handover.id.to_string(), handover).await?)
}

/// What the department calls it.
fn reference(answer: &Answer) -> String {
    let bundle = answer.json();
    let entries = bundle.get("entry").and_then(Value::as_array).into_iter().flatten();
    let mut identifiers = entries.filter_map(|entry| {
        let resource = entry.get("resource")?;
        let is_it = resource.get("resourceType")?.as_str()? == "ServiceRequest";
        resource.pointer("/identifier/0/value").filter(|_| is_it)?.as_str()
    });
    identifiers.next().unwrap_or_default().to_owned()
}

/// What came of a message, as one word and for people.
pub(crate) fn outcome(conversation: &Conversation, sent: &Sent, handover: &Handover) -> Done {
    let answer = match &sent.answer {
        Ok(answer) => answer,
        Err(trouble) => {
            return Done::new(conversation, "unanswered", format!("{trouble}. {LATER}"));
        }
    };
    let (status, code) = (answer.status, answer.code());
    let (outcome, says) = match (status, code.as_str()) {
        (200..300, _) if sent.tries > 1 => {
            let (tries, name) = (sent.tries, &handover.reference);
            ("taken-later", format!("the department took it at try {tries}, as {name}. {SAME_ID}"))
        }
        (200..300, _) => {
            ("taken", format!("the department took it, and calls it {}", handover.reference))
        }
        (409, _) if sent.issue() == "duplicate" => ("taken-before", TAKEN_BEFORE.to_owned()),
        (408 | 425 | 503 | 504, _) => ("unanswered", format!("{status} {code}. {LATER}")),
        (401 | 403, _) => ("not-allowed", format!("{status} {code}. {NOT_ALLOWED}")),
        (413, _) => ("too-large", format!("{status}. {TOO_LARGE}")),
        (422, _) if sent.issue() == "too-costly" => {
            ("too-large", format!("{status} {code}. {TOO_LARGE}"))
        }
        _ => ("refused", format!("{status} {code}: {}. {CORRECT}", sent.diagnostics())),
    };
    Done::new(conversation, outcome, says)
}

const SAME_ID: &str = "The same message was sent under the same id each time, so that nobody is \
    expected twice";
const LATER: &str = "What to do: send the same message again under the same X-Request-Id and \
    X-Correlation-Id until it is answered, then telephone; never make a new one, or the patient is \
    expected twice";
const TAKEN_BEFORE: &str = "409 with issue `duplicate` is good news: the department has it. What \
    to do: treat it as taken, and do not send it again";
const NOT_ALLOWED: &str = "What to do: get a token from the token service, and see whether the \
    application is subscribed to the API (its scopes)";
const TOO_LARGE: &str = "What to do: leave large documents out, and send references to them";
const CORRECT: &str = "What to do: correct what the outcome names and send it as a new message; \
    the same again will be refused again";
