//! The people of the published sandbox: whoever follows the published documentation of the
//! national service finds whom it promises, under the number it gives.
//!
//! Where two published answers about a person disagree, the value is the one that keeps both
//! kinds of answer true, search and read. Three are told apart from what is published:
//!
//! * 9000000017 has a telephone of her own, since a search by the published one finds her
//!   neighbour 9000000009 alone.
//! * 9000000015 has a bad check digit, as published: he is found by a search and never read.
//! * Former names, genders and contact details are as the published searches of the past need.

mod builder;
mod coverage;
mod integration;
mod smiths;
mod whole;

use pds::Record;
use pds::record::KIND;
use serde_json::Value;
use store::{Expect, Key, Put};

/// The published people.
pub(crate) fn people() -> Vec<Record> {
    let mut people = whole::people();
    people.extend(integration::people());
    people.extend(smiths::people());
    people
}

/// The published people, ready to be kept.
pub(crate) fn puts() -> Vec<Put> {
    people().iter().map(put).collect()
}

/// The number of a record, which one published person's has though it is no NHS number.
pub(crate) fn number(record: &Record) -> &str {
    record.patient.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn put(record: &Record) -> Put {
    Put {
        key: Key::new(KIND, number(record)),
        expect: Expect::Absent,
        version: Some(record.version()),
        body: record.encode(),
        terms: pds::index::terms(record),
    }
}

#[cfg(test)]
mod tests;
