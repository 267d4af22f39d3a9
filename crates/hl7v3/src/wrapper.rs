//! The transmission wrapper of an HL7 V3 message: which interaction it is, between whom, and what
//! it acknowledges.
//!
//! Clause: <https://www.hl7.org/implement/standards/product_brief.cfm?product_id=186>, domain
//! MCCI.

mod act;
mod id;

use crate::xml::Element;

pub use act::{ControlAct, Issue};
pub use id::{Code, InstanceId};

/// The namespace of HL7 V3.
pub const NAMESPACE: &str = "urn:hl7-org:v3";

/// A message: its wrapper, and the control act in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmission<'a> {
    /// The interaction: the root of the identifiers of interactions, and which one. The message
    /// has its name.
    pub interaction: InstanceId,
    /// The id of the message, a UUID as it was written.
    pub id: String,
    /// When the message was made, `yyyyMMddHHmmss`.
    pub created: String,
    /// The version of the messages that it follows; empty when it does not say.
    pub version: String,
    /// Whether it is of production (`P`), training (`T`) or debugging (`D`).
    pub processing: String,
    /// Whether it is worked on as it comes (`T`).
    pub mode: String,
    /// When an acknowledgement of receipt is wanted: `AL`, `NE`, `ER`, `SU`.
    pub accept_ack: String,
    /// What it says of the message that it answers.
    pub acknowledgement: Option<Acknowledgement>,
    /// The system that it is for.
    pub receiver: InstanceId,
    /// The system that sends it.
    pub sender: InstanceId,
    /// What happened, or what is asked.
    pub act: Option<ControlAct<'a>>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Whether it was done.
    pub kind: AckKind,
    /// The id of that message.
    pub of: String,
    /// What is to be said about it.
    pub details: Vec<Code>,
}

/// Whether what a message asks for was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckKind {
    /// It was done.
    Accept,
    /// It was not done, for what the message says.
    Error,
    /// It was not done, for what the message is.
    Reject,
}

/// Why an element is not a message that we take. It never says what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It is no element of HL7 V3.
    NotV3,
    /// It has no id.
    NoId,
    /// It is named after one interaction and says that it is another.
    TwoInteractions,
    /// It acknowledges something, and not in a way that is known.
    Acknowledgement,
}

impl AckKind {
    /// The code of HL7.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "AA",
            Self::Error => "AE",
            Self::Reject => "AR",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [Self::Accept, Self::Error, Self::Reject].into_iter().find(|kind| kind.code() == code)
    }
}

impl<'a> Transmission<'a> {
    /// Reads a message. What it leaves out and need not say is empty.
    ///
    /// # Errors
    /// [`Malformed`] says why not.
    pub fn read(root: Element<'a>) -> Result<Self, Malformed> {
        if root.namespace() != NAMESPACE {
            return Err(Malformed::NotV3);
        }
        let mut read = Self {
            interaction: InstanceId::new("", root.name()),
            id: String::new(),
            created: String::new(),
            version: String::new(),
            processing: String::new(),
            mode: String::new(),
            accept_ack: String::new(),
            acknowledgement: None,
            receiver: InstanceId::default(),
            sender: InstanceId::default(),
            act: None,
        };
        for part in root.into_elements() {
            read.take(part)?;
        }
        if read.id.is_empty() { Err(Malformed::NoId) } else { Ok(read) }
    }

    fn take(&mut self, part: Element<'a>) -> Result<(), Malformed> {
        let attribute = |name| part.attribute(name).unwrap_or_default().trim().to_owned();
        if part.namespace() != NAMESPACE {
            return Ok(());
        }
        match part.name() {
            "id" => self.id = attribute("root"),
            "creationTime" => self.created = attribute("value"),
            "versionCode" => self.version = attribute("code"),
            "interactionId" => {
                let said = InstanceId::of(&part);
                if said.extension != self.interaction.extension {
                    return Err(Malformed::TwoInteractions);
                }
                self.interaction = said;
            }
            "processingCode" => self.processing = attribute("code"),
            "processingModeCode" => self.mode = attribute("code"),
            "acceptAckCode" => self.accept_ack = attribute("code"),
            "acknowledgement" => self.acknowledgement = Some(Acknowledgement::read(&part)?),
            "communicationFunctionRcv" => self.receiver = device(&part),
            "communicationFunctionSnd" => self.sender = device(&part),
            "ControlActEvent" => self.act = Some(ControlAct::read(part)),
            _ => {}
        }
        Ok(())
    }

    /// The message as an element.
    pub fn into_element(self) -> Element<'a> {
        let coded = |name: &'static str, code: String| said(name).with_attribute("code", code);
        let root = Element::new(NAMESPACE, self.interaction.extension.clone());
        root.with(said("id").with_attribute("root", self.id))
            .with(said("creationTime").with_attribute("value", self.created))
            .with_all((!self.version.is_empty()).then(|| coded("versionCode", self.version)))
            .with(self.interaction.into_element("interactionId"))
            .with(coded("processingCode", self.processing))
            .with(coded("processingModeCode", self.mode))
            .with(coded("acceptAckCode", self.accept_ack))
            .with_all(self.acknowledgement.map(Acknowledgement::into_element))
            .with(communication("communicationFunctionRcv", "RCV", self.receiver))
            .with(communication("communicationFunctionSnd", "SND", self.sender))
            .with_all(self.act.map(ControlAct::into_element))
    }
}

impl Acknowledgement {
    fn read(element: &Element<'_>) -> Result<Self, Malformed> {
        let kind = element.attribute("typeCode").and_then(|code| AckKind::of(code.trim()));
        let of = element.at(NAMESPACE, &["messageRef", "id"]).map(InstanceId::of);
        let details = element.all(NAMESPACE, "acknowledgementDetail");
        Ok(Self {
            kind: kind.ok_or(Malformed::Acknowledgement)?,
            of: of.ok_or(Malformed::Acknowledgement)?.root,
            details: details
                .filter_map(|detail| detail.first(NAMESPACE, "code"))
                .map(Code::of)
                .collect(),
        })
    }

    /// What became of a message, as an element.
    pub fn into_element<'e>(self) -> Element<'e> {
        let kind = if self.kind == AckKind::Accept { "IF" } else { "ER" };
        let details = self.details.into_iter().map(|code| {
            let detail = said("acknowledgementDetail").with_attribute("typeCode", kind);
            detail.with(code.into_element("code"))
        });
        let of = said("messageRef").with(said("id").with_attribute("root", self.of));
        said("acknowledgement")
            .with_attribute("typeCode", self.kind.code())
            .with_all(details)
            .with(of)
    }
}

/// A header or part of a wrapper that says which system sends or receives.
pub fn communication<'a>(
    name: &'static str,
    type_code: &'static str,
    id: InstanceId,
) -> Element<'a> {
    let device = said("device")
        .with_attribute("classCode", "DEV")
        .with_attribute("determinerCode", "INSTANCE")
        .with(id.into_element("id"));
    said(name).with_attribute("typeCode", type_code).with(device)
}

/// The id of the system in such an element; empty when it has none.
pub fn device(communication: &Element<'_>) -> InstanceId {
    communication.at(NAMESPACE, &["device", "id"]).map(InstanceId::of).unwrap_or_default()
}

/// An empty element of HL7 V3.
pub fn said<'a>(name: &'static str) -> Element<'a> {
    Element::new(NAMESPACE, name)
}

#[cfg(test)]
mod tests;
