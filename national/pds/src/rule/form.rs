//! The form of what may be written: members, types, codes, characters and lengths.

use base::Fault;
use nhs::url;
use serde_json::Value;

use super::changes;
use crate::shape::{Object, Shape, Text, extension, few, object};

/// Any text that names or numbers something.
const WORD: Text = Text { longest: 128, ..Text::LINE };

/// Checks the form of whatever changed.
pub(super) fn check(before: &Value, after: &Value) -> Result<(), Fault> {
    for (field, shape) in lists() {
        for change in changes(before, after, field) {
            shape.check_at(change.after, &change.at)?;
        }
    }
    for (field, shape) in single() {
        let value = after.get(field);
        if let Some(value) = value.filter(|value| before.get(field) != Some(value)) {
            shape.check_at(value, field)?;
        }
    }
    Ok(())
}

fn lists() -> [(&'static str, Shape); 6] {
    [
        ("name", name()),
        ("address", address()),
        ("telecom", telecom()),
        ("contact", contact()),
        ("generalPractitioner", practice()),
        ("extension", extensions()),
    ]
}

fn single() -> [(&'static str, Shape); 5] {
    [
        ("gender", Shape::CodeNow(&["male", "female", "unknown"], &["other"])),
        ("birthDate", Shape::Date),
        ("deceasedDateTime", Text::DEATH.into()),
        ("multipleBirthInteger", Shape::Whole(1, 9)),
        ("managingOrganization", practice()),
    ]
}

fn period() -> Object {
    object().must("start", Shape::Date).may("end", Shape::Date)
}

fn name() -> Shape {
    object()
        .may("id", WORD)
        .must("use", Shape::Code(&["usual", "temp", "nickname", "old", "maiden"]))
        .may("period", period())
        .may("given", few(0, 5, Text::NAME))
        .must("family", Text::NAME)
        .may("prefix", few(0, 5, Text::NAME))
        .may("suffix", few(0, 5, Text::NAME))
        .into()
}

fn address() -> Shape {
    let coding = object()
        .may("system", WORD)
        .must("code", Shape::Code(&["PAF", "UPRN"]))
        .may("display", WORD);
    let kind = object().must("url", Shape::Code(&["type"])).must("valueCoding", coding);
    let value = object().must("url", Shape::Code(&["value"])).must("valueString", Text::PROPERTY);
    let parts = extension(vec![("type", kind.into()), ("value", value.into())]);
    let key =
        object().must("url", Shape::Code(&[url::ADDRESS_KEY])).must("extension", few(2, 2, parts));
    object()
        .may("id", WORD)
        .may("period", period())
        .must("use", Shape::CodeNow(&["home", "temp", "billing"], &["work"]))
        .may("text", WORD)
        .may("line", few(0, 5, Text::LINE))
        .may("postalCode", Text::POSTCODE)
        .may("extension", few(0, 2, key))
        .into()
}

fn telecom() -> Shape {
    let coding = object().may("system", WORD).may("code", WORD).may("display", WORD);
    let other =
        object().must("url", Shape::Code(&[url::OTHER_CONTACT_SYSTEM])).may("valueCoding", coding);
    object()
        .may("id", WORD)
        .may("period", period())
        .must("system", Shape::Code(&["phone", "fax", "email", "other"]))
        .must("value", Text::LINE)
        .may("use", Shape::Code(&["home", "work", "temp", "mobile"]))
        .may("extension", few(0, 1, other))
        .into()
}

/// Neither a use nor a period stands on the telecom of a contact.
fn contact() -> Shape {
    let reach = object()
        .may("id", WORD)
        .must("system", Shape::CodeNow(&["phone", "email", "other"], &["fax"]))
        .must("value", Text::LINE);
    object()
        .may("id", WORD)
        .may("period", period())
        .must("relationship", few(1, 1, concept(Shape::Code(&["C"]))))
        .must("telecom", few(1, 10, reach))
        .into()
}

fn practice() -> Shape {
    let identifier = object()
        .may("system", Shape::Code(&[url::ODS_CODE]))
        .must("value", Text::ORGANISATION_SENT)
        .may("period", period());
    object()
        .may("id", WORD)
        .may("type", Shape::Code(&["Organization"]))
        .must("identifier", identifier)
        .into()
}

fn concept(code: impl Into<Shape>) -> Object {
    let coding =
        object().may("system", WORD).may("version", WORD).must("code", code).may("display", WORD);
    object().must("coding", few(1, 1, coding))
}

fn extensions() -> Shape {
    extension(vec![
        (url::NOMINATED_PHARMACY, pharmacy()),
        (url::PREFERRED_DISPENSER, pharmacy()),
        (url::APPLIANCE_SUPPLIER, pharmacy()),
        (url::DEATH_NOTIFICATION, death_notification()),
        (url::COMMUNICATION, communication()),
        (url::CONTACT_PREFERENCE, contact_preference()),
        (url::BIRTH_PLACE, birth_place()),
        // Nobody writes it here; that it changed is a matter of permission, not of form.
        (url::REMOVAL_FROM_REGISTRATION, Shape::Anything),
    ])
}

fn pharmacy() -> Shape {
    let identifier = object()
        .may("system", Shape::Code(&[url::ODS_CODE]))
        .must("value", Text::ORGANISATION_SENT);
    object()
        .must("url", WORD)
        .must("valueReference", object().must("identifier", identifier))
        .into()
}

/// An extension of parts, each with its url and one value.
fn of_parts(most: usize, parts: Vec<(&'static str, &'static str, Shape)>) -> Shape {
    let named = |(url, value, shape): (&'static str, &'static str, Shape)| {
        (url, object().must("url", WORD).must(value, shape).into())
    };
    let parts = extension(parts.into_iter().map(named).collect());
    object().must("url", WORD).must("extension", few(1, most, parts)).into()
}

fn death_notification() -> Shape {
    let status = concept(Shape::CodeNow(&["1", "2"], &["U"]));
    of_parts(
        2,
        vec![
            ("deathNotificationStatus", "valueCodeableConcept", status.into()),
            ("systemEffectiveDate", "valueDateTime", Shape::Instant),
        ],
    )
}

fn communication() -> Shape {
    of_parts(
        2,
        vec![
            ("language", "valueCodeableConcept", concept(Text::LANGUAGE).into()),
            ("interpreterRequired", "valueBoolean", Shape::Flag),
        ],
    )
}

fn contact_preference() -> Shape {
    let format = concept(Shape::Code(&["11", "12", "13"]));
    let method = concept(Shape::Code(&["1", "2", "3", "4", "5", "6", "7", "8"]));
    of_parts(
        3,
        vec![
            ("PreferredWrittenCommunicationFormat", "valueCodeableConcept", format.into()),
            ("PreferredContactMethod", "valueCodeableConcept", method.into()),
            ("PreferredContactTimes", "valueString", Text::TIMES.into()),
        ],
    )
}

fn birth_place() -> Shape {
    let place = object()
        .may("city", Text::LINE)
        .may("district", Text::LINE)
        .may("country", Text { longest: 3, ..Text::LINE });
    object().must("url", WORD).must("valueAddress", place).into()
}
