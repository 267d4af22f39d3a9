//! The envelope: ebXML to the broker, which forwards it reliably.
//!
//! Clause: <https://digital.nhs.uk/developer/api-catalogue/spine-messaging>, forward reliable.

use desk::{Answer, Call, Conversation, Desk, Trouble};
use hl7v3::ebxml::{
    AckRequested, Content, Header, Message, Package, Party, Reference, Schema, TO_NEXT_HANDLER,
};
use hl7v3::multipart::{ContentType, Part};
use hl7v3::wrapper::{NAMESPACE, Transmission};
use hl7v3::xml;
use http::Method;
use jiff::Timestamp;

use super::SERVICE;
use super::wrap::id;
use crate::system::Handler;

/// The kind of party keys.
const PARTY: &str = "urn:nhs:names:partyType:ocs+serviceInstance";
/// Where the broker takes messages that it forwards.
const FORWARD: &str = "/reliablemessaging/forwardreliable";
/// The part that the header is.
const START: &str = "ebXMLHeader@spine.nhs.uk";
const PAYLOAD: &str = "payload@spine.nhs.uk";
const HL7_SCHEMA: &str = "http://www.nhsia.nhs.uk/schemas/HL7-Message.xsd";

/// Somebody to exchange records with: what the directory says of them.
#[derive(Clone, Debug, Default)]
pub struct Partner {
    /// The code of the organisation.
    pub organisation: String,
    /// The accredited id of its system.
    pub system: String,
    /// The party key of its message handler.
    pub party: String,
    /// The contract under which that takes GP2GP messages.
    pub cpa: String,
}

/// A message on its way out.
pub(crate) struct Outgoing<'a> {
    /// For whom.
    pub(crate) to: &'a Partner,
    /// What it is, in words without patients.
    pub(crate) what: &'static str,
    /// The message.
    pub(crate) message: Transmission<'a>,
    /// How it is sent.
    pub(crate) manner: Manner,
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

/// Posts a message to the broker, for a partner, as part of a conversation.
///
/// # Errors
/// Why no answer came.
pub(crate) async fn post(
    desk: &Desk,
    handler: &Handler,
    conversation: &Conversation,
    outgoing: Outgoing<'_>,
) -> Result<Answer, Trouble> {
    let Outgoing { to, what, message, manner } = outgoing;
    let action = message.interaction.extension.clone();
    let payload = xml::write(&message.into_element(), &[("", NAMESPACE)]);
    let header = Header {
        from: Party::new(&handler.party, PARTY),
        to: Party::new(&to.party, PARTY),
        cpa: to.cpa.clone(),
        conversation: conversation.id().to_string().to_uppercase(),
        service: SERVICE.to_owned(),
        action: action.clone(),
        message_id: id(desk),
        timestamp: instant(desk.clock.now()),
        eliminate_duplicates: true,
        ack_requested: Some(AckRequested { actor: TO_NEXT_HANDLER.to_owned(), signed: false }),
        ..Header::default()
    };
    let manifest = vec![Reference {
        schema: Some(Schema { location: HL7_SCHEMA.to_owned(), version: "1.0".to_owned() }),
        hl7: true,
        description: action.clone(),
        ..Reference::to_part(PAYLOAD)
    }];
    let package = Package {
        message: Message { header, content: Content::Manifest(manifest) },
        parts: vec![Part::plain(PAYLOAD, "application/xml; charset=UTF-8", payload)],
    };
    let kind = ContentType {
        boundary: format!("--=_{}", desk.dice.uuid().simple()),
        kind: "text/xml".to_owned(),
        start: START.to_owned(),
    };
    let unwritten = |_| Trouble::Here("the message cannot be written".to_owned());
    let (content_type, body) = package.write(&kind).map_err(unwritten)?;
    let url = format!("{}{FORWARD}", handler.broker);
    let call = Call::new(Method::POST, url, "message broker", what)
        .header("soapaction", &format!("{SERVICE}/{action}"))
        .body(&content_type, body)
        .by_certificate();
    match manner {
        Manner::Usual => {}
        Manner::WithoutCertificate => return desk.call(conversation, call.without_token()).await,
        Manner::Twice => drop(desk.call(conversation, call.clone()).await?),
    }
    desk.call(conversation, call).await
}

/// An instant as `xs:dateTime`.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%FT%TZ").to_string()
}
