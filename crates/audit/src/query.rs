//! What a search asks for.

use base::Fault;
use base::limit::AUDIT_EVENTS_A_PAGE_MAX;
use fhir::prefix::{self, Prefix};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use service::Request;

use crate::faults::invalid;

/// The parameters that a search takes.
pub(crate) const PATIENT: &str = "patient";
pub(crate) const DATE: &str = "date";
pub(crate) const COUNT: &str = "_count";
pub(crate) const BEFORE: &str = "before";

/// How many events a page has when nothing else is asked for.
const COUNT_DEFAULT: usize = 20;
/// The longest identifier of a patient, in bytes: that of a FHIR id.
const IDENTIFIER_BYTES_MAX: usize = 64;

/// What a search asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// The identifier of a patient.
    pub(crate) patient: Option<String>,
    /// At this instant or later.
    pub(crate) from: Timestamp,
    /// Earlier than this.
    pub(crate) to: Timestamp,
    /// At most so many events.
    pub(crate) count: usize,
    /// Only lines before this one.
    pub(crate) before: u64,
}

/// Reads what a search asks for.
///
/// # Errors
/// What is wrong with it. No value is repeated: it may be about a patient.
pub(crate) fn read(request: &Request) -> Result<Query, Fault> {
    let mut query = Query {
        patient: None,
        from: Timestamp::MIN,
        to: Timestamp::MAX,
        count: COUNT_DEFAULT,
        before: u64::MAX,
    };
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &request.query {
        if seen.contains(&name.as_str()) && name != DATE {
            return Err(invalid("only date may come more than once"));
        }
        seen.push(name);
        match name.as_str() {
            PATIENT => query.patient = Some(patient(value)?),
            DATE => narrow(&mut query, value)?,
            COUNT => query.count = count(value)?,
            BEFORE => query.before = line(value)?,
            _ => return Err(invalid(format!("the parameters are {PATIENT}, {DATE}, {COUNT}"))),
        }
    }
    Ok(query)
}

/// The identifier of a patient, alone or in a reference.
fn patient(value: &str) -> Result<String, Fault> {
    let id = value.strip_prefix("Patient/").unwrap_or(value);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if id.is_empty() || id.len() > IDENTIFIER_BYTES_MAX || !id.bytes().all(plain) {
        return Err(invalid("patient: an identifier, alone or as Patient/identifier"));
    }
    Ok(id.to_owned())
}

fn count(value: &str) -> Result<usize, Fault> {
    let known = value.parse().ok().filter(|count| (1..=AUDIT_EVENTS_A_PAGE_MAX).contains(count));
    known.ok_or_else(|| invalid(format!("_count: a number from 1 to {AUDIT_EVENTS_A_PAGE_MAX}")))
}

fn line(value: &str) -> Result<u64, Fault> {
    value.parse().map_err(|_| invalid("before: take it from the next link of a page"))
}

/// Narrows a search down to a date.
fn narrow(query: &mut Query, value: &str) -> Result<(), Fault> {
    let (from, to) = span(value).ok_or_else(|| {
        invalid("date: ge, le or eq and a day, such as ge2026-11-22; or ge, le and an instant")
    })?;
    query.from = query.from.max(from);
    query.to = query.to.min(to);
    Ok(())
}

/// From when, and until before when, a date is.
fn span(value: &str) -> Option<(Timestamp, Timestamp)> {
    let (least, most) = (Timestamp::MIN, Timestamp::MAX);
    if let Some((prefix, day)) = prefix::date(value) {
        let (begin, end) = (midnight(day)?, midnight(day.tomorrow().ok()?)?);
        return Some(match prefix {
            Prefix::Eq => (begin, end),
            Prefix::Ge => (begin, most),
            Prefix::Le => (least, end),
        });
    }
    let instant = |text: &str| text.parse::<Timestamp>().ok();
    match value.split_at_checked(2)? {
        ("ge", text) => Some((instant(text)?, most)),
        ("le", text) => Some((least, instant(text)?.checked_add(1.nanosecond()).ok()?)),
        _ => None,
    }
}

fn midnight(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests;
