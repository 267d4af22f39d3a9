//! What every GP2GP message has around it.

use desk::Desk;
use hl7v3::wrapper::{Acknowledgement, ControlAct, InstanceId, Transmission, said};
use hl7v3::xml::Element;
use jiff::Timestamp;

use super::Partner;

/// The root of the ids of interactions.
const INTERACTIONS: &str = "2.16.840.1.113883.2.1.3.2.4.12";
/// The root of accredited system ids.
const SYSTEMS: &str = "1.2.826.0.1285.0.2.0.107";
/// The root of organisation codes.
const ORGANISATIONS: &str = "1.2.826.0.1285.0.1.10";
/// The root of NHS numbers.
pub(super) const NHS_NUMBERS: &str = "2.16.840.1.113883.2.1.4.1";

/// A message of an interaction to a partner, about something.
pub(super) fn wrap<'a>(
    desk: &Desk,
    interaction: &'static str,
    to: &Partner,
    acknowledgement: Option<Acknowledgement>,
    subject: Option<Element<'a>>,
) -> Transmission<'a> {
    let system = InstanceId::new(SYSTEMS, &desk.card.system);
    Transmission {
        interaction: InstanceId::new(INTERACTIONS, interaction),
        id: id(desk),
        created: when(desk.clock.now()),
        version: "3NPfIT7.2.00".to_owned(),
        processing: "P".to_owned(),
        mode: "T".to_owned(),
        accept_ack: "NE".to_owned(),
        acknowledgement,
        receiver: InstanceId::new(SYSTEMS, &to.system),
        sender: system.clone(),
        act: Some(ControlAct {
            system: Some(system),
            subjects: subject.into_iter().collect(),
            ..ControlAct::default()
        }),
    }
}

/// A new id, as the broker has them: a UUID in capitals.
pub(super) fn id(desk: &Desk) -> String {
    desk.dice.uuid().to_string().to_uppercase()
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
