//! The HL7 V3 message that answers a question, on whatever wire it travels: the patient, or why
//! there is none.

use hl7v3::wrapper::{AckKind, Acknowledgement, Code, ControlAct, InstanceId, Transmission};
use serde_json::Value;

use super::exchange::{Exchange, Kind, REFUSAL};
use super::patient;
use super::refusal::Refusal;
use crate::oid;

/// The version of the messages that answers follow.
const VERSION: &str = "3NPfIT6.3.01";

/// The answer to a question under an id, made at an instant in digits.
pub(crate) fn message<'a>(
    exchange: &'static Exchange,
    asked: &Transmission<'_>,
    (id, created): (String, String),
    found: Result<&'a Value, Refusal>,
) -> Transmission<'a> {
    let interaction = if found.is_ok() { exchange.answers } else { REFUSAL };
    let kind = if found.is_ok() { AckKind::Accept } else { AckKind::Error };
    let act = match found {
        Ok(found) => ControlAct {
            subjects: vec![patient::subject(found, exchange.form)],
            issues: certainty(exchange.kind),
            query_response: "OK".to_owned(),
            ..ControlAct::default()
        },
        Err(refusal) => ControlAct {
            issues: refusal.issues(),
            query_response: refusal.query_response().to_owned(),
            ..ControlAct::default()
        },
    };
    // Whoever was asked answers, under the name by which they were asked.
    let (asker, asked_system) = (asked.sender.clone(), asked.receiver.clone());
    Transmission {
        interaction: InstanceId::new(oid::INTERACTION, interaction),
        id,
        created,
        version: VERSION.to_owned(),
        processing: "P".to_owned(),
        mode: "T".to_owned(),
        accept_ack: "NE".to_owned(),
        acknowledgement: Some(Acknowledgement { kind, of: asked.id.clone(), details: Vec::new() }),
        receiver: asker,
        sender: asked_system.clone(),
        act: Some(ControlAct { system: Some(asked_system), ..act }),
    }
}

/// How surely it is them, where the answer says so: a criterion that does not hold finds nobody.
fn certainty(kind: Kind) -> Vec<Code> {
    let sure = || Code {
        code: "3".to_owned(),
        system: oid::PDS_ERROR.to_owned(),
        display: "Match - NHS Number and standard Service User details returned".to_owned(),
        qualifier: "WG".to_owned(),
    };
    if kind == Kind::AdvancedTrace { vec![sure()] } else { Vec::new() }
}
