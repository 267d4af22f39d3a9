//! The resources and bundles that answers hold.

use nhs::url;

use super::element::{
    Way, address, concept, contact, name, nhs_identifier, organisation, period, telecom,
};
use super::extension;
use crate::shape::{Object, Shape, Text, few, list, object, open_object};

const GENDERS: &[&str] = &["male", "female", "other", "unknown"];

/// A patient, as a read, an update and a create answer it.
pub(crate) fn patient() -> Shape {
    basics()
        .may("managingOrganization", organisation())
        .may("extension", list(extension::answered()))
        .into()
}

/// A patient, as a search answers it: no pharmacies, no language, no place of birth.
fn patient_found() -> Shape {
    basics().may("extension", list(extension::found())).into()
}

fn basics() -> Object {
    object()
        .must("resourceType", Shape::Code(&["Patient"]))
        .must("id", Text::TEN_DIGITS)
        .may("identifier", few(0, 1, identifier()))
        .may("meta", meta())
        .may("name", few(1, usize::MAX, name(Way::Answered)))
        .may("gender", Shape::Code(GENDERS))
        .may("birthDate", Shape::Date)
        .may("multipleBirthInteger", Shape::Whole(1, 9))
        .may("deceasedDateTime", Text::DEATH)
        .may("address", list(address(Way::Answered)))
        .may("telecom", list(telecom(Way::Answered)))
        .may("contact", list(contact()))
        .may("generalPractitioner", few(0, 1, organisation()))
}

fn identifier() -> Shape {
    let verification = open_object()
        .must("url", Shape::Code(&[url::NUMBER_VERIFICATION]))
        .must("valueCodeableConcept", concept(Way::Answered, Text::ANY));
    nhs_identifier(Way::Answered).may("extension", list(verification)).into()
}

fn meta() -> Shape {
    let label = open_object()
        .may("system", Text::ANY)
        .may("code", Shape::Code(&["U", "R", "V", "REDACTED"]))
        .may("display", Text::ANY);
    open_object().may("versionId", Text::VERSION).may("security", few(0, 1, label)).into()
}

/// The searchset that a search answers with.
pub(crate) fn patient_bundle() -> Shape {
    let search = open_object().must("score", Shape::Measure(1));
    let entry = open_object()
        .must("fullUrl", Text::ANY)
        .must("search", search)
        .must("resource", patient_found());
    searchset().may("entry", few(1, 50, entry)).into()
}

/// The related people of a patient.
pub(crate) fn related_person_bundle() -> Shape {
    let entry = open_object().must("fullUrl", Text::ANY).must("resource", related_person());
    searchset().may("entry", few(1, usize::MAX, entry)).into()
}

fn related_person() -> Shape {
    const SYSTEMS: &[&str] = &[url::RELATIONSHIP_TYPES, url::RELATIONSHIP_CODES];
    let coding = open_object()
        .must("system", Shape::Code(SYSTEMS))
        .must("code", Text::ANY)
        .may("display", Text::ANY);
    let relationship = open_object().must("coding", few(1, 3, coding));
    object()
        .must("resourceType", Shape::Code(&["RelatedPerson"]))
        .may("id", Text::ANY)
        .must("patient", open_object().may("identifier", nhs_identifier(Way::Answered)))
        .may("active", Shape::Flag)
        .may("period", period(Way::Answered))
        .may("name", few(0, 1, name(Way::Answered)))
        .may("address", few(0, 1, address(Way::Answered)))
        .may("telecom", few(0, 5, telecom(Way::Answered)))
        .must("relationship", few(1, 1, relationship))
        .may("extension", list(extension::related()))
        .into()
}

/// The coverage of a patient: nothing or one.
pub(crate) fn coverage_bundle() -> Shape {
    let entry = open_object().must("fullUrl", Text::ANY).must("resource", coverage(Way::Answered));
    searchset()
        .must("meta", open_object().must("versionId", Text::VERSION))
        .may("entry", few(1, 1, entry))
        .into()
}

/// A coverage: the details of a European Health Insurance Card.
pub(crate) fn coverage(way: Way) -> Shape {
    let object = || if way == Way::Sent { object() } else { open_object() };
    let by_value = |text: Text| object().must("value", text);
    let country =
        object().must("system", Shape::Code(&[url::COUNTRY_CODES])).must("value", Text::COUNTRY);
    let card = object()
        .must("value", Text::CARD_25)
        .must("assigner", object().must("identifier", country).may("display", Text::LINE));
    let party = |identifier: Object| {
        object().must("identifier", identifier).may("type", Shape::Code(&["Patient"]))
    };
    object()
        .must("resourceType", Shape::Code(&["Coverage"]))
        .must("status", Shape::Code(&["active"]))
        .must("subscriber", party(nhs_identifier(way)))
        .must("identifier", few(1, 1, card))
        .must("payor", few(1, 1, object().must("identifier", by_value(Text::CARD_30))))
        .must("beneficiary", party(by_value(Text::CARD_25)))
        .must("period", object().may("start", Shape::Date).must("end", Shape::Date))
        .into()
}

fn searchset() -> Object {
    open_object()
        .must("resourceType", Shape::Code(&["Bundle"]))
        .must("type", Shape::Code(&["searchset"]))
        .must("timestamp", Shape::Instant)
        .must("total", Shape::Whole(0, u64::from(u32::MAX)))
}

/// What goes wrong, and what is worth knowing.
pub(crate) fn operation_outcome() -> Shape {
    let coding = object()
        .must("system", Shape::Code(&[url::SPINE_ERROR]))
        .must("version", Shape::Code(&["1"]))
        .must("code", Text::ANY)
        .must("display", Text::ANY);
    let issue = object()
        .must("severity", Shape::Code(&["error", "information"]))
        .must("code", Text::ANY)
        .must("details", object().must("coding", few(1, 1, coding)))
        .may("diagnostics", Text::ANY);
    object()
        .must("resourceType", Shape::Code(&["OperationOutcome"]))
        .must("issue", few(1, 1, issue))
        .into()
}
