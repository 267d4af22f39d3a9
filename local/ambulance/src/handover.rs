//! What the trust knows of a patient whom it handed over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of the records.
pub(crate) const KIND: &str = "handover";

/// A patient handed over, or about to be.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Handover {
    /// The id of the ServiceRequest.
    pub id: Uuid,
    /// The service that the patient goes to.
    pub to: String,
    /// The conversation about it.
    pub conversation: Uuid,
    /// The header of the first message.
    pub header: Uuid,
    /// The status of the ServiceRequest; `draft` until the department has taken it.
    pub status: String,
    /// What the department calls it; empty until it has taken it.
    pub reference: String,
    /// When it was begun.
    pub at: Timestamp,
    /// Who it is about.
    pub patient: Person,
    /// What the department said became of it, in the end.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub told: String,
}

/// Somebody as the crew knows them: often without a number, sometimes without a name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// The NHS number.
    pub nhs_number: Option<String>,
    /// The family name.
    pub family: Option<String>,
    /// The given name.
    pub given: Option<String>,
    /// The gender, as a code of FHIR.
    pub gender: Option<String>,
    /// The date of birth.
    pub birth_date: Option<String>,
}
