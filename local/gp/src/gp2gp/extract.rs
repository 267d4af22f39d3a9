//! The extract of a record: what stands in `RCMR_IN030000UK06`.

use desk::Card;
use hl7v3::wrapper::{Code, InstanceId, NAMESPACE, Transmission, said};
use hl7v3::xml::Element;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::id_of;
use super::request::Asked;
use super::wrap::{Draft, NHS_NUMBERS, organisation, record_target, valued, when};
use crate::document::Document;
use crate::record::{Note, Record};

/// The code of a composition that is no consultation.
const NO_CONSULTATION: (&str, &str) = ("196401000000100", "Non-consultation data");
const SNOMED: &str = "2.16.840.1.113883.2.1.3.2.4.15";
/// What the reference to a document begins with.
const FILE: &str = "file://localhost/";

/// An extract, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extract {
    /// The request that it answers.
    pub(super) request: String,
    /// The record; of its documents only what the extract says of them.
    pub(super) record: Record,
}

/// An extract of a record, as the subject of a message.
pub(super) fn written<'a>(
    card: &Card,
    draft: &Draft<'_>,
    asked: &Asked,
    record: &Record,
) -> Element<'a> {
    let now = when(draft.at);
    let id = |what: &str| InstanceId::new(id_of(&[&draft.id, what]), "").into_element("id");
    let notes = record.notes.iter().enumerate().map(|(number, note)| {
        let text = said("text").with_text(note.text.clone());
        component(statement(id(&format!("note {number}")), text, &note.at))
    });
    let documents = record.documents.iter().map(|document| {
        let own = InstanceId::new(&document.id, "").into_element("id");
        let text = said("text").with_text(document.name.clone());
        let statement = statement(id(&format!("document {}", document.id)), text, &document.at);
        component(statement.with(external(own, document)))
    });
    let code = Code {
        code: NO_CONSULTATION.0.to_owned(),
        system: SNOMED.to_owned(),
        display: NO_CONSULTATION.1.to_owned(),
        ..Code::default()
    };
    let composition = act("ehrComposition", "COMPOSITION")
        .with(id("composition"))
        .with(code.into_element("code"))
        .with(valued("statusCode", "code", "COMPLETE"))
        .with(valued("availabilityTime", "value", &now))
        .with_all(notes)
        .with_all(documents);
    let folder = act("ehrFolder", "FOLDER")
        .with(id("folder"))
        .with(valued("statusCode", "code", "COMPLETE"))
        .with(valued("availabilityTime", "value", &now))
        .with(component(composition));
    let prior = said("priorEhrRequest")
        .with_attribute("classCode", "EXTRACT")
        .with_attribute("moodCode", "RQO")
        .with(InstanceId::new(&asked.id, "").into_element("id"));
    act("EhrExtract", "EXTRACT")
        .with(id("extract"))
        .with(valued("statusCode", "code", "COMPLETE"))
        .with(valued("availabilityTime", "value", &now))
        .with(record_target(&record.nhs_number))
        .with(organisation("author", "AUT", &card.organisation))
        .with(organisation("destination", "DST", &draft.to.organisation))
        .with(component(folder))
        .with(said("inFulfillmentOf").with_attribute("typeCode", "FLFS").with(prior))
}

/// Reads an extract; nothing when the message holds none.
pub(super) fn read(message: &Transmission<'_>) -> Option<Extract> {
    let extract = message.act.as_ref()?.subjects.iter().find(|it| it.name() == "EhrExtract")?;
    let at = |path: &[&str]| extract.at(NAMESPACE, path).map(InstanceId::of);
    let patient = at(&["recordTarget", "patient", "id"])?;
    let request = at(&["inFulfillmentOf", "priorEhrRequest", "id"])?.root;
    let mut record = Record { nhs_number: patient.extension, ..Record::default() };
    gather(extract, &mut record);
    let sound = patient.root == NHS_NUMBERS && !request.is_empty();
    sound.then_some(Extract { request, record })
}

/// The notes and documents in an element, wherever a system may have put them. The reader of XML
/// bounds how deep that can be.
fn gather(element: &Element<'_>, record: &mut Record) {
    for inner in element.elements() {
        if !inner.is(NAMESPACE, "NarrativeStatement") {
            gather(inner, record);
            continue;
        }
        let at = inner.first(NAMESPACE, "availabilityTime");
        let at = at.and_then(|at| at.attribute("value")).unwrap_or_default().to_owned();
        let text = inner.first(NAMESPACE, "text").map(|text| text.text().into_owned());
        let text = text.unwrap_or_default();
        match inner.at(NAMESPACE, &["reference", "referredToExternalDocument"]) {
            None => record.notes.push(Note { at, text }),
            Some(external) => record.documents.push(referred(external, at)),
        }
    }
}

/// What an extract says of a document.
fn referred(external: &Element<'_>, at: String) -> Document {
    let id = external.first(NAMESPACE, "id").map(InstanceId::of).unwrap_or_default().root;
    let text = external.first(NAMESPACE, "text");
    let content_type = text.and_then(|text| text.attribute("mediaType")).unwrap_or_default();
    let place = text.and_then(|text| text.first(NAMESPACE, "reference")?.attribute("value"));
    let place = place.unwrap_or_default();
    let name = percent_decode_str(place.strip_prefix(FILE).unwrap_or(place));
    Document {
        id,
        name: name.decode_utf8_lossy().into_owned(),
        content_type: content_type.to_owned(),
        at,
        ..Document::default()
    }
}

/// A document that is no part of the extract.
fn external<'a>(id: Element<'a>, document: &Document) -> Element<'a> {
    let place = said("reference").with_attribute("value", place(&document.name));
    let text = said("text").with_attribute("mediaType", document.content_type.clone()).with(place);
    let external = act("referredToExternalDocument", "DOC").with(id).with(text);
    said("reference").with_attribute("typeCode", "REFR").with(external)
}

/// Where a file is said to be.
pub(super) fn place(name: &str) -> String {
    format!("{FILE}{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
}

fn statement<'a>(id: Element<'a>, text: Element<'a>, at: &str) -> Element<'a> {
    act("NarrativeStatement", "OBS")
        .with(id)
        .with(text)
        .with(valued("statusCode", "code", "COMPLETE"))
        .with(valued("availabilityTime", "value", at))
}

fn act<'a>(name: &'static str, class: &'static str) -> Element<'a> {
    said(name).with_attribute("classCode", class).with_attribute("moodCode", "EVN")
}

fn component(inner: Element<'_>) -> Element<'_> {
    said("component").with_attribute("typeCode", "COMP").with(inner)
}
