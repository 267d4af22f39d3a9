//! An event as a publisher sends it: a CloudEvent with attributes to filter by.
//!
//! Clause: CloudEvents 1.0, <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md>.
//! The attributes to filter by stand in a member of their own, `filtering`; subscribers do not get
//! them.

use base::Fault;
use base::limit::{EVENT_ATTRIBUTES_MAX, EVENT_VALUE_BYTES_MAX};
use broker::{Form, Publication};
use jiff::Timestamp;
use nhs::Signal;
use serde_json::{Map, Value};

use crate::event_type;
use crate::faults::Problems;

/// The members that have a meaning here; all others are extensions.
const KNOWN: [&str; 9] =
    ["specversion", "id", "source", "type", "time", "subject", "dataref", "versionid", "filtering"];
/// The longest name of an extension, in bytes; the specification's own advice.
const EXTENSION_NAME_BYTES_MAX: usize = 20;
/// The longest name of an attribute to filter by, in bytes.
const ATTRIBUTE_NAME_BYTES_MAX: usize = 64;

/// An event.
#[derive(Debug)]
pub(crate) struct Event {
    /// What subscribers get.
    pub(crate) signal: Signal,
    /// What subscriptions may ask for: attributes, in lower case, and values. An attribute that
    /// is a list stands once for each of its values.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Event {
    /// Reads an event.
    ///
    /// # Errors
    /// Everything that is wrong with it, by member.
    pub(crate) fn read(members: &Map<String, Value>) -> Result<Self, Fault> {
        let mut problems = Problems::default();
        let mut text = |name: &'static str, required: bool, fits: fn(&str) -> bool, why: &str| {
            let value = match members.get(name) {
                None if !required => return String::new(),
                value => value.and_then(Value::as_str).unwrap_or_default(),
            };
            let short = (1..=EVENT_VALUE_BYTES_MAX).contains(&value.len());
            if !short || value.contains(char::is_control) || !fits(value) {
                problems.add(name, why);
            }
            value.to_owned()
        };
        text("specversion", true, |text| text == "1.0", "Please provide 1.0");
        let signal = Signal {
            id: text("id", true, |_| true, "Please provide an id"),
            source: text("source", true, is_reference, "Please provide a URI or a name"),
            event: text("type", true, is_type, "Please provide a valid event type"),
            time: text("time", true, is_instant, "Please provide a time as in RFC 3339"),
            subject: text("subject", false, |_| true, "Please provide an NHS number or a URL"),
            dataref: text("dataref", false, is_uri, "Please provide a URI"),
            version: text("versionid", false, |_| true, "Please provide a version identifier"),
            extensions: extensions(members, &mut problems),
        };
        let attributes = match members.get("filtering") {
            None => Vec::new(),
            Some(filtering) => attributes(filtering).unwrap_or_else(|why| {
                problems.add("filtering", why);
                Vec::new()
            }),
        };
        problems.none_in(Self { signal, attributes })
    }

    /// The event as the broker tells it: once, by its source and id.
    pub(crate) fn publication(&self) -> Publication {
        let form = |(media_type, body): (&str, Vec<u8>)| Form {
            media_type: media_type.to_owned(),
            body: body.into(),
        };
        Publication {
            event: self.signal.event.clone(),
            source: self.signal.source.clone(),
            name: Some(self.signal.id.clone()),
            attributes: self.attributes.clone(),
            forms: self.signal.forms().into_iter().map(form).collect(),
        }
    }
}

/// What else the publisher says, which subscribers get as it is.
fn extensions(members: &Map<String, Value>, problems: &mut Problems) -> Vec<(String, Value)> {
    for name in ["data", "data_base64"] {
        if members.contains_key(name) {
            problems.add(name, "An event holds no record. Please say where it is, in dataref");
        }
    }
    let others = members.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str()));
    let named = |name: &str| {
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        (1..=EXTENSION_NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(letter)
    };
    let scalar = |value: &Value| match value {
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.len() <= EVENT_VALUE_BYTES_MAX,
        _ => false,
    };
    let extensions: Vec<(String, Value)> =
        others.map(|(name, value)| (name.clone(), value.clone())).collect();
    if extensions.len() > EVENT_ATTRIBUTES_MAX
        || extensions.iter().any(|(name, value)| !named(name) || !scalar(value))
    {
        let why = "Please name extensions in small letters and digits, and make them short texts, \
            numbers or truth values";
        problems.add("extensions", why);
    }
    extensions
}

/// The attributes to filter by.
fn attributes(filtering: &Value) -> Result<Vec<(String, String)>, String> {
    let members = filtering.as_object().ok_or("Please provide an object")?;
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut attributes = Vec::new();
    for (name, value) in members {
        if !(1..=ATTRIBUTE_NAME_BYTES_MAX).contains(&name.len()) || !name.bytes().all(letter) {
            return Err("Please name attributes in letters, digits and underscores".into());
        }
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(truth) => truth.to_string(),
                _ => return Err("Please provide texts, numbers, truth values or lists".into()),
            };
            if text.len() > EVENT_VALUE_BYTES_MAX {
                return Err(format!("Please provide values of {EVENT_VALUE_BYTES_MAX} bytes"));
            }
            attributes.push((name.to_ascii_lowercase(), text));
        }
    }
    if attributes.len() > EVENT_ATTRIBUTES_MAX {
        return Err(format!("Please provide at most {EVENT_ATTRIBUTES_MAX} values"));
    }
    Ok(attributes)
}

fn is_type(text: &str) -> bool {
    event_type::find(text).is_some()
}

/// Whether a text is an instant: a date, a time with seconds, and an offset.
pub(crate) fn is_instant(text: &str) -> bool {
    let shaped = text.as_bytes().get(10) == Some(&b'T')
        && text.as_bytes().get(16) == Some(&b':')
        && !text.contains('[');
    shaped && text.parse::<Timestamp>().is_ok()
}

fn is_reference(text: &str) -> bool {
    !text.contains(char::is_whitespace)
}

/// Whether a text is a URI with a scheme.
fn is_uri(text: &str) -> bool {
    let scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    };
    is_reference(text)
        && text.split_once(':').is_some_and(|(name, rest)| scheme(name) && !rest.is_empty())
}

#[cfg(test)]
mod tests;
