//! Common content: what an interaction of the domain COPC carries, such as the fragments of a
//! record that is too large for one message, and the word to go on with them.
//!
//! It is the subject of a control act: a code that says what it is, a value in the words of
//! whoever sends it, and bodies, each a reference to an attachment of the same message or a value
//! of its own.

use crate::wrapper::{Code, InstanceId, NAMESPACE, said};
use crate::xml::Element;

/// The namespace of the national parts of it.
const LOCAL: &str = "NPFIT:HL7:Localisation";

/// What an interaction of common content carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload<'a> {
    /// What it is.
    pub code: Code,
    /// Its id, a UUID as it was written.
    pub id: String,
    /// The type of message that it follows; empty when it does not say.
    pub message_type: InstanceId,
    /// What its sender says of it, in their own words.
    pub value: Option<Element<'a>>,
    /// What belongs to it, in order.
    pub bodies: Vec<Body<'a>>,
}

/// Something that belongs to common content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body<'a> {
    /// Its place among the others, from 1.
    pub sequence: u32,
    /// What it is.
    pub code: Code,
    /// Its id, a UUID as it was written.
    pub id: String,
    /// Where it is: an attachment of the same message, as a URI; empty when it is none.
    pub reference: String,
    /// What it is itself, in the words of its sender, when it is no attachment.
    pub value: Option<Element<'a>>,
}

impl<'a> Payload<'a> {
    /// Reads the subject of a control act; nothing when it is something else.
    pub fn read(subject: &Element<'a>) -> Option<Self> {
        if !subject.is(NAMESPACE, "PayloadInformation") {
            return None;
        }
        let named = |name: &str| subject.elements().find(|part| part.name() == name);
        let value = named("value").and_then(|value| value.elements().next());
        Some(Self {
            code: subject.first(NAMESPACE, "code").map(Code::of)?,
            id: root(subject),
            message_type: named("messageType").map(InstanceId::of).unwrap_or_default(),
            value: value.cloned(),
            bodies: subject.all(NAMESPACE, "pertinentInformation").filter_map(Body::read).collect(),
        })
    }

    /// The subject of a control act.
    pub fn into_element(self) -> Element<'a> {
        let local = !self.message_type.root.is_empty();
        let message_type = Element::new(LOCAL, "messageType")
            .with_attribute("root", self.message_type.root)
            .with_attribute("extension", self.message_type.extension);
        observation("PayloadInformation")
            .with(self.code.into_element("code"))
            .with(said("id").with_attribute("root", self.id))
            .with_all(local.then_some(message_type))
            .with_all(self.value.map(|value| said("value").with(value)))
            .with_all(self.bodies.into_iter().map(Body::into_element))
    }
}

impl<'a> Body<'a> {
    fn read(element: &Element<'a>) -> Option<Self> {
        let sequence = element.first(NAMESPACE, "sequenceNumber")?.attribute("value")?;
        let body = element.first(NAMESPACE, "pertinentPayloadBody")?;
        let value = body.first(NAMESPACE, "value").and_then(|value| value.elements().next());
        let refers = value.filter(|value| value.is(NAMESPACE, "reference"));
        let reference = refers.and_then(|reference| reference.attribute("value"));
        Some(Self {
            sequence: sequence.trim().parse().ok()?,
            code: body.first(NAMESPACE, "code").map(Code::of)?,
            id: root(body),
            reference: reference.unwrap_or_default().to_owned(),
            value: value.filter(|_| refers.is_none()).cloned(),
        })
    }

    fn into_element(self) -> Element<'a> {
        let number = said("sequenceNumber").with_attribute("value", self.sequence.to_string());
        let reference = said("reference").with_attribute("value", self.reference);
        let value = self.value.unwrap_or(reference);
        let body = observation("pertinentPayloadBody")
            .with(self.code.into_element("code"))
            .with(said("id").with_attribute("root", self.id))
            .with(said("value").with(value));
        said("pertinentInformation").with_attribute("typeCode", "PERT").with(number).with(body)
    }
}

/// The root of the id in an element; empty when it has none.
fn root(element: &Element<'_>) -> String {
    element.first(NAMESPACE, "id").map(|id| InstanceId::of(id).root).unwrap_or_default()
}

fn observation<'a>(name: &'static str) -> Element<'a> {
    said(name).with_attribute("classCode", "OBS").with_attribute("moodCode", "EVN")
}

#[cfg(test)]
mod tests;
