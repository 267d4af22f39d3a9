//! The index rows under which a patient can be found.
//!
//! Every search names a birth date, so both kinds of row hold it, and there are two rows for each
//! family name that the patient has or had, as a rule two in all:
//!
//! * [`BORN`]: birth date, Soundex code of the family name, family name. One range holds everybody
//!   of a day, of a day and a sound, of a day and a name, or of a day and the beginning of a name
//!   (the beginning of a name gives the beginning of its code).
//! * [`SOUND`]: Soundex code, birth date, family name. One range holds everybody of a name or a
//!   sound who was born between two dates.
//!
//! Each row carries a [`cover`] that lets a search pass over most patients without reading their
//! records. Records that are merged or invalidated have no rows, and neither have very restricted
//! ones: all that a search could find them by is hidden from everybody.

pub(crate) mod cover;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;
use store::Term;

use crate::Record;
use crate::name::{self, Kind, Name, soundex};
use crate::record::{Class, State};
use soundex::Code;

/// By birth date first.
pub const BORN: &str = "pds-born";
/// By the sound of the family name first.
pub const SOUND: &str = "pds-sound";

/// A date in bytes that sort as dates do: year, month, day.
pub(crate) type Day = [u8; 4];

const CODE: usize = 4;
const DAY: usize = 4;

/// The index rows of a record.
pub fn terms(record: &Record) -> Vec<Term> {
    if record.annex.state != State::Active || record.class() == Class::VeryRestricted {
        return Vec::new();
    }
    let Some(day) = born(record).map(day) else { return Vec::new() };
    let mut families: BTreeMap<String, Vec<Name>> = BTreeMap::new();
    for name in name::of(record) {
        families.entry(name.family.clone()).or_default().push(name);
    }
    families.iter().flat_map(|(family, names)| rows(record, day, family, names)).collect()
}

/// The two rows of a family name.
fn rows(record: &Record, day: Day, family: &str, names: &[Name]) -> Vec<Term> {
    let Some(code) = soundex::code(family) else { return Vec::new() };
    let past = names.iter().all(|name| name.kind == Kind::Past);
    let cover = cover::encode(record, names, past);
    vec![
        Term {
            parameter: BORN,
            value: [&day, &code, family.as_bytes()].concat(),
            cover: cover.clone(),
        },
        Term { parameter: SOUND, value: [&code, &day, family.as_bytes()].concat(), cover },
    ]
}

/// The birth date of a record, when the whole of it is known.
pub(crate) fn born(record: &Record) -> Option<Date> {
    fhir::prefix::whole_date(record.patient.get("birthDate").and_then(Value::as_str)?)
}

/// A date in bytes that sort as dates do.
pub(crate) fn day(date: Date) -> Day {
    let [high, low] = u16::try_from(date.year()).unwrap_or(0).to_be_bytes();
    [high, low, date.month().unsigned_abs(), date.day().unsigned_abs()]
}

/// The beginning of the rows in [`BORN`] of a day and the beginning of a code; behind a whole code
/// may stand the beginning of a family name.
pub(crate) fn born_start(day: Day, code: &[u8], family: &str) -> Vec<u8> {
    let family = if code.len() == CODE { family } else { "" };
    [&day, code, family.as_bytes()].concat()
}

/// The beginning of the rows in [`SOUND`] of a code and a day.
pub(crate) fn sound_start(code: Code, day: Day) -> Vec<u8> {
    [code, day].concat()
}

/// The day and the family name of a row's value.
pub(crate) fn split<'a>(parameter: &str, value: &'a [u8]) -> Option<(Day, &'a str)> {
    let (head, family) = value.split_at_checked(CODE + DAY)?;
    let day = if parameter == BORN { head.get(..DAY)? } else { head.get(CODE..)? };
    Some((day.try_into().ok()?, std::str::from_utf8(family).ok()?))
}

/// The first bytes behind everything that begins like this; nothing when there are none.
pub(crate) fn behind(start: &[u8]) -> Option<Vec<u8>> {
    let mut end = start.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests;
