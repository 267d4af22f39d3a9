//! The SOAP message that answers a question: addressed back to whoever asked, with the answer or
//! the refusal in it.

use hl7v3::addressing::Addressing;
use hl7v3::soap::{self, Envelope};
use hl7v3::wrapper::{
    self, AckKind, Acknowledgement, ControlAct, InstanceId, Transmission, communication, said,
};
use http::StatusCode;
use serde_json::Value;
use service::Reply;

use super::House;
use super::exchange::{REFUSAL, SERVICE, action};
use super::question::Question;
use super::refusal::Refusal;
use super::{patient, time};
use crate::oid;

/// The version of the messages that answers follow.
const VERSION: &str = "3NPfIT6.3.01";

/// The answer to a question: the patient, or why there is none.
pub(crate) fn answer(
    house: &House,
    question: &Question<'_>,
    found: Result<&Value, Refusal>,
) -> Reply {
    let exchange = question.exchange;
    let interaction = if found.is_ok() { exchange.answers } else { REFUSAL };
    let act = match found {
        Ok(found) => ControlAct {
            subjects: vec![patient::subject(found, exchange.form)],
            query_response: "OK".to_owned(),
            ..ControlAct::default()
        },
        Err(refusal) => ControlAct {
            issues: refusal.issues(),
            query_response: refusal.query_response().to_owned(),
            ..ControlAct::default()
        },
    };
    let asked = &question.message;
    // Whoever was asked answers, under the name by which they were asked.
    let (asker, asked_system) = (asked.sender.clone(), asked.receiver.clone());
    let id = house.message_id();
    let message = Transmission {
        interaction: InstanceId::new(oid::INTERACTION, interaction),
        id: id.clone(),
        created: time::digits(house.clock.now()),
        version: VERSION.to_owned(),
        processing: "P".to_owned(),
        mode: "T".to_owned(),
        accept_ack: "NE".to_owned(),
        acknowledgement: Some(Acknowledgement {
            kind: if found.is_ok() { AckKind::Accept } else { AckKind::Error },
            of: asked.id.clone(),
            details: Vec::new(),
        }),
        receiver: asker.clone(),
        sender: asked_system.clone(),
        act: Some(ControlAct { system: Some(asked_system.clone()), ..act }),
    };
    let addressing = addressing(question, &id, interaction);
    let mut headers = addressing.elements();
    headers.push(communication("communicationFunctionRcv", "RCV", asker));
    headers.push(communication("communicationFunctionSnd", "SND", asked_system));
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
