//! The envelope: ebXML to the broker, which forwards it reliably.
//!
//! Clause: <https://digital.nhs.uk/developer/api-catalogue/spine-messaging>, forward reliable.

use base64::encoded_len;
use desk::{Answer, Call, Conversation, Trouble};
use hl7v3::ebxml::{
    AckRequested, Content, Header, Message, Package, Party, Reference, Schema, TO_NEXT_HANDLER,
};
use hl7v3::multipart::{ContentType, Part};
use hl7v3::soap;
use hl7v3::xml::Element;
use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::SERVICE;
use crate::document::FILES;
use crate::outbox::{Attached, Letter};
use crate::system::System;

/// The kind of party keys.
const PARTY: &str = "urn:nhs:names:partyType:ocs+serviceInstance";
/// Where the broker takes messages that it forwards.
const FORWARD: &str = "/reliablemessaging/forwardreliable";
/// The part that the header is.
const START: &str = "ebXMLHeader@spine.nhs.uk";
/// What the ids of parts and messages in a manifest end with.
const HOST: &str = "@spine.nhs.uk";
const HL7_SCHEMA: &str = "http://www.nhsia.nhs.uk/schemas/HL7-Message.xsd";
/// How long a line of base64 is, and with its end, in characters (RFC 2045 6.8).
const LINE: (usize, usize) = (76, 78);
/// What a message takes beside payload and attachments, and each attachment beside its content, in
/// bytes: headers, the manifest, boundaries.
pub(super) const AROUND_BYTES: usize = 8 * 1024;
pub(super) const AROUND_EACH_BYTES: usize = 1024;
/// The error codes of SOAP faults after which a message may be sent again.
const RETRIED: [&str; 3] = ["200", "206", "208"];

/// Somebody to exchange records with: what the directory says of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Partner {
    /// The code of the organisation.
    pub(crate) organisation: String,
    /// The accredited id of its system.
    pub(crate) system: String,
    /// The party key of its message handler.
    pub(crate) party: String,
}

/// How a message is sent. Whoever shows what goes wrong sends otherwise than usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As it should be.
    #[default]
    Usual,
    /// Without a certificate.
    WithoutCertificate,
    /// Twice, under the same id, as somebody whose line was cut would.
    Twice,
}

/// Posts a message to the broker, as part of a conversation.
///
/// # Errors
/// Why no answer came.
pub(crate) async fn send(
    system: &System,
    conversation: &Conversation,
    letter: &Letter,
    manner: Manner,
) -> Result<Answer, Trouble> {
    let contract = system.contract(conversation, &letter.to.party, &letter.interaction).await?;
    let cpa = contract.ok_or(Trouble::Here("the directory has no contract for it".to_owned()))?.cpa;
    let (content_type, body) = packed(system, letter, cpa).await.map_err(Trouble::Here)?;
    let url = format!("{}{FORWARD}", system.handler.broker);
    let call = Call::new(Method::POST, url, "message broker", letter.what.clone())
        .header("soapaction", &format!("{SERVICE}/{}", letter.interaction))
        .body(&content_type, body)
        .by_certificate();
    let desk = &system.desk;
    match manner {
        Manner::Usual => {}
        Manner::WithoutCertificate => return desk.call(conversation, call.without_token()).await,
        Manner::Twice => drop(desk.call(conversation, call.clone()).await?),
    }
    desk.call(conversation, call).await
}

/// Whether a SOAP fault says that the message may be sent again.
pub(crate) fn may_be_retried(body: &[u8]) -> bool {
    let Ok(envelope) = soap::Envelope::parse(body) else { return true };
    let Some(fault) = envelope.fault() else { return true };
    let list = fault.detail.iter().flat_map(Element::elements);
    list.filter_map(|error| error.elements().find(|part| part.name() == "errorCode"))
        .any(|code| RETRIED.contains(&&*code.text()))
}

/// How much room a content takes in a message, in bytes.
pub(super) fn encoded_bytes(bytes: u64) -> u64 {
    let bytes = usize::try_from(bytes).ok().and_then(|bytes| encoded_len(bytes, true));
    let bytes = bytes.unwrap_or(usize::MAX / 2);
    (bytes + bytes.div_ceil(LINE.0) * (LINE.1 - LINE.0)) as u64
}

/// The most content that fits into a message of so many bytes, in bytes.
pub(super) fn content_bytes_max(message_bytes_max: usize) -> u64 {
    let room = message_bytes_max.saturating_sub(AROUND_BYTES + AROUND_EACH_BYTES);
    let lines = room / LINE.1;
    (lines * LINE.0 / 4 * 3).max(1) as u64
}

/// A message as the body of a request, the same whenever it is made.
async fn packed(
    system: &System,
    letter: &Letter,
    cpa: String,
) -> Result<(String, Vec<u8>), String> {
    let mut parts = vec![Part::plain(
        &format!("{}{HOST}", letter.id),
        "application/xml; charset=UTF-8",
        letter.payload.as_bytes(),
    )];
    for attached in &letter.attached {
        parts.extend(part(system, attached).await?);
    }
    let content = Content::Manifest(manifest(letter));
    let package =
        Package { message: Message { header: header(system, letter, cpa), content }, parts };
    let kind = ContentType {
        boundary: format!("--=_{}", letter.id.replace('-', "")),
        kind: "text/xml".to_owned(),
        start: START.to_owned(),
    };
    package.write(&kind).map_err(|why| format!("the message cannot be written: {why:?}"))
}

fn header(system: &System, letter: &Letter, cpa: String) -> Header {
    Header {
        from: Party::new(&system.handler.party, PARTY),
        to: Party::new(&letter.to.party, PARTY),
        cpa,
        conversation: letter.conversation.to_string().to_uppercase(),
        service: SERVICE.to_owned(),
        action: letter.interaction.clone(),
        message_id: letter.id.clone(),
        timestamp: instant(letter.at),
        eliminate_duplicates: true,
        ack_requested: Some(AckRequested { actor: TO_NEXT_HANDLER.to_owned(), signed: false }),
        ..Header::default()
    }
}

fn manifest(letter: &Letter) -> Vec<Reference> {
    let payload = Reference {
        schema: Some(Schema { location: HL7_SCHEMA.to_owned(), version: "1.0".to_owned() }),
        hl7: true,
        description: letter.interaction.clone(),
        ..Reference::to_part(&format!("{}{HOST}", letter.id))
    };
    let attached = letter.attached.iter().map(|attached| {
        let place = format!("{}{HOST}", attached.id);
        let place = match &attached.content {
            Some(_) => Reference::to_part(&place),
            None => Reference::to_message(&place),
        };
        let description = attached.description.clone();
        // An xs:ID does not begin with a digit.
        Reference { id: format!("_{}", attached.document), description, ..place }
    });
    std::iter::once(payload).chain(attached).collect()
}

/// What an attachment holds, as a part; nothing when it goes in a message of its own.
async fn part(system: &System, attached: &Attached) -> Result<Option<Part>, String> {
    let Some(slice) = &attached.content else { return Ok(None) };
    let read = system.desk.folder.read_file(FILES, &slice.file, slice.from, slice.bytes).await;
    let content = read.map_err(|error| format!("the folder: {error}"))?;
    if content.len() as u64 != slice.bytes {
        return Err("a document is shorter than it was".to_owned());
    }
    Ok(Some(Part::base64(&format!("{}{HOST}", attached.id), "application/octet-stream", &content)))
}

/// An instant as `xs:dateTime`.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%FT%TZ").to_string()
}
