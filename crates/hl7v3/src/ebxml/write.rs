//! From a message to XML that is valid against the published schema.

use super::names::{EBXML, FROM_NEXT, HL7, SOAP, VERSION, XLINK};
use super::{
    AckRequested, Acknowledgment, Content, Header, Message, Party, Problem, Reference, Refused,
    Severity,
};
use crate::xml::{self, Element, XML_NAMESPACE};

/// Writes an ebXML message.
///
/// # Errors
/// [`Refused::Missing`] or [`Refused::Wrong`] name what is not as the schema wants it.
pub fn write(message: &Message) -> Result<String, Refused> {
    let header = &message.header;
    let mut headers = vec![message_header(header)?];
    let mut body = Element::new(SOAP, "Body");
    match &message.content {
        Content::Manifest(references) => body = body.with(manifest(references)?),
        Content::Acknowledgment(it) => headers.push(acknowledgment(it)?),
        Content::Errors(problems) => headers.push(errors(problems)?),
    }
    headers.extend(header.ack_requested.as_ref().map(ack_requested));
    if header.sync_reply {
        let reply = understood(Element::new(EBXML, "SyncReply"));
        headers.push(reply.with_attribute_in(SOAP, "actor", FROM_NEXT));
    }
    let headers = Element::new(SOAP, "Header").with_all(headers);
    let envelope = Element::new(SOAP, "Envelope").with(headers).with(body);
    let prefixes = [("soap", SOAP), ("eb", EBXML), ("xlink", XLINK), ("hl7ebxml", HL7)];
    let used = if message.is_signal() { prefixes.get(..2) } else { None };
    Ok(xml::write(&envelope, used.unwrap_or(&prefixes)))
}

fn message_header(header: &Header) -> Result<Element<'_>, Refused> {
    let data = Element::new(EBXML, "MessageData")
        .with(leaf("MessageId", &header.message_id)?)
        .with(leaf("Timestamp", date_time("Timestamp", &header.timestamp)?)?)
        .with_all(header.ref_to.as_deref().map(|id| leaf("RefToMessageId", id)).transpose()?)
        .with_all(time_to_live(header)?);
    let duplicates =
        header.eliminate_duplicates.then(|| Element::new(EBXML, "DuplicateElimination"));
    Ok(understood(Element::new(EBXML, "MessageHeader"))
        .with(party("From", &header.from)?)
        .with(party("To", &header.to)?)
        .with(leaf("CPAId", &header.cpa)?)
        .with(leaf("ConversationId", &header.conversation)?)
        .with(leaf("Service", &header.service)?)
        .with(leaf("Action", &header.action)?)
        .with(data)
        .with_all(duplicates))
}

fn time_to_live(header: &Header) -> Result<Option<Element<'_>>, Refused> {
    let Some(until) = &header.time_to_live else { return Ok(None) };
    leaf("TimeToLive", date_time("TimeToLive", until)?).map(Some)
}

fn party<'a>(name: &'static str, party: &'a Party) -> Result<Element<'a>, Refused> {
    let id = leaf("PartyId", &party.id)?;
    let id = if party.kind.is_empty() {
        id
    } else {
        id.with_attribute_in(EBXML, "type", party.kind.as_str())
    };
    Ok(Element::new(EBXML, name).with(id))
}

fn ack_requested(asked: &AckRequested) -> Element<'_> {
    let signed = if asked.signed { "true" } else { "false" };
    let element =
        understood(Element::new(EBXML, "AckRequested")).with_attribute_in(EBXML, "signed", signed);
    acting(element, &asked.actor)
}

fn acknowledgment(it: &Acknowledgment) -> Result<Element<'_>, Refused> {
    let from = it.from.as_ref().map(|from| party("From", from)).transpose()?;
    let element = understood(Element::new(EBXML, "Acknowledgment"))
        .with(leaf("Timestamp", date_time("Timestamp", &it.timestamp)?)?)
        .with(leaf("RefToMessageId", &it.ref_to)?)
        .with_all(from);
    Ok(acting(element, &it.actor))
}

fn errors(problems: &[Problem]) -> Result<Element<'_>, Refused> {
    let highest = problems.iter().map(|problem| problem.severity).max();
    let highest: Severity = highest.ok_or(Refused::Missing("Error"))?;
    let written = problems.iter().map(problem).collect::<Result<Vec<_>, _>>()?;
    Ok(understood(Element::new(EBXML, "ErrorList"))
        .with_attribute_in(EBXML, "highestSeverity", highest.name())
        .with_all(written))
}

fn problem(problem: &Problem) -> Result<Element<'_>, Refused> {
    if problem.code.is_empty() {
        return Err(Refused::Missing("errorCode"));
    }
    let mut element = Element::new(EBXML, "Error");
    if !problem.context.is_empty() {
        element = element.with_attribute_in(EBXML, "codeContext", problem.context.as_str());
    }
    element = element
        .with_attribute_in(EBXML, "errorCode", problem.code.as_str())
        .with_attribute_in(EBXML, "severity", problem.severity.name());
    if !problem.location.is_empty() {
        element = element.with_attribute_in(EBXML, "location", problem.location.as_str());
    }
    Ok(element.with_all(description(&problem.description)))
}

fn manifest(references: &[Reference]) -> Result<Element<'_>, Refused> {
    if references.is_empty() {
        return Err(Refused::Missing("Reference"));
    }
    let written = references.iter().map(reference).collect::<Result<Vec<_>, _>>()?;
    Ok(understood(Element::new(EBXML, "Manifest")).with_all(written))
}

fn reference(reference: &Reference) -> Result<Element<'_>, Refused> {
    if reference.href.is_empty() {
        return Err(Refused::Missing("href"));
    }
    let mut element = Element::new(EBXML, "Reference");
    if !reference.id.is_empty() {
        if !is_id(&reference.id) {
            return Err(Refused::Wrong("id"));
        }
        element = element.with_attribute_in(EBXML, "id", reference.id.as_str());
    }
    element = element.with_attribute_in(XLINK, "href", reference.href.as_str());
    if let Some(schema) = &reference.schema {
        let mut written =
            Element::new(EBXML, "Schema").with_attribute_in(EBXML, "location", &*schema.location);
        if !schema.version.is_empty() {
            written = written.with_attribute_in(EBXML, "version", schema.version.as_str());
        }
        element = element.with(written);
    }
    element = element.with_all(description(&reference.description));
    let hl7 = || {
        Element::new(HL7, "Payload")
            .with_attribute("style", "HL7")
            .with_attribute("encoding", "XML")
            .with_attribute("version", "3.0")
    };
    Ok(element.with_all(reference.hl7.then(hl7)))
}

fn description(text: &str) -> Option<Element<'_>> {
    let element = Element::new(EBXML, "Description")
        .with_attribute_in(XML_NAMESPACE, "lang", "en")
        .with_text(text);
    (!text.is_empty()).then_some(element)
}

/// An element with nothing but text, which may not be empty.
fn leaf<'a>(name: &'static str, text: &'a str) -> Result<Element<'a>, Refused> {
    if text.is_empty() {
        return Err(Refused::Missing(name));
    }
    Ok(Element::new(EBXML, name).with_text(text))
}

/// An element of a version that must be understood.
fn understood(element: Element<'_>) -> Element<'_> {
    element.with_attribute_in(EBXML, "version", VERSION).with_attribute_in(
        SOAP,
        "mustUnderstand",
        "1",
    )
}

fn acting<'a>(element: Element<'a>, actor: &'a str) -> Element<'a> {
    if actor.is_empty() { element } else { element.with_attribute_in(SOAP, "actor", actor) }
}

/// Whether a text may be an `xs:ID`, in ASCII.
fn is_id(text: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let other = |byte: u8| first(byte) || byte.is_ascii_digit() || b".-".contains(&byte);
    text.bytes().next().is_some_and(first) && text.bytes().all(other)
}

/// A text that is an `xs:dateTime`, as far as its form tells.
fn date_time<'a>(name: &'static str, text: &'a str) -> Result<&'a str, Refused> {
    const FORM: &[u8; 19] = b"dddd-dd-ddTdd:dd:dd";
    let bytes = text.as_bytes();
    let fits = |(form, byte): (&u8, &u8)| match form {
        b'd' => byte.is_ascii_digit(),
        form => form == byte,
    };
    let (head, tail) = bytes.split_at(bytes.len().min(FORM.len()));
    let begins = head.len() == FORM.len() && FORM.iter().zip(head).all(fits);
    let zone = match tail {
        [b'.', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            rest.get(digits..).filter(|_| digits > 0)
        }
        tail => Some(tail),
    };
    let ends = match zone {
        Some([] | [b'Z']) => true,
        Some([b'+' | b'-', offset @ ..]) => {
            offset.len() == 5 && b"dd:dd".iter().zip(offset).all(fits)
        }
        _ => false,
    };
    if begins && ends { Ok(text) } else { Err(Refused::Wrong(name)) }
}
