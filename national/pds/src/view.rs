//! What a caller sees of a record: redaction, applied after everything else is decided.
//!
//! It depends on how confidential the record is and on how the caller was let in.

use security::{Caller, Mode};
use serde_json::Value;

use crate::record::{Class, Record};
use nhs::url::{REMOVAL_FROM_REGISTRATION, REMOVAL_REASON_CODES};

/// Members that tell where a patient is.
const WHERE: [&str; 5] =
    ["address", "telecom", "contact", "generalPractitioner", "managingOrganization"];
/// Extensions that tell where a patient is.
const WHERE_EXTENSIONS: [&str; 4] = [
    nhs::url::BIRTH_PLACE,
    nhs::url::NOMINATED_PHARMACY,
    nhs::url::PREFERRED_DISPENSER,
    nhs::url::APPLIANCE_SUPPLIER,
];
/// Reasons for leaving the register that are nobody's business.
const CONFIDENTIAL_REASONS: [&str; 3] = ["AFN", "SDN", "LDN"];

/// The resource as a caller may see it.
pub fn of(record: &Record, caller: &Caller) -> Value {
    let mut patient = record.patient.clone();
    match record.class() {
        Class::Unrestricted => {}
        Class::Restricted if caller.mode == Mode::PrivilegedApplication => {}
        Class::Restricted => hide_where(&mut patient),
        Class::VeryRestricted => hide_who(&mut patient),
    }
    if !caller.has("return-empty-address-lines") {
        drop_blank_lines(&mut patient);
    }
    hide_reason(&mut patient, caller.has("return-confidential-reason-for-removal"));
    patient
}

/// Whether a resource holds something that even an ordinary reader does not see as it stands.
pub(crate) fn hides_something(patient: &Value) -> bool {
    let mut shown = patient.clone();
    drop_blank_lines(&mut shown);
    hide_reason(&mut shown, false);
    shown != *patient
}

fn hide_where(patient: &mut Value) {
    let Some(members) = patient.as_object_mut() else { return };
    members.retain(|name, _| !WHERE.contains(&name.as_str()));
    if let Some(extensions) = members.get_mut("extension").and_then(Value::as_array_mut) {
        extensions.retain(|extension| {
            let url = extension.get("url").and_then(Value::as_str).unwrap_or_default();
            !WHERE_EXTENSIONS.contains(&url)
        });
        if extensions.is_empty() {
            members.remove("extension");
        }
    }
}

fn hide_who(patient: &mut Value) {
    if let Some(members) = patient.as_object_mut() {
        members.retain(|name, _| {
            matches!(name.as_str(), "resourceType" | "id" | "identifier" | "meta")
        });
    }
}

fn drop_blank_lines(patient: &mut Value) {
    let addresses = patient.get_mut("address").and_then(Value::as_array_mut);
    for address in addresses.into_iter().flatten() {
        if let Some(lines) = address.get_mut("line").and_then(Value::as_array_mut) {
            lines.retain(|line| line.as_str().is_some_and(|line| !line.trim().is_empty()));
        }
    }
}

/// A confidential reason for leaving the register reads "other reason"; a logical deletion always.
fn hide_reason(patient: &mut Value, trusted: bool) {
    let extensions = patient.get_mut("extension").and_then(Value::as_array_mut);
    for extension in extensions.into_iter().flatten() {
        if extension.get("url").and_then(Value::as_str) != Some(REMOVAL_FROM_REGISTRATION) {
            continue;
        }
        let parts = extension.get_mut("extension").and_then(Value::as_array_mut);
        for coding in parts.into_iter().flatten().filter_map(|part| {
            part.pointer_mut("/valueCodeableConcept/coding/0").and_then(Value::as_object_mut)
        }) {
            let code = coding.get("code").and_then(Value::as_str).unwrap_or_default();
            if CONFIDENTIAL_REASONS.contains(&code) && (!trusted || code == "LDN") {
                coding.insert("system".into(), REMOVAL_REASON_CODES.into());
                coding.insert("code".into(), "ORR".into());
                coding.insert("display".into(), "Other Reason".into());
            }
        }
    }
}

#[cfg(test)]
mod tests;
