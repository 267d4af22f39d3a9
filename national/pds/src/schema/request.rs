//! The bodies that requests hold.
//!
//! The birth operation is not in the published document: its bundle is described here as FHIR has
//! it, a transaction with the baby, the weight at birth and, if known, the mother.

use super::element::{Way, address, concept, name, nhs_identifier, telecom};
use super::extension;
use crate::shape::{Shape, Text, few, object, open_object};

/// The most addresses of a new patient: one of each use.
const ADDRESSES_MAX: usize = 3;
/// The most ways to reach a new patient.
const TELECOMS_MAX: usize = 20;
/// The most extensions of a new patient.
const EXTENSIONS_MAX: usize = 20;
/// The most things that a birth notification tells of.
const ENTRIES_MAX: usize = 10;
/// No baby weighs more, in grams.
const GRAMS_MAX: u32 = 20_000;

/// Birth weight in SNOMED CT, and measured birth weight in LOINC.
const BIRTH_WEIGHT: &[&str] = &["364589006", "8339-4"];
/// The genders that can be set, and the one that stands in old records only.
const NOW: &[&str] = &["male", "female", "unknown"];
const BEFORE: &[&str] = &["other"];

/// A new patient: `POST /Patient`.
pub(crate) fn patient() -> Shape {
    object()
        .may("resourceType", Shape::Code(&["Patient"]))
        .must("name", few(1, 1, name(Way::Sent)))
        .must("gender", Shape::CodeNow(NOW, BEFORE))
        .must("birthDate", Shape::Date)
        .must("address", few(1, ADDRESSES_MAX, address(Way::Sent)))
        .may("telecom", few(0, TELECOMS_MAX, telecom(Way::Sent)))
        .must("extension", few(1, EXTENSIONS_MAX, extension::sent()))
        .into()
}

/// A birth: `POST /Patient/$process-birth-details`.
pub(crate) fn birth_bundle() -> Shape {
    let request = open_object().must("method", Shape::Code(&["POST"])).must("url", Text::LINE);
    let resource = Shape::Kind(
        "resourceType",
        vec![
            ("Patient", Shape::Either(vec![mother_as_patient(), baby()])),
            ("Observation", weight()),
            ("RelatedPerson", mother()),
        ],
    );
    let entry =
        object().may("fullUrl", Text::LINE).must("resource", resource).may("request", request);
    object()
        .must("resourceType", Shape::Code(&["Bundle"]))
        .may("id", Text::LINE)
        .must("type", Shape::Code(&["transaction"]))
        .may("timestamp", Shape::Instant)
        .must("entry", few(2, ENTRIES_MAX, entry))
        .into()
}

/// The baby: a patient without a number.
pub(crate) fn baby() -> Shape {
    object()
        .must("resourceType", Shape::Code(&["Patient"]))
        .may("id", Text::LINE)
        .must("name", few(1, 1, name(Way::Sent)))
        .must("gender", Shape::CodeNow(NOW, BEFORE))
        .must("birthDate", Shape::Date)
        .may("multipleBirthInteger", Shape::Whole(1, 9))
        .may("deceasedDateTime", Text::DEATH)
        .must("address", few(1, ADDRESSES_MAX, address(Way::Sent)))
        .may("extension", few(0, EXTENSIONS_MAX, extension::born()))
        .into()
}

/// The weight at birth: an observation in grams. What else an observation says is not looked at.
fn weight() -> Shape {
    let coding = open_object().may("system", Text::ANY).must("code", Shape::Code(BIRTH_WEIGHT));
    let quantity = open_object()
        .must("value", Shape::Measure(GRAMS_MAX))
        .may("system", Shape::Code(&["http://unitsofmeasure.org"]))
        .may("code", Shape::Code(&["g"]));
    open_object()
        .must("resourceType", Shape::Code(&["Observation"]))
        .may("status", Shape::Code(&["final", "amended", "corrected"]))
        .must("code", open_object().must("coding", few(1, 1, coding)))
        .must("valueQuantity", quantity)
        .into()
}

/// The mother: a related person, with or without an NHS number.
fn mother() -> Shape {
    open_object()
        .must("resourceType", Shape::Code(&["RelatedPerson"]))
        .may("identifier", few(0, 1, nhs_identifier(Way::Sent)))
        .must("relationship", few(1, 1, concept(Way::Sent, Shape::Code(&["MTH"]))))
        .may("name", few(0, 1, name(Way::Sent)))
        .into()
}

/// The mother: a patient with an NHS number.
fn mother_as_patient() -> Shape {
    open_object()
        .must("resourceType", Shape::Code(&["Patient"]))
        .must("identifier", few(1, 1, nhs_identifier(Way::Sent)))
        .may("name", few(0, 1, name(Way::Sent)))
        .into()
}
