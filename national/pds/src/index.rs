//! The index rows under which a patient can be found.

use store::Term;

use crate::Record;

/// The index rows of a record.
pub fn terms(_record: &Record) -> Vec<Term> {
    Vec::new()
}
