//! The record of a patient at a practice: what was noted, when, in whose words, and what was filed
//! with it.

use serde::{Deserialize, Serialize};

use crate::document::Document;

/// The kind of the records.
pub(crate) const KIND: &str = "record";

/// What a practice knows of a patient's health.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The NHS number.
    pub nhs_number: String,
    /// What was noted, oldest first.
    pub notes: Vec<Note>,
    /// What was filed, oldest first.
    #[serde(default)]
    pub documents: Vec<Document>,
}

/// Something that was noted.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Note {
    /// When, as HL7 writes it: `yyyyMMddHHmmss`.
    pub at: String,
    /// What.
    pub text: String,
}

impl Record {
    /// Puts what came from elsewhere to what is here. What is here already is not put in twice.
    pub(crate) fn add(&mut self, came: Self) {
        for note in came.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        for document in came.documents {
            if self.documents.iter().all(|known| known.id != document.id) {
                self.documents.push(document);
            }
        }
        self.notes.sort_by(|one, other| one.at.cmp(&other.at));
        self.documents.sort_by(|one, other| one.at.cmp(&other.at));
    }
}
