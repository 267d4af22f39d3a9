//! Times as HL7 V3 writes them: digits.
//!
//! Clause: the HL7 V3 data type TS.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// An instant, `yyyyMMddHHmmss` in UTC.
pub(crate) fn digits(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%S").to_string()
}

/// A FHIR date or instant in digits; midnight is a day.
pub(crate) fn from_fhir(written: &str) -> String {
    let (date, time) = written.split_once('T').unwrap_or((written, ""));
    let only_digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let time = only_digits(time.get(..8).unwrap_or_default());
    let time = if time == "000000" { String::new() } else { time };
    only_digits(date) + &time
}

/// A day in FHIR's form from one in digits, of which the time of day is left out; nothing when it
/// is not a whole day.
pub(crate) fn to_fhir(digits: &str) -> Option<String> {
    let day = digits.get(..8).filter(|day| day.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(format!("{}-{}-{}", day.get(..4)?, day.get(4..6)?, day.get(6..)?))
}

#[cfg(test)]
mod tests;
