//! From XML to a message.

use super::names::{EBXML, HL7, SOAP, XLINK};
use super::{
    AckRequested, Acknowledgment, Content, Header, Message, Party, Problem, Reference, Refused,
    Schema, Severity,
};
use crate::xml::{self, Element, XML_NAMESPACE};

/// Reads an ebXML message.
///
/// # Errors
/// [`Refused`] says why it is none.
pub fn read(bytes: &[u8]) -> Result<Message, Refused> {
    let root = xml::parse(bytes)?;
    if !root.is(SOAP, "Envelope") {
        return Err(Refused::NotAnEnvelope);
    }
    let headers = root.first(SOAP, "Header").ok_or(Refused::NotAnEnvelope)?;
    let body = root.first(SOAP, "Body").ok_or(Refused::NotAnEnvelope)?;
    let known = |header: &Element<'_>| header.namespace() == EBXML;
    let must = |header: &Element<'_>| {
        matches!(header.attribute_in(SOAP, "mustUnderstand"), Some("1" | "true"))
    };
    if headers.elements().any(|header| !known(header) && must(header)) {
        return Err(Refused::NotUnderstood);
    }
    let header = header(headers)?;
    let content = if let Some(acknowledgment) = headers.first(EBXML, "Acknowledgment") {
        Content::Acknowledgment(acknowledged(acknowledgment)?)
    } else if let Some(errors) = headers.first(EBXML, "ErrorList") {
        Content::Errors(errors.all(EBXML, "Error").map(problem).collect())
    } else {
        let manifest = body.first(EBXML, "Manifest").ok_or(Refused::Missing("Manifest"))?;
        let references = manifest.all(EBXML, "Reference").map(reference);
        Content::Manifest(references.collect::<Result<_, _>>()?)
    };
    Ok(Message { header, content })
}

fn header(headers: &Element<'_>) -> Result<Header, Refused> {
    let header = headers.first(EBXML, "MessageHeader").ok_or(Refused::Missing("MessageHeader"))?;
    let data = header.first(EBXML, "MessageData").ok_or(Refused::Missing("MessageData"))?;
    let asked = headers.first(EBXML, "AckRequested").map(|asked| AckRequested {
        actor: asked.attribute_in(SOAP, "actor").unwrap_or_default().to_owned(),
        signed: matches!(asked.attribute_in(EBXML, "signed"), Some("true" | "1")),
    });
    Ok(Header {
        from: party(header.first(EBXML, "From"), "From")?,
        to: party(header.first(EBXML, "To"), "To")?,
        cpa: needed(header, "CPAId")?,
        conversation: needed(header, "ConversationId")?,
        service: needed(header, "Service")?,
        action: needed(header, "Action")?,
        message_id: needed(data, "MessageId")?,
        timestamp: needed(data, "Timestamp")?,
        ref_to: text(data, "RefToMessageId"),
        time_to_live: text(data, "TimeToLive"),
        eliminate_duplicates: header.first(EBXML, "DuplicateElimination").is_some(),
        ack_requested: asked,
        sync_reply: headers.first(EBXML, "SyncReply").is_some(),
    })
}

fn party(within: Option<&Element<'_>>, name: &'static str) -> Result<Party, Refused> {
    let id = within.and_then(|within| within.first(EBXML, "PartyId"));
    let id = id.ok_or(Refused::Missing(name))?;
    let key = id.text().into_owned();
    if key.is_empty() {
        return Err(Refused::Missing(name));
    }
    let kind = id.attribute_in(EBXML, "type").or_else(|| id.attribute("type"));
    Ok(Party { id: key, kind: kind.unwrap_or_default().to_owned() })
}

fn acknowledged(element: &Element<'_>) -> Result<Acknowledgment, Refused> {
    let from = element.first(EBXML, "From");
    Ok(Acknowledgment {
        timestamp: text(element, "Timestamp").unwrap_or_default(),
        ref_to: needed(element, "RefToMessageId")?,
        from: from.map(|from| party(Some(from), "From")).transpose()?,
        actor: element.attribute_in(SOAP, "actor").unwrap_or_default().to_owned(),
    })
}

fn problem(element: &Element<'_>) -> Problem {
    let said = |name: &str| element.attribute_in(EBXML, name).unwrap_or_default().to_owned();
    let severity = match element.attribute_in(EBXML, "severity") {
        Some("Warning") => Severity::Warning,
        _ => Severity::Error,
    };
    Problem {
        context: said("codeContext"),
        code: said("errorCode"),
        severity,
        location: said("location"),
        description: text(element, "Description").unwrap_or_default(),
    }
}

fn reference(element: &Element<'_>) -> Result<Reference, Refused> {
    let href = element.attribute_in(XLINK, "href").or_else(|| element.attribute("href"));
    let id = element.attribute_in(EBXML, "id").or_else(|| element.attribute("id"));
    let id = id.or_else(|| element.attribute_in(XML_NAMESPACE, "id"));
    let schema = element.first(EBXML, "Schema").map(|schema| Schema {
        location: schema.attribute_in(EBXML, "location").unwrap_or_default().to_owned(),
        version: schema.attribute_in(EBXML, "version").unwrap_or_default().to_owned(),
    });
    let mut others = element.elements().filter(|other| other.name() == "Payload");
    Ok(Reference {
        href: href.ok_or(Refused::Missing("href"))?.trim().to_owned(),
        id: id.unwrap_or_default().to_owned(),
        schema,
        description: text(element, "Description").unwrap_or_default(),
        // Senders write the namespace in several ways.
        hl7: others.any(|payload| payload.namespace().eq_ignore_ascii_case(HL7)),
    })
}

/// The text of an element in another; nothing when it is missing or empty.
fn text(within: &Element<'_>, name: &str) -> Option<String> {
    let text = within.first(EBXML, name)?.text();
    (!text.is_empty()).then(|| text.into_owned())
}

fn needed(within: &Element<'_>, name: &'static str) -> Result<String, Refused> {
    text(within, name).ok_or(Refused::Missing(name))
}
