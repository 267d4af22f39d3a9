//! Messages: a Bundle that begins with a MessageHeader, which says what happened and to what.
//!
//! Clauses: <https://hl7.org/fhir/R4/messaging.html>, <https://hl7.org/fhir/R4/messageheader.html>
//! and, for how one entry refers to another, <https://hl7.org/fhir/R4/bundle.html#references>.
//!
//! Only what holds for every message is checked here. What a kind of message must hold beside is
//! for who receives it.

use std::collections::{HashMap, HashSet};

use base::limit::MESSAGE_ENTRIES_MAX;
use serde_json::Value;

/// What begins a reference to an entry that has no address anywhere else.
const URN: &str = "urn:uuid:";

/// What is wrong with a message, in the words of an OperationOutcome. It quotes nothing of what
/// was sent but the names of elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The issue type, such as `required`.
    pub issue: &'static str,
    /// Where, as a simple `FHIRPath`: `Bundle.entry[0].resource.focus[0]`.
    pub at: String,
    /// What is wrong there, for a developer.
    pub why: &'static str,
}

/// A code, and the system that it is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Code<'a> {
    /// The code system; empty when none is named.
    pub system: &'a str,
    /// The code.
    pub code: &'a str,
}

/// A message, read from a Bundle. Cheap to make: it borrows everything.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    bundle: &'a Value,
    header: &'a Value,
    entries: &'a [Value],
    by_url: HashMap<&'a str, &'a Value>,
}

impl<'a> Message<'a> {
    /// Reads a Bundle as a message.
    ///
    /// # Errors
    /// The first thing for which it is none: it must be a Bundle of type `message` with at most
    /// [`MESSAGE_ENTRIES_MAX`] entries, each a resource with an address of its own, if any; the
    /// first of them a MessageHeader with an event and a source; and whatever the header is about,
    /// and whatever is referred to by `urn:uuid:`, must be in it.
    pub fn read(bundle: &'a Value) -> Result<Self, Wrong> {
        if text(bundle, "resourceType") != "Bundle" {
            return Err(wrong("structure", "Bundle", "this is no Bundle"));
        }
        if text(bundle, "type") != "message" {
            return Err(wrong("value", "Bundle.type", "the type of a message is 'message'"));
        }
        let entries = bundle.get("entry").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if entries.len() > MESSAGE_ENTRIES_MAX {
            return Err(wrong("too-long", "Bundle.entry", "there are too many entries"));
        }
        let by_url = addresses(entries)?;
        let header = entries.first().and_then(|entry| entry.get("resource"));
        let header = header.filter(|first| text(first, "resourceType") == "MessageHeader");
        let at = "Bundle.entry[0].resource";
        let header = header.ok_or_else(|| {
            wrong("required", at, "the first resource of a message is a MessageHeader")
        })?;
        let message = Self { bundle, header, entries, by_url };
        message.complete()?;
        Ok(message)
    }

    fn complete(&self) -> Result<(), Wrong> {
        let at = |element: &str| format!("Bundle.entry[0].resource.{element}");
        if self.event().code.is_empty() {
            return Err(wrong("required", at("event"), "the header names no event"));
        }
        if self.source().is_empty() {
            return Err(wrong("required", at("source.endpoint"), "the header names no source"));
        }
        for (index, focus) in self.list("focus").iter().enumerate() {
            if self.resolve(text(focus, "reference")).is_none() {
                let at = at(&format!("focus[{index}]"));
                return Err(wrong("not-found", at, "what the message is about is not in it"));
            }
        }
        for (index, entry) in self.entries.iter().enumerate() {
            let Some(resource) = entry.get("resource") else { continue };
            if let Some(at) = self.loose_end(resource) {
                let at = format!("Bundle.entry[{index}].resource{at}");
                return Err(wrong("not-found", at, "it refers to an entry that is not there"));
            }
        }
        Ok(())
    }

    /// The MessageHeader.
    pub fn header(&self) -> &'a Value {
        self.header
    }

    /// The id of the Bundle; empty when it has none.
    pub fn id(&self) -> &'a str {
        text(self.bundle, "id")
    }

    /// What happened: `eventCoding`, or `eventUri` as a code without a system.
    pub fn event(&self) -> Code<'a> {
        match self.header.get("eventCoding") {
            Some(coding) => code(coding),
            None => Code { system: "", code: text(self.header, "eventUri") },
        }
    }

    /// Why it was sent; nothing when the header does not say.
    pub fn reason(&self) -> Option<Code<'a>> {
        codings(self.header.get("reason")?).next()
    }

    /// Where it comes from: `source.endpoint`.
    pub fn source(&self) -> &'a str {
        self.header.get("source").map_or("", |source| text(source, "endpoint"))
    }

    /// Where it goes: each `destination.endpoint`.
    pub fn destinations(&self) -> impl Iterator<Item = &'a str> {
        self.list("destination").iter().map(|one| text(one, "endpoint"))
    }

    /// What it is about: the resources that the header's `focus` leads to, in order.
    pub fn focus(&self) -> impl Iterator<Item = &'a Value> {
        self.list("focus").iter().filter_map(|focus| self.resolve(text(focus, "reference")))
    }

    /// The message that this one answers: `response.identifier`, and `response.code`.
    pub fn response(&self) -> Option<(&'a str, &'a str)> {
        let response = self.header.get("response")?;
        Some((text(response, "identifier"), text(response, "code")))
    }

    /// The resources of a type, in order.
    pub fn resources(&self, kind: &str) -> impl Iterator<Item = &'a Value> {
        let resources = self.entries.iter().filter_map(|entry| entry.get("resource"));
        resources.filter(move |resource| text(resource, "resourceType") == kind)
    }

    /// The resource that a reference leads to: by the address of its entry, or by `Type/id`.
    pub fn resolve(&self, reference: &str) -> Option<&'a Value> {
        if let Some(resource) = self.by_url.get(reference) {
            return Some(resource);
        }
        let (kind, id) = reference.split_once('/')?;
        self.resources(kind).find(|resource| !id.is_empty() && text(resource, "id") == id)
    }

    /// The resource that an element refers to, such as `subject` of a `ServiceRequest`.
    pub fn referred(&self, resource: &Value, element: &str) -> Option<&'a Value> {
        self.resolve(text(resource.get(element)?, "reference"))
    }

    fn list(&self, element: &str) -> &'a [Value] {
        let list = self.header.get(element).and_then(Value::as_array);
        list.map_or(&[][..], Vec::as_slice)
    }

    /// Where the first reference stands that leads to no entry, though it can lead nowhere else.
    fn loose_end(&self, value: &Value) -> Option<String> {
        match value {
            Value::Object(members) => members.iter().find_map(|(name, value)| match value {
                Value::String(url) if name == "reference" => {
                    let loose = url.starts_with(URN) && !self.by_url.contains_key(url.as_str());
                    loose.then(|| ".reference".to_owned())
                }
                value => self.loose_end(value).map(|rest| format!(".{name}{rest}")),
            }),
            Value::Array(items) => items.iter().enumerate().find_map(|(index, value)| {
                self.loose_end(value).map(|rest| format!("[{index}]{rest}"))
            }),
            _ => None,
        }
    }
}

/// The codings of a `CodeableConcept`, in order.
pub fn codings(concept: &Value) -> impl Iterator<Item = Code<'_>> {
    concept.get("coding").and_then(Value::as_array).into_iter().flatten().map(code)
}

fn code(coding: &Value) -> Code<'_> {
    Code { system: text(coding, "system"), code: text(coding, "code") }
}

/// The resources by the addresses of their entries.
fn addresses(entries: &[Value]) -> Result<HashMap<&str, &Value>, Wrong> {
    let mut seen = HashSet::new();
    let mut by_url = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = |element: &str| format!("Bundle.entry[{index}].{element}");
        let resource = entry.get("resource").filter(|one| !text(one, "resourceType").is_empty());
        let resource =
            resource.ok_or_else(|| wrong("required", at("resource"), "there is no resource"))?;
        let url = text(entry, "fullUrl");
        if url.is_empty() {
            continue;
        }
        if !seen.insert(url) {
            return Err(wrong("duplicate", at("fullUrl"), "another entry has the same address"));
        }
        by_url.insert(url, resource);
    }
    Ok(by_url)
}

/// A member that is text; empty when it is not there, or is something else.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn wrong(issue: &'static str, at: impl Into<String>, why: &'static str) -> Wrong {
    Wrong { issue, at: at.into(), why }
}

#[cfg(test)]
mod tests;
