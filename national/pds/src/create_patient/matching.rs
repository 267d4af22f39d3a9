//! Is this person known already?
//!
//! Two records are of one person when all of this holds:
//!
//! * the birth date is the same;
//! * the gender is the same, or one of the two is not known;
//! * the family name is the same or sounds the same, and so does the first name, if both have one;
//! * they have a postcode in common. If one has none, the names must be the same to the letter;
//! * they are not two babies of one birth, as their order of birth tells.
//!
//! Where a restricted patient lives must not be found out by trying, so for them the names must be
//! the same to the letter and the postcode is not looked at.

use std::ops::ControlFlow;

use base::Fault;
use jiff::civil::Date;
use serde_json::Value;

use crate::name::fold::postcode;
use crate::name::{self, Name, soundex};
use crate::record::{Class, Record, State};
use crate::{House, faults, index};

/// How many records of one day and sound are looked at.
const CANDIDATES_MAX: usize = 1_000;
/// So many matches are as good as more.
const MATCHES_MAX: usize = 2;

/// What tells one person from another.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    born: Option<Date>,
    gender: String,
    names: Vec<Name>,
    postcodes: Vec<String>,
    birth_order: Option<u64>,
    restricted: bool,
}

impl Person {
    /// The person that a record is about.
    pub(crate) fn of(record: &Record) -> Self {
        let patient = &record.patient;
        let addresses = patient.get("address").and_then(Value::as_array).into_iter().flatten();
        let written = addresses.filter_map(|address| address.get("postalCode")?.as_str());
        let gender = patient.get("gender").and_then(Value::as_str).unwrap_or("unknown");
        Self {
            born: index::born(record),
            gender: gender.to_owned(),
            names: name::of(record),
            postcodes: written.map(postcode).filter(|code| !code.is_empty()).collect(),
            birth_order: patient.get("multipleBirthInteger").and_then(Value::as_u64),
            restricted: record.class() != Class::Unrestricted,
        }
    }

    /// The queue that everybody stands in who could be the same person.
    pub(crate) fn queue(&self) -> String {
        let born = self.born.map(|date| date.to_string()).unwrap_or_default();
        let code = self.code().unwrap_or_default();
        format!("{born}-{}", String::from_utf8_lossy(&code))
    }

    /// Whether two people are the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let orders = self.birth_order.zip(other.birth_order);
        self.born == other.born
            && self.same_gender(other)
            && orders.is_none_or(|(one, another)| one == another)
            && self.same_name_and_place(other)
    }

    fn same_gender(&self, other: &Self) -> bool {
        let known = |gender: &str| gender != "unknown";
        self.gender == other.gender || !known(&self.gender) || !known(&other.gender)
    }

    fn same_name_and_place(&self, other: &Self) -> bool {
        let to_the_letter = self.restricted
            || other.restricted
            || self.postcodes.is_empty()
            || other.postcodes.is_empty();
        if to_the_letter {
            return self.share_name(other, equal);
        }
        let share_place = self.postcodes.iter().any(|code| other.postcodes.contains(code));
        share_place && self.share_name(other, alike)
    }

    fn share_name(&self, other: &Self, same: fn(&Name, &Name) -> bool) -> bool {
        self.names.iter().any(|name| other.names.iter().any(|another| same(name, another)))
    }

    fn code(&self) -> Option<soundex::Code> {
        soundex::code(&self.names.first()?.family)
    }
}

fn equal(one: &Name, other: &Name) -> bool {
    one.family == other.family && !one.given.is_empty() && one.given.first() == other.given.first()
}

fn alike(one: &Name, other: &Name) -> bool {
    let sound = |one: &str, other: &str| one == other || soundex::alike(one, other);
    let given = one.given.first().zip(other.given.first());
    sound(&one.family, &other.family) && given.is_none_or(|(one, other)| sound(one, other))
}

/// The numbers of those who are the same person: none, one, or two of several.
pub(crate) fn find(house: &House, person: &Person) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    for row in candidates(house, person)? {
        let stored = house.store.resources().by_row(row).map_err(faults::from_store)?;
        let Some(stored) = stored else { continue };
        let record = Record::decode(&stored.body)?;
        if record.annex.state == State::Active && person.is(&Person::of(&record)) {
            found.push(stored.id);
        }
        if found.len() == MATCHES_MAX {
            break;
        }
    }
    Ok(found)
}

/// The records of the same birth date and sound of family name.
fn candidates(house: &House, person: &Person) -> Result<Vec<i64>, Fault> {
    let (Some(born), Some(code)) = (person.born, person.code()) else { return Ok(Vec::new()) };
    let from = index::born_start(index::day(born), &code, "");
    let Some(to) = index::behind(&from) else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    let visit = &mut |entry: store::Entry<'_>| {
        // A patient has a row for each family name, past ones too.
        if !rows.contains(&entry.row) {
            rows.push(entry.row);
        }
        if rows.len() < CANDIDATES_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let scanned = house.store.resources().scan(index::BORN, &from, &to, visit);
    scanned.map_err(faults::from_store)?;
    Ok(rows)
}

#[cfg(test)]
mod tests;
