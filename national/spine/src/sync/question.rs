//! From the bytes of a call to a question that makes sense: an envelope, its addressing, and one
//! message whose interaction is the one that the SOAP action names.

use base::Fault;
use hl7v3::addressing::{Addressing, Version};
use hl7v3::soap::{Envelope, Unreadable};
use hl7v3::wrapper::{self, Transmission};
use hl7v3::xml::{Element, Refused};

use super::exchange::Exchange;
use super::faults::{client, not_supported};
use crate::name;

/// A question, read and found to make sense.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// Which it is.
    pub(crate) exchange: &'static Exchange,
    /// Where it came from and where its answer goes.
    pub(crate) addressing: Addressing,
    /// The message.
    pub(crate) message: Transmission<'a>,
    /// The system that the envelope says has sent it, if it says so.
    pub(crate) envelope_sender: Option<String>,
}

/// Reads a question.
///
/// # Errors
/// What is wrong with it, as a row of the table of errors.
pub(crate) fn read<'a>(body: &'a [u8], soap_action: Option<&str>) -> Result<Question<'a>, Fault> {
    let envelope = Envelope::parse(body).map_err(unreadable)?;
    if envelope.not_understood(is_known).is_some() {
        return Err(Fault::new(base::Kind::Unsupported, "MUST_UNDERSTAND", ""));
    }
    let addressing = Addressing::read(&envelope)
        .map_err(|repeated| client(format!("the header {} stands there twice", repeated.0)))?
        .unwrap_or_else(|| Addressing::new(Version::August2004));
    let envelope_sender = envelope
        .header(wrapper::NAMESPACE, "communicationFunctionSnd")
        .map(|header| wrapper::device(header).extension);
    let mut body = envelope.body.into_iter();
    let (Some(root), None) = (body.next(), body.next()) else {
        return Err(client("the body must hold one message"));
    };
    let message = Transmission::read(root).map_err(|why| client(malformed(why)))?;
    let exchange = Exchange::of(&message.interaction.extension).ok_or_else(not_supported)?;
    for action in [soap_action, addressing.action.as_deref()].into_iter().flatten() {
        // Some put quotes around it, as SOAP says, and some do not.
        let action = action.trim().trim_matches('"');
        if !action.is_empty() && action != exchange.action() {
            return Err(client("the action is not that of the message in the body"));
        }
    }
    let ids = [Some(&message.id), addressing.message_id.as_ref()];
    if !ids.into_iter().flatten().all(|id| name::is_fit(id)) {
        return Err(client("the id of the message is too long, or none"));
    }
    Ok(Question { exchange, addressing, message, envelope_sender })
}

/// Whether a header is one that means something here.
fn is_known(header: &Element<'_>) -> bool {
    [Version::August2004.namespace(), Version::August2005.namespace(), wrapper::NAMESPACE]
        .contains(&header.namespace())
}

fn unreadable(why: Unreadable) -> Fault {
    let why = match why {
        Unreadable::OtherVersion => {
            return Fault::new(base::Kind::Unsupported, "VERSION_MISMATCH", "");
        }
        Unreadable::NotSoap => return client("it is no SOAP 1.1 message"),
        Unreadable::Xml(refused) => refused,
    };
    let why = match why {
        Refused::TooLong => "it is too long",
        Refused::TooDeep => "it nests too deep",
        Refused::TooMuch => "it holds too much",
        Refused::NotUtf8 => "it is not UTF-8",
        Refused::DocumentType => "it has a document type or an entity, and may have none",
        Refused::NotWellFormed => "it is not well-formed",
    };
    Fault::new(base::Kind::Incorrect, "NOT_WELL_FORMED", why)
}

fn malformed(why: wrapper::Malformed) -> &'static str {
    match why {
        wrapper::Malformed::NotV3 => "the body must hold a message of HL7 V3",
        wrapper::Malformed::NoId => "the message has no id",
        wrapper::Malformed::TwoInteractions => "the message says that it is another one",
        wrapper::Malformed::Acknowledgement => "what the message acknowledges cannot be read",
    }
}
