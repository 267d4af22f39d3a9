//! Takes a message: what it asks is done to the inbox, and the sender is told under which name.

use desk::Desk;
use desk::bars::{Arrival, Event, Letter, Refusal, SERVICE_ID, meta};
use fhir::message::Message;
use serde_json::{Value, json};

use crate::judge::{Asked, What, judge};
use crate::referral::{KIND, Referral};
use crate::system::System;

/// What people call referrals is made of these: none looks or sounds like another.
const LETTERS: &[u8] = b"ACDEFHJKLMNPRTUVWXY34679";

/// Takes a message.
///
/// # Errors
/// Why it is not taken.
pub(crate) async fn take(
    system: &System,
    bundle: &Value,
    arrival: Arrival,
) -> Result<Value, Refusal> {
    system.dawdle().await;
    let message = Message::read(bundle)?;
    let asked = judge(&message)?;
    // One at a time: two updates of one referral must not pass each other.
    let _alone = system.inbox.lock().await;
    let known: Option<Referral> = system.desk.folder.get(KIND, asked.id).await?;
    if known.as_ref().is_some_and(|known| came_with(known, &arrival)) {
        return Err(Refusal::conflict("duplicate", "this message was taken before"));
    }
    let from = message.source().strip_prefix(SERVICE_ID).unwrap_or_default();
    let from = from.trim_start_matches('|').to_owned();
    let header = text(message.header(), "id");
    let referral = match (asked.what, known) {
        (What::New, None) => begun(system, &asked, (from, header), arrival),
        (What::New, Some(_)) => {
            return Err(Refusal::conflict("conflict", "there is such a referral already"));
        }
        (_, None) => return Err(Refusal::not_found("there is no such referral")),
        (_, Some(known)) => changed(known, &asked, &from, arrival)?,
    };
    system.desk.folder.put(KIND, &referral.id, &referral).await?;
    Ok(answer(system, &referral, header))
}

/// Whether a message was taken before the last crash, though its receipt was not kept any more.
fn came_with(known: &Referral, arrival: &Arrival) -> bool {
    known.arrivals.iter().any(|one| one.request == arrival.request)
}

fn begun(
    system: &System,
    asked: &Asked<'_>,
    (from, header): (String, &str),
    arrival: Arrival,
) -> Referral {
    Referral {
        id: asked.id.to_owned(),
        reference: reference(&system.desk),
        status: asked.status.to_owned(),
        from,
        conversation: arrival.correlation,
        header: header.to_owned(),
        changed: asked.changed,
        service_request: asked.service_request.clone(),
        patient: asked.patient.clone(),
        arrivals: vec![arrival],
        told: String::new(),
    }
}

fn changed(
    mut referral: Referral,
    asked: &Asked<'_>,
    from: &str,
    arrival: Arrival,
) -> Result<Referral, Refusal> {
    if referral.from != from {
        return Err(Refusal::not_found("there is no such referral"));
    }
    if !matches!(referral.status.as_str(), "active" | "on-hold") {
        return Err(Refusal::conflict("conflict", "the referral has come to its end"));
    }
    if asked.changed < referral.changed {
        return Err(Refusal::conflict("conflict", "a newer version of the referral is here"));
    }
    asked.status.clone_into(&mut referral.status);
    referral.changed = asked.changed;
    referral.service_request = asked.service_request.clone();
    referral.patient = asked.patient.clone();
    referral.arrivals.push(arrival);
    Ok(referral)
}

/// `ED-4K7P-XR`: what people call a referral.
fn reference(desk: &Desk) -> String {
    let mut bits = desk.dice.bits();
    let mut letters = (0..6).map(|_| {
        let letter = LETTERS.get((bits % LETTERS.len() as u64) as usize).copied().unwrap_or(b'A');
        bits /= LETTERS.len() as u64;
        char::from(letter)
    });
    let first: String = letters.by_ref().take(4).collect();
    format!("ED-{first}-{}", letters.collect::<String>())
}

/// What the sender is told: that it was taken, and what people call it.
fn answer(system: &System, referral: &Referral, header: &str) -> Value {
    let desk = &system.desk;
    let letter = Letter {
        id: desk.dice.uuid(),
        event: Event::Response,
        reason: "new",
        from: system.receiver.service(),
        to: &referral.from,
        answers: Some(header),
    };
    letter.bundle(desk, vec![(desk.dice.uuid(), described(desk, referral))])
}

/// The ServiceRequest with the name that people call it by.
pub(crate) fn described(desk: &Desk, referral: &Referral) -> Value {
    let mut described = json!({
        "resourceType": "ServiceRequest",
        "id": referral.id,
        "meta": meta(desk.clock.now()),
        "identifier": [{ "use": "usual", "value": referral.reference }],
        "status": referral.status,
        "intent": "order",
    });
    for name in ["category", "code"] {
        if let (Some(value), Some(described)) =
            (referral.service_request.get(name), described.as_object_mut())
        {
            described.insert(name.into(), value.clone());
        }
    }
    if let Some(described) = described.as_object_mut() {
        described.insert("subject".into(), json!({ "display": "the patient who was referred" }));
    }
    described
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
