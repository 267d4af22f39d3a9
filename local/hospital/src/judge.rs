//! What a message must be for the department to take it: the rules of the standard for referrals
//! from 999 to emergency departments.

use desk::bars::{CATEGORIES, Event, Refusal, USE_CASES};
use fhir::message::{Message, codings};
use jiff::Timestamp;
use serde_json::Value;

/// From 999 to an emergency department, and from 111.
const TAKEN: [&str; 2] = ["a1t5", "a1t1"];

/// What a message asks of the department.
#[derive(Debug, PartialEq)]
pub(crate) struct Asked<'a> {
    /// What is to happen.
    pub(crate) what: What,
    /// The id of the ServiceRequest.
    pub(crate) id: &'a str,
    /// Its status.
    pub(crate) status: &'a str,
    /// When it was last changed.
    pub(crate) changed: Timestamp,
    /// All of it.
    pub(crate) service_request: &'a Value,
    /// The patient.
    pub(crate) patient: &'a Value,
}

/// What is to happen to a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// It is new.
    New,
    /// It is as the sender says now.
    Update,
    /// It is not wanted any more, or never was meant.
    End,
}

/// What a message asks, if it keeps the rules.
///
/// # Errors
/// The first rule that it breaks.
pub(crate) fn judge<'a>(message: &Message<'a>) -> Result<Asked<'a>, Refusal> {
    if message.event().code != Event::Request.code() {
        return Err(Refusal::unprocessable("this department takes requests for a service only"));
    }
    let focus = message.focus().find(|one| text(one, "resourceType") == "ServiceRequest");
    let service_request = focus.ok_or_else(|| {
        Refusal::bad("required", "MessageHeader.focus: a ServiceRequest is required")
    })?;
    let id = text(service_request, "id");
    if id.is_empty() {
        return Err(Refusal::bad("required", "ServiceRequest.id: it is required"));
    }
    let patient = message.referred(service_request, "subject");
    let patient = patient.filter(|one| text(one, "resourceType") == "Patient");
    let patient = patient.ok_or_else(|| {
        Refusal::bad("required", "ServiceRequest.subject: the Patient must be in the message")
    })?;
    let reason = message.reason().map_or("", |reason| reason.code);
    let status = text(service_request, "status");
    let changed = service_request.pointer("/meta/lastUpdated").and_then(Value::as_str);
    let changed = changed.and_then(|at| at.parse().ok());
    let changed = changed
        .ok_or_else(|| Refusal::bad("required", "ServiceRequest.meta.lastUpdated: is required"))?;
    let what = what(reason, status)?;
    if is(service_request, CATEGORIES, &["validation"]) {
        with_plan(message)?;
    }
    for_us(service_request)?;
    Ok(Asked { what, id, status, changed, service_request, patient })
}

/// Whoever asks for a validation says what was planned so far: a `CarePlan` that is active.
fn with_plan(message: &Message<'_>) -> Result<(), Refusal> {
    let mut plans = message.resources("CarePlan").peekable();
    if plans.peek().is_none() {
        return Err(Refusal::bad("required", "CarePlan: a request for validation must have one"));
    }
    if plans.any(|plan| text(plan, "status") == "active") {
        return Ok(());
    }
    let why = "CarePlan.status: that of a request for validation must be active";
    Err(Refusal::bad("invariant", why))
}

/// A reason and a status that go together.
fn what(reason: &str, status: &str) -> Result<What, Refusal> {
    match (reason, status) {
        ("new", "active") => Ok(What::New),
        ("update", "active" | "on-hold") => Ok(What::Update),
        ("update", "revoked") | ("delete", "entered-in-error") => Ok(What::End),
        ("new" | "update" | "delete", _) => {
            let why = "ServiceRequest.status: it does not go with the reason of the message";
            Err(Refusal::bad("invariant", why))
        }
        _ => Err(Refusal::bad("value", "MessageHeader.reason: it is new, update or delete")),
    }
}

/// Whether it is a referral of a kind that the department takes. It comes last: who asks for
/// something else learns first what is wrong with the message.
fn for_us(service_request: &Value) -> Result<(), Refusal> {
    if !is(service_request, CATEGORIES, &["referral"]) {
        let why = "ServiceRequest.category: the department takes referrals, and no other requests";
        return Err(Refusal::unprocessable(why));
    }
    if !is(service_request, USE_CASES, &TAKEN) {
        let why = "ServiceRequest.category: the department takes referrals from 999 and from 111";
        return Err(Refusal::unprocessable(why));
    }
    Ok(())
}

/// Whether a request is of one of these categories of a system.
fn is(service_request: &Value, system: &str, list: &[&str]) -> bool {
    let categories = service_request.get("category").and_then(Value::as_array);
    let mut codes = categories.into_iter().flatten().flat_map(codings);
    codes.any(|code| code.system == system && list.contains(&code.code))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
