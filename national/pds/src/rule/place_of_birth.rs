//! Where a patient was born.

use base::Fault;
use nhs::url;
use serde_json::Value;

use super::change::{extensions, repeated};
use super::{Change, code, too_few, too_many};
use crate::shape::invalid;

pub(super) fn check(before: &Value, after: &Value) -> Result<(), Fault> {
    if repeated(before, after, url::BIRTH_PLACE) {
        return Err(too_many("a patient can have one place of birth"));
    }
    extensions(before, after, url::BIRTH_PLACE).iter().try_for_each(place)
}

fn place(change: &Change<'_>) -> Result<(), Fault> {
    let part = |name: &str| change.after.get("valueAddress")?.get(name)?.as_str();
    let filled = |name: &&str| part(name).is_some_and(|text| !text.trim().is_empty());
    if !["city", "district", "country"].iter().any(filled) {
        return Err(too_few("a place of birth needs a city, a district or a country"));
    }
    match part("country") {
        Some(country) if !code::is_country(country) => {
            Err(invalid(country, &format!("{}/valueAddress/country", change.at)))
        }
        _ => Ok(()),
    }
}
