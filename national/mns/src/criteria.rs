//! The criteria of a subscription: `eventType='pds-change-of-gp-2' AND generalpractitioner='Y1'`.
//!
//! First the type of event, then conditions on its attributes; all must hold. Values stand in
//! single quotes; one without a space in it may stand without.

use base::limit::{CRITERIA_BYTES_MAX, CRITERIA_CONDITIONS_MAX};

use crate::event_type;

/// The name that stands first.
const EVENT_TYPE: &str = "eventType";
/// The longest name of an attribute, in bytes.
const NAME_BYTES_MAX: usize = 64;
/// The longest value, in bytes.
const VALUE_BYTES_MAX: usize = 200;

/// What a subscription asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Criteria {
    /// The type of event.
    pub(crate) event: String,
    /// What the event must say beside, attribute and value, in the order of the attributes.
    /// Attributes are in lower case.
    pub(crate) conditions: Vec<(String, String)>,
}

impl Criteria {
    /// Reads criteria.
    ///
    /// # Errors
    /// What is wrong with them. It does not repeat them: they may name a patient.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > CRITERIA_BYTES_MAX {
            return Err(format!("Please provide at most {CRITERIA_BYTES_MAX} bytes"));
        }
        let mut pairs = pairs(text)?.into_iter();
        let (name, event) = pairs.next().ok_or_else(begin)?;
        if name != EVENT_TYPE {
            return Err(begin());
        }
        let known = event_type::find(&event).ok_or("Please provide a valid event type")?;
        let mut conditions: Vec<(String, String)> =
            pairs.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        if conditions.len() > CRITERIA_CONDITIONS_MAX {
            return Err(format!("Please provide at most {CRITERIA_CONDITIONS_MAX} conditions"));
        }
        if conditions.iter().any(|(name, _)| !known.has(name)) {
            return Err(match known.attributes {
                [] => format!("Nothing can be asked for beside the type of {}", known.name),
                some => format!("What can be asked for of {}: {}", known.name, some.join(", ")),
            });
        }
        conditions.sort();
        if conditions.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0)) {
            return Err("Please ask for each attribute once".into());
        }
        Ok(Self { event, conditions })
    }
}

fn begin() -> String {
    "Please provide criteria such as eventType='pds-change-of-gp-2'".into()
}

/// The conditions as they are written.
fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    let mut rest = text.trim();
    loop {
        let (name, after) = rest.split_once('=').ok_or_else(begin)?;
        let name = name.trim_end();
        if !is_name(name) {
            return Err("Please write each condition as attribute='value'".into());
        }
        let (value, after) = value(after.trim_start())?;
        pairs.push((name.to_owned(), value.to_owned()));
        if after.trim().is_empty() {
            return Ok(pairs);
        }
        rest = and(after)?;
    }
}

fn is_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(letter)
}

/// The value at the beginning, and what stands after it.
fn value(text: &str) -> Result<(&str, &str), String> {
    let (value, after) = match text.strip_prefix('\'') {
        Some(quoted) => quoted.split_once('\'').ok_or("Please end each value with a quote")?,
        None => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    };
    let plain = |c: char| !c.is_control() && c != '\'';
    if value.is_empty() || value.len() > VALUE_BYTES_MAX || !value.chars().all(plain) {
        return Err(format!("Please provide values of 1 to {VALUE_BYTES_MAX} bytes"));
    }
    Ok((value, after))
}

/// What stands after an `AND`.
fn and(text: &str) -> Result<&str, String> {
    let rest = text.trim_start();
    let word = rest.split(char::is_whitespace).next().unwrap_or_default();
    let apart = rest.len() < text.len();
    if apart && word.eq_ignore_ascii_case("and") {
        return Ok(rest.get(word.len()..).unwrap_or_default().trim_start());
    }
    Err("Please join conditions with AND".into())
}

#[cfg(test)]
mod tests;
