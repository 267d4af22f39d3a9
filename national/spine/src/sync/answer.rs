//! The SOAP message that answers a question: addressed back to whoever asked, with the answer or
//! the refusal in it.

use hl7v3::addressing::Addressing;
use hl7v3::soap::{self, Envelope};
use hl7v3::wrapper::{self, communication, said};
use http::StatusCode;
use serde_json::Value;
use service::Reply;

use super::House;
use super::exchange::{SERVICE, action};
use super::message::message;
use super::question::Question;
use super::refusal::Refusal;
use super::time;

/// The answer to a question: the patient, or why there is none.
pub(crate) fn answer(
    house: &House,
    question: &Question<'_>,
    found: Result<&Value, Refusal>,
) -> Reply {
    let (exchange, asked) = (question.exchange, &question.message);
    let id = house.message_id();
    let created = time::digits(house.clock.now());
    let message = message(exchange, asked, (id.clone(), created), found);
    let addressing = addressing(question, &id, &message.interaction.extension);
    let mut headers = addressing.elements();
    headers.push(communication("communicationFunctionRcv", "RCV", message.receiver.clone()));
    headers.push(communication("communicationFunctionSnd", "SND", message.sender.clone()));
    let body = said(exchange.kind.wrapper()).with(message.into_element());
    let envelope = Envelope { headers, body: vec![body] };
    let prefixes = [("", wrapper::NAMESPACE), addressing.version.prefix()];
    Reply::new(StatusCode::OK, soap::MEDIA_TYPE, envelope.write(&prefixes))
}

fn addressing(question: &Question<'_>, id: &str, interaction: &str) -> Addressing {
    let asked = &question.addressing;
    let relates_to =
        asked.message_id.clone().unwrap_or_else(|| format!("uuid:{}", question.message.id));
    Addressing {
        message_id: Some(format!("uuid:{id}")),
        action: Some(action(interaction)),
        to: Some(asked.from.clone().unwrap_or_default()),
        from: Some(asked.to.clone().unwrap_or_else(|| SERVICE.to_owned())),
        relates_to: Some(relates_to),
        ..Addressing::new(asked.version)
    }
}
