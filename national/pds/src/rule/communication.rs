//! Which language a patient speaks, and whether an interpreter is needed.

use base::Fault;
use nhs::url;
use serde_json::Value;

use super::change::{extensions, part_code, repeated};
use super::{Change, code, too_many};
use crate::faults::incorrect;
use crate::shape::invalid;

pub(super) fn check(before: &Value, after: &Value) -> Result<(), Fault> {
    if repeated(before, after, url::COMMUNICATION) {
        return Err(too_many("a patient can have one communication extension"));
    }
    for change in extensions(before, after, url::COMMUNICATION) {
        code::parts_differ(&change)?;
        language(&change)?;
    }
    Ok(())
}

/// English goes without saying, and must.
fn language(change: &Change<'_>) -> Result<(), Fault> {
    let at = format!("{}/language", change.at);
    match part_code(change.after, "language") {
        Some("en") => {
            let why = format!("Unsupported value - 'en' in field '{at}'");
            Err(incorrect("UNSUPPORTED_VALUE", why))
        }
        Some(language) if !code::is_language(language) => Err(invalid(language, &at)),
        _ => Ok(()),
    }
}
