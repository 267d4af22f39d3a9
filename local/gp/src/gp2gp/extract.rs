//! The extract of a record: `RCMR_IN030000UK06`.

use desk::Desk;
use hl7v3::wrapper::{Code, InstanceId, NAMESPACE, Transmission, said};
use hl7v3::xml::Element;

use super::request::Asked;
use super::wrap::{NHS_NUMBERS, id, organisation, record_target, valued, when, wrap};
use super::{EXTRACT, Partner};
use crate::record::{Note, Record};

/// The code of a composition that is no consultation.
const NO_CONSULTATION: (&str, &str) = ("196401000000100", "Non-consultation data");
const SNOMED: &str = "2.16.840.1.113883.2.1.3.2.4.15";

/// An extract, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extract {
    /// The request that it answers.
    pub(super) request: String,
    /// The record.
    pub(super) record: Record,
}

/// The message that brings a record to who asked for it.
pub(super) fn message<'a>(
    desk: &Desk,
    to: &Partner,
    asked: &Asked,
    record: &Record,
) -> Transmission<'a> {
    let now = when(desk.clock.now());
    let statements = record.notes.iter().map(|note| {
        let statement = act("NarrativeStatement", "OBS")
            .with(InstanceId::new(id(desk), "").into_element("id"))
            .with(said("text").with_text(note.text.clone()))
            .with(valued("statusCode", "code", "COMPLETE"))
            .with(valued("availabilityTime", "value", &note.at));
        component(statement)
    });
    let code = Code {
        code: NO_CONSULTATION.0.to_owned(),
        system: SNOMED.to_owned(),
        display: NO_CONSULTATION.1.to_owned(),
        ..Code::default()
    };
    let composition = act("ehrComposition", "COMPOSITION")
        .with(InstanceId::new(id(desk), "").into_element("id"))
        .with(code.into_element("code"))
        .with(valued("statusCode", "code", "COMPLETE"))
        .with(valued("availabilityTime", "value", &now))
        .with_all(statements);
    let folder = act("ehrFolder", "FOLDER")
        .with(InstanceId::new(id(desk), "").into_element("id"))
        .with(valued("statusCode", "code", "COMPLETE"))
        .with(valued("availabilityTime", "value", &now))
        .with(component(composition));
    let prior = said("priorEhrRequest")
        .with_attribute("classCode", "EXTRACT")
        .with_attribute("moodCode", "RQO")
        .with(InstanceId::new(&asked.id, "").into_element("id"));
    let extract = act("EhrExtract", "EXTRACT")
        .with(InstanceId::new(id(desk), "").into_element("id"))
        .with(valued("statusCode", "code", "COMPLETE"))
        .with(valued("availabilityTime", "value", &now))
        .with(record_target(&record.nhs_number))
        .with(organisation("author", "AUT", &desk.card.organisation))
        .with(organisation("destination", "DST", &to.organisation))
        .with(component(folder))
        .with(said("inFulfillmentOf").with_attribute("typeCode", "FLFS").with(prior));
    wrap(desk, EXTRACT, to, None, Some(extract))
}

/// Reads an extract; nothing when the message holds none.
pub(super) fn read(message: &Transmission<'_>) -> Option<Extract> {
    let extract = message.act.as_ref()?.subjects.iter().find(|it| it.name() == "EhrExtract")?;
    let at = |path: &[&str]| extract.at(NAMESPACE, path).map(InstanceId::of);
    let patient = at(&["recordTarget", "patient", "id"])?;
    let request = at(&["inFulfillmentOf", "priorEhrRequest", "id"])?.root;
    let mut notes = Vec::new();
    gather(extract, &mut notes);
    let sound = patient.root == NHS_NUMBERS && !request.is_empty();
    let record = Record { nhs_number: patient.extension, notes };
    sound.then_some(Extract { request, record })
}

/// The notes in an element, wherever a system may have put them. The reader of XML bounds how deep
/// that can be.
fn gather(element: &Element<'_>, notes: &mut Vec<Note>) {
    for inner in element.elements() {
        if !inner.is(NAMESPACE, "NarrativeStatement") {
            gather(inner, notes);
            continue;
        }
        let at = inner.first(NAMESPACE, "availabilityTime");
        let at = at.and_then(|at| at.attribute("value")).unwrap_or_default().to_owned();
        let text = inner.first(NAMESPACE, "text").map(|text| text.text().into_owned());
        notes.push(Note { at, text: text.unwrap_or_default() });
    }
}

fn act<'a>(name: &'static str, class: &'static str) -> Element<'a> {
    said(name).with_attribute("classCode", class).with_attribute("moodCode", "EVN")
}

fn component(inner: Element<'_>) -> Element<'_> {
    said("component").with_attribute("typeCode", "COMP").with(inner)
}
