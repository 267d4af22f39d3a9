//! Which practice is a patient's? For APIs that send something there on a sender's word who the
//! patient is; not an interaction of this one.
//!
//! The look at the record is an access like any other: its audit line is handed back, to be
//! committed with whatever comes of it.

use base::{Fault, Kind};
use nhs::NhsNumber;
use serde_json::Value;
use service::Request;
use store::Access;

use crate::House;
use crate::name::{self, fold::fold};
use crate::record::{Class, Record};
use crate::retrieve_patient::find;

/// A patient, as a sender describes them.
#[derive(Clone, Copy)]
pub struct Described<'a> {
    /// The NHS number, not checked.
    pub number: &'a str,
    /// The date of birth, `yyyy-MM-dd`.
    pub born: &'a str,
    /// The family name.
    pub family: &'a str,
}

/// Why no practice can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untraced {
    /// The NHS number is none.
    NoNumber,
    /// Nobody has it, or where whoever has it is registered is nobody's business.
    NotFound,
    /// Whoever has it was born on another day, or has another name.
    NotThem,
    /// The patient is registered nowhere.
    NoPractice,
}

/// What came of looking.
#[derive(Debug)]
pub struct Traced {
    /// The ODS code of the practice.
    pub practice: Result<String, Untraced>,
    /// The audit line, when a number was looked for.
    pub access: Option<Access>,
}

/// The practice of a patient, for whoever makes a request.
///
/// # Errors
/// When the store fails or what it holds cannot be read.
pub fn trace_practice(
    house: &House,
    request: &Request,
    described: Described<'_>,
) -> Result<Traced, Fault> {
    let Some(number) = NhsNumber::parse(described.number) else {
        return Ok(Traced { practice: Err(Untraced::NoNumber), access: None });
    };
    let (practice, subject) = match find(house, number) {
        Ok(stored) => (practice(&Record::decode(&stored.body)?, described), stored.id),
        Err(fault) if fault.kind() == Kind::NotFound => {
            (Err(Untraced::NotFound), number.as_str().to_owned())
        }
        Err(fault) => return Err(fault),
    };
    let outcome = if practice.is_ok() { 200 } else { 404 };
    let access = house.access(request, "trace-practice", &[&subject], outcome);
    Ok(Traced { practice, access: Some(access) })
}

fn practice(record: &Record, described: Described<'_>) -> Result<String, Untraced> {
    if record.class() != Class::Unrestricted {
        return Err(Untraced::NotFound);
    }
    let text = |pointer: &str| record.patient.pointer(pointer).and_then(Value::as_str);
    let family = fold(described.family);
    let named = |name: &name::Name| name.kind != name::Kind::Past && name.family == family;
    let born = text("/birthDate") == Some(described.born);
    if !born || !name::of(record).iter().any(named) {
        return Err(Untraced::NotThem);
    }
    let practice = text("/generalPractitioner/0/identifier/value");
    practice.map(str::to_owned).ok_or(Untraced::NoPractice)
}

#[cfg(test)]
mod tests;
