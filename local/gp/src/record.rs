//! The record of a patient at a practice: what was noted, when, in whose words.

use serde::{Deserialize, Serialize};

/// The kind of the records.
pub(crate) const KIND: &str = "record";

/// What a practice knows of a patient's health.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The NHS number.
    pub nhs_number: String,
    /// What was noted, oldest first.
    pub notes: Vec<Note>,
}

/// Something that was noted.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Note {
    /// When, as HL7 writes it: `yyyyMMddHHmmss`.
    pub at: String,
    /// What.
    pub text: String,
}
