//! What a practice knows of a patient who is registered with it.

use desk::Conversation;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The kind of the records.
pub(crate) const KIND: &str = "registration";

/// A patient at a practice, as the demographics service described them.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Registration {
    /// The NHS number.
    pub nhs_number: String,
    /// The name that they use.
    pub name: String,
    /// The date of birth, as far as it is known.
    pub birth_date: String,
    /// The gender, as a code of FHIR.
    pub gender: String,
    /// The practice that the demographics service says is theirs; empty when it says none.
    pub practice: String,
    /// The version of the national record that this was read from.
    pub version: String,
    /// When that was.
    pub traced_at: Timestamp,
    /// The conversation that it was read in.
    pub conversation: String,
}

impl Registration {
    /// From a Patient of FHIR R4 (<https://hl7.org/fhir/R4/patient.html>).
    pub(crate) fn read(patient: &Value, at: Timestamp, conversation: &Conversation) -> Self {
        let text = |path: &str| {
            patient.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        Self {
            nhs_number: text("/id"),
            name: name(patient),
            birth_date: text("/birthDate"),
            gender: text("/gender"),
            practice: text("/generalPractitioner/0/identifier/value"),
            version: text("/meta/versionId"),
            traced_at: at,
            conversation: conversation.id().to_string(),
        }
    }
}

/// `SMITH, Jane Marie`, from the usual name or else the first.
fn name(patient: &Value) -> String {
    let names = patient.get("name").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let usual = names.iter().find(|name| name.get("use") == Some(&"usual".into()));
    let Some(name) = usual.or(names.first()) else { return String::new() };
    let family = name.get("family").and_then(Value::as_str).unwrap_or_default();
    let given = name.get("given").and_then(Value::as_array).into_iter().flatten();
    let given: Vec<&str> = given.filter_map(Value::as_str).collect();
    format!("{}, {}", family.to_uppercase(), given.join(" "))
}
