//! What the messages of common content carry: fragments of a record, and the word to go on.

use hl7v3::common_content::{Body, Payload};
use hl7v3::wrapper::{AckKind, Acknowledgement, Code, InstanceId, Transmission, said};
use hl7v3::xml::Element;

use super::acknowledge::REASONS;
use super::extract::place;
use super::wrap::Draft;
use super::{SERVICE, id_of};

/// The code system of what common content is.
const CONTENTS: &str = "2.16.840.1.113883.2.1.3.2.4.17.202";
/// The root of types of messages.
const TYPES: &str = "2.16.840.1.113883.2.1.3.2.4.18.17";
const FRAGMENT: (&str, &str) =
    ("GP2GPLMATTACHMENTINFO", "GP2GP Large Message Attachment Information");
const ATTACHMENT: (&str, &str) = ("GP2GPLMATTACHMENT", "GP2GP Large Message Attachment");
const CONTINUE: (&str, &str) = ("GP2GP_PI", "GP2GP Payload Information");
const CONTINUE_BODY: (&str, &str) = ("GP2GP_PB", "GP2GP Payload Body");
/// The subject of the word to go on.
const GO_ON: &str = "Continue Acknowledgement";

/// What a message of common content says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Go on with the fragments.
    Continue,
    /// Here is a fragment, or an index of fragments.
    Fragment,
}

/// The subject of a message that brings a fragment of a file.
pub(super) fn fragment<'a>(draft: &Draft<'_>, from: &str, name: &str) -> Element<'a> {
    let body = Body {
        sequence: 1,
        code: code(ATTACHMENT),
        id: id_of(&[&draft.id, "body"]),
        reference: place(name),
        value: None,
    };
    Payload {
        code: code(FRAGMENT),
        id: draft.id.clone(),
        message_type: InstanceId::new(TYPES, "RCMR_MT000001GB01"),
        value: Some(told(draft, from, &format!("Attachment: {name}"))),
        bodies: vec![body],
    }
    .into_element()
}

/// The subject of a message that asks to go on after an extract.
pub(super) fn go_on<'a>(draft: &Draft<'_>, from: &str, extract: &str) -> Element<'a> {
    let zero = Code {
        code: "0".to_owned(),
        system: REASONS.to_owned(),
        display: "Continue".to_owned(),
        ..Code::default()
    };
    let acknowledgement = Acknowledgement {
        kind: AckKind::Accept,
        of: extract.to_owned(),
        details: vec![zero.clone()],
    };
    let message = said("Message")
        .with_attribute("type", "Message")
        .with(said("id").with_attribute("root", draft.id.clone()))
        .with(zero.into_element("code"))
        .with(acknowledgement.into_element());
    let acknowledged = Element::new(SERVICE, "acknowledgedMessage")
        .with(said("id").with_attribute("root", extract.to_owned()));
    let value = Element::new(SERVICE, "Gp2gpfragment").with(message).with(acknowledged);
    let body = Body {
        sequence: 1,
        code: code(CONTINUE_BODY),
        id: id_of(&[&draft.id, "body"]),
        reference: String::new(),
        value: Some(value),
    };
    Payload {
        code: code(CONTINUE),
        id: draft.id.clone(),
        message_type: InstanceId::new(TYPES, "COPC_MT000001UK01"),
        value: Some(told(draft, from, GO_ON)),
        bodies: vec![body],
    }
    .into_element()
}

/// What a message of common content says; nothing when it is none that we know.
pub(super) fn read(message: &Transmission<'_>) -> Option<Said> {
    let subjects = &message.act.as_ref()?.subjects;
    let payload = subjects.iter().find_map(Payload::read)?;
    let subject = payload.value.as_ref().and_then(|value| {
        let subject = value.elements().find(|part| part.name() == "subject")?;
        Some(subject.text().into_owned())
    });
    match (payload.code.code.as_str(), subject.as_deref()) {
        (code, _) if code == CONTINUE.0 => Some(Said::Continue),
        (_, Some(GO_ON)) => Some(Said::Continue),
        (code, _) if code == FRAGMENT.0 => Some(Said::Fragment),
        _ => None,
    }
}

/// What the sender says of it.
fn told<'a>(draft: &Draft<'_>, from: &str, subject: &str) -> Element<'a> {
    let part = |name: &'static str| Element::new(SERVICE, name);
    let recipient = part("Recipient").with_text(draft.to.organisation.clone());
    part("Gp2gpfragment")
        .with(part("Version").with_text("01"))
        .with(part("Recipients").with(recipient))
        .with(part("From").with_text(from.to_owned()))
        .with(part("subject").with_text(subject.to_owned()))
        .with(part("message-id").with_text(draft.id.clone()))
}

fn code((code, display): (&str, &str)) -> Code {
    Code {
        code: code.to_owned(),
        system: CONTENTS.to_owned(),
        display: display.to_owned(),
        ..Code::default()
    }
}
