//! A document in the record of a patient: a letter, a scan. What it holds is in a file.

use desk::Written;
use serde::{Deserialize, Serialize};

use crate::gp2gp::id_of;

/// The kind of the files that hold documents.
pub(crate) const FILES: &str = "document";

/// A document. Its content stands in a file, and never in memory as a whole.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its id, a UUID in capitals.
    pub id: String,
    /// Its file here. See [`file_of`].
    #[serde(default)]
    pub file: String,
    /// The name of the file, as somebody gave it. Names may repeat.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// When it was filed, as HL7 writes it: `yyyyMMddHHmmss`.
    pub at: String,
}

/// The file that holds a document of a patient: another patient's document of the same id, which a
/// sender may choose, has another file.
pub(crate) fn file_of(nhs_number: &str, id: &str) -> String {
    id_of(&["file", nhs_number, id])
}

impl Document {
    /// The same with a content that was written.
    pub(crate) fn holding(self, written: Written) -> Self {
        Self { bytes: written.bytes, sha256: written.sha256, ..self }
    }
}
