//! The extensions of a patient.

use nhs::url;

use super::element::{Way, concept};
use crate::shape::{Object, Shape, Text, extension as one_of, few, object, open_object};

/// Accepted in a new patient, as specified, and not kept.
const NOT_KEPT: [&str; 6] = [
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-BirthSex",
    "http://hl7.org/fhir/StructureDefinition/patient-cadavericDonor",
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ResidentialStatus",
    "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason",
];

const AUTHORITY_TYPES: &[&str] = &[
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "t", "u", "v", "w", "x", "1",
];

/// The extensions that a read answers with.
pub(crate) fn answered() -> Shape {
    one_of(vec![
        (url::NOMINATED_PHARMACY, chosen(&[url::NOMINATED_PHARMACY])),
        (url::PREFERRED_DISPENSER, chosen(&[url::PREFERRED_DISPENSER])),
        (url::APPLIANCE_SUPPLIER, chosen(&[url::APPLIANCE_SUPPLIER])),
        (url::DEATH_NOTIFICATION, death_notification()),
        (url::COMMUNICATION, communication(Way::Answered)),
        (url::CONTACT_PREFERENCE, contact_preference(Way::Answered)),
        (url::BIRTH_PLACE, birth_place()),
        (url::REMOVAL_FROM_REGISTRATION, removal()),
    ])
}

/// The extensions that a search answers with.
pub(crate) fn found() -> Shape {
    one_of(vec![(url::DEATH_NOTIFICATION, death_notification())])
}

/// The extensions that a related person has.
pub(crate) fn related() -> Shape {
    let copy = open_object()
        .must("url", Shape::Code(&[url::COPY_CORRESPONDENCE]))
        .must("valueBoolean", Shape::Flag);
    let rank = open_object()
        .must("url", Shape::Code(&[url::CONTACT_RANK]))
        .must("valuePositiveInt", Shape::Whole(1, 99));
    one_of(vec![
        (url::COPY_CORRESPONDENCE, copy.into()),
        (url::CONTACT_RANK, rank.into()),
        (url::COMMUNICATION, communication(Way::Answered)),
        (url::CONTACT_PREFERENCE, contact_preference(Way::Answered)),
    ])
}

/// The extensions that a new patient may be sent with.
pub(crate) fn sent() -> Shape {
    let mut known = vec![
        (url::REGISTERING_AUTHORITY, registering_authority()),
        (url::COMMUNICATION, communication(Way::Sent)),
        (url::CONTACT_PREFERENCE, contact_preference(Way::Sent)),
        (url::BIRTH_PLACE, birth_place()),
    ];
    known.extend(NOT_KEPT.map(|name| (name, not_kept())));
    one_of(known)
}

/// The extensions that a newborn may be sent with.
pub(crate) fn born() -> Shape {
    one_of(vec![
        (url::REGISTERING_AUTHORITY, registering_authority()),
        (url::BIRTH_PLACE, birth_place()),
        (url::DEATH_NOTIFICATION, death_notification()),
    ])
}

/// Whether an extension of a new patient goes into the record.
pub(crate) fn is_kept(name: &str) -> bool {
    name != url::REGISTERING_AUTHORITY && !NOT_KEPT.contains(&name)
}

fn not_kept() -> Shape {
    open_object().must("url", Shape::Code(&NOT_KEPT)).into()
}

fn named(way: Way, names: &'static [&'static str]) -> Object {
    let object = if way == Way::Sent { object() } else { open_object() };
    object.must("url", Shape::Code(names))
}

/// An extension made of parts.
fn of_parts(
    way: Way,
    names: &'static [&'static str],
    least: usize,
    most: usize,
    parts: Vec<(&'static str, Shape)>,
) -> Shape {
    named(way, names).must("extension", few(least, most, one_of(parts))).into()
}

fn chosen(names: &'static [&'static str]) -> Shape {
    let identifier = open_object().may("system", Text::ANY).must("value", Text::ORGANISATION_SENT);
    let reference = open_object().must("identifier", identifier);
    named(Way::Answered, names).must("valueReference", reference).into()
}

fn death_notification() -> Shape {
    let status = named(Way::Answered, &["deathNotificationStatus"])
        .must("valueCodeableConcept", concept(Way::Answered, Shape::Code(&["1", "2", "U"])));
    let since =
        named(Way::Answered, &["systemEffectiveDate"]).must("valueDateTime", Shape::Instant);
    let parts =
        vec![("deathNotificationStatus", status.into()), ("systemEffectiveDate", since.into())];
    of_parts(Way::Answered, &[url::DEATH_NOTIFICATION], 1, 2, parts)
}

fn communication(way: Way) -> Shape {
    let code = if way == Way::Sent { Text::LANGUAGE } else { Text::ANY };
    let language = named(way, &["language"]).must("valueCodeableConcept", concept(way, code));
    let interpreter = named(way, &["interpreterRequired"]).must("valueBoolean", Shape::Flag);
    let parts = vec![("language", language.into()), ("interpreterRequired", interpreter.into())];
    of_parts(way, &[url::COMMUNICATION], 1, 2, parts)
}

fn contact_preference(way: Way) -> Shape {
    let times = if way == Way::Sent { Text::TIMES } else { Text::ANY };
    let format = named(way, &["PreferredWrittenCommunicationFormat"])
        .must("valueCodeableConcept", concept(way, Text::ANY));
    let method = named(way, &["PreferredContactMethod"])
        .must("valueCodeableConcept", concept(way, Text::ANY));
    let times = named(way, &["PreferredContactTimes"]).must("valueString", times);
    let parts = vec![
        ("PreferredWrittenCommunicationFormat", format.into()),
        ("PreferredContactMethod", method.into()),
        ("PreferredContactTimes", times.into()),
    ];
    of_parts(way, &[url::CONTACT_PREFERENCE], 0, 3, parts)
}

fn birth_place() -> Shape {
    let place =
        object().may("city", Text::LINE).may("district", Text::LINE).may("country", Text::LINE);
    object().must("url", Shape::Code(&[url::BIRTH_PLACE])).must("valueAddress", place).into()
}

fn removal() -> Shape {
    let reasons = Shape::Code(&["DEA", "EMB", "SCT", "NIT", "TRA", "ORR"]);
    let reason = named(Way::Answered, &["removalFromRegistrationCode"])
        .must("valueCodeableConcept", concept(Way::Answered, reasons));
    let period = open_object().must("start", Shape::Instant).may("end", Shape::Instant);
    let since = named(Way::Answered, &["effectiveTime"]).must("valuePeriod", period);
    let parts =
        vec![("removalFromRegistrationCode", reason.into()), ("effectiveTime", since.into())];
    of_parts(Way::Answered, &[url::REMOVAL_FROM_REGISTRATION], 1, 2, parts)
}

fn registering_authority() -> Shape {
    let kind = named(Way::Sent, &["registeringAuthorityType"])
        .must("valueCodeableConcept", concept(Way::Sent, Shape::Code(AUTHORITY_TYPES)));
    let organisation =
        named(Way::Sent, &["organisationIdentifier"]).must("valueString", Text::ORGANISATION_SENT);
    let parts = vec![
        ("registeringAuthorityType", kind.into()),
        ("organisationIdentifier", organisation.into()),
    ];
    of_parts(Way::Sent, &[url::REGISTERING_AUTHORITY], 2, 2, parts)
}
