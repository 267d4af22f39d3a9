//! What every GP2GP message has around it.

use desk::Card;
use hl7v3::wrapper::{Acknowledgement, ControlAct, InstanceId, NAMESPACE, Transmission, said};
use hl7v3::xml::{self, Element};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Partner;
use crate::outbox::{Attached, Letter};
use crate::system::System;

/// The root of the ids of interactions.
const INTERACTIONS: &str = "2.16.840.1.113883.2.1.3.2.4.12";
/// The root of accredited system ids.
const SYSTEMS: &str = "1.2.826.0.1285.0.2.0.107";
/// The root of organisation codes.
const ORGANISATIONS: &str = "1.2.826.0.1285.0.1.10";
/// The root of NHS numbers.
pub(super) const NHS_NUMBERS: &str = "2.16.840.1.113883.2.1.4.1";

/// What a message is about to be made of.
pub(super) struct Draft<'a> {
    /// Its id, a UUID in capitals.
    pub(super) id: String,
    /// What it belongs to.
    pub(super) conversation: Uuid,
    /// For whom.
    pub(super) to: &'a Partner,
    /// The interaction.
    pub(super) interaction: &'static str,
    /// What it is, in words without patients.
    pub(super) what: String,
    /// When it is made.
    pub(super) at: Timestamp,
}

impl Draft<'_> {
    /// The message about something, ready to be sent.
    pub(super) fn letter(
        self,
        system: &System,
        acknowledgement: Option<Acknowledgement>,
        subject: Option<Element<'_>>,
        attached: Vec<Attached>,
    ) -> Letter {
        let payload = self.payload(&system.desk.card, acknowledgement, subject);
        let patience = SignedDuration::from_secs(system.handler.patience.posting_s);
        Letter {
            id: self.id,
            conversation: self.conversation,
            to: self.to.clone(),
            interaction: self.interaction.to_owned(),
            what: self.what,
            at: self.at,
            until: self.at.checked_add(patience).unwrap_or(Timestamp::MAX),
            payload,
            attached,
        }
    }

    /// The HL7 message.
    pub(super) fn payload(
        &self,
        card: &Card,
        acknowledgement: Option<Acknowledgement>,
        subject: Option<Element<'_>>,
    ) -> String {
        let system = InstanceId::new(SYSTEMS, &card.system);
        let message = Transmission {
            interaction: InstanceId::new(INTERACTIONS, self.interaction),
            id: self.id.clone(),
            created: when(self.at),
            version: "3NPfIT7.2.00".to_owned(),
            processing: "P".to_owned(),
            mode: "T".to_owned(),
            accept_ack: "NE".to_owned(),
            acknowledgement,
            receiver: InstanceId::new(SYSTEMS, &self.to.system),
            sender: system.clone(),
            act: Some(ControlAct {
                system: Some(system),
                subjects: subject.into_iter().collect(),
                ..ControlAct::default()
            }),
        };
        xml::write(&message.into_element(), &[("", NAMESPACE)])
    }
}

/// An instant as HL7 writes it.
pub(super) fn when(at: Timestamp) -> String {
    at.strftime("%Y%m%d%H%M%S").to_string()
}

/// The patient whom an act is about.
pub(super) fn record_target<'a>(nhs_number: &str) -> Element<'a> {
    let id = InstanceId::new(NHS_NUMBERS, nhs_number).into_element("id");
    let patient = said("patient").with_attribute("classCode", "PAT").with(id);
    said("recordTarget").with_attribute("typeCode", "RCT").with(patient)
}

/// An organisation in a role: `author` or `destination`.
pub(super) fn organisation<'a>(role: &'static str, kind: &'static str, code: &str) -> Element<'a> {
    let id = InstanceId::new(ORGANISATIONS, code).into_element("id");
    let organisation = said("agentOrganizationSDS")
        .with_attribute("classCode", "ORG")
        .with_attribute("determinerCode", "INSTANCE")
        .with(id);
    let agent = said("AgentOrgSDS").with_attribute("classCode", "AGNT").with(organisation);
    said(role).with_attribute("typeCode", kind).with(agent)
}

/// An element that is only a value.
pub(super) fn valued<'a>(name: &'static str, attribute: &'static str, value: &str) -> Element<'a> {
    said(name).with_attribute(attribute, value.to_owned())
}
