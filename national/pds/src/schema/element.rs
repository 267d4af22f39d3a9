//! The elements that resources are made of, as callers send them and as answers give them.
//!
//! What is sent is held to the letter: unknown members are refused. What is answered is described
//! as the published document does, which leaves some elements open.

use nhs::url;

use crate::shape::{Object, Shape, Text, extension, few, list, object, open_object};

/// Which way a value travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From a caller to us.
    Sent,
    /// From us to a caller.
    Answered,
}

const NAME_USES: &[&str] = &["usual", "temp", "nickname", "old", "maiden"];
const PLACES: &[&str] = &[
    "Second Home",
    "Student Accommodation",
    "Respite Care Address",
    "Temporary Residence Address",
    "Convalescence Home",
    "Mobile Home",
    "Holiday Home",
];
/// The most titles before a name, and behind it.
const TITLES_MAX: usize = 5;
/// Any text of at most 35 characters: names in old records follow no other rule.
const PART: Text = Text { longest: 35, ..Text::ANY };

impl Way {
    fn object(self) -> Object {
        if self == Self::Sent { object() } else { open_object() }
    }
}

/// From when until when. An element without a period holds from today on.
pub(crate) fn period(way: Way) -> Shape {
    way.object().must("start", Shape::Date).may("end", Shape::Date).into()
}

/// A name. A new record has a usual name and no other.
pub(crate) fn name(way: Way) -> Shape {
    let (part, title, uses) = match way {
        Way::Sent => {
            let uses = Shape::CodeNow(&["usual"], &["temp", "nickname", "old", "maiden"]);
            (Text::NAME, Text::NAME, uses)
        }
        Way::Answered => (PART, Text::ANY, Shape::Code(NAME_USES)),
    };
    object()
        .may("id", Text::ANY)
        .must("use", uses)
        .may("period", period(way))
        .may("given", few(0, 5, part))
        .must("family", part)
        .may("prefix", few(0, TITLES_MAX, title))
        .may("suffix", few(0, TITLES_MAX, title))
        .into()
}

/// An address. Addresses for work stand in old records only.
pub(crate) fn address(way: Way) -> Shape {
    let (line, postcode, uses) = match way {
        Way::Sent => {
            let uses = Shape::CodeNow(&["home", "temp", "billing"], &["work"]);
            (Text::LINE, Text::POSTCODE, uses)
        }
        Way::Answered => (Text::ANY, Text::ANY, Shape::Code(&["home", "work", "temp", "billing"])),
    };
    way.object()
        .may("id", Text::ANY)
        .may("period", period(way))
        .must("use", uses)
        .may("text", Shape::Code(PLACES))
        .may("line", few(0, 5, line))
        .may("postalCode", postcode)
        .may("extension", few(0, 2, address_key(way)))
        .into()
}

/// The key of an address in the postcode address file, or its property reference number.
fn address_key(way: Way) -> Shape {
    let key = |code: &'static [&'static str], value: Text| {
        let coding = way.object().must("system", Text::ANY).must("code", Shape::Code(code));
        let kind = way.object().must("url", Shape::Code(&["type"])).must("valueCoding", coding);
        let value = way.object().must("url", Shape::Code(&["value"])).must("valueString", value);
        let parts = extension(vec![("type", kind.into()), ("value", value.into())]);
        Shape::from(
            way.object()
                .must("url", Shape::Code(&[url::ADDRESS_KEY]))
                .must("extension", few(2, 2, parts)),
        )
    };
    Shape::Either(vec![key(&["PAF"], Text::EIGHT_DIGITS), key(&["UPRN"], Text::PROPERTY)])
}

/// A phone number, an e-mail address or another way to reach somebody.
pub(crate) fn telecom(way: Way) -> Shape {
    let coding =
        way.object().may("system", Text::ANY).may("code", Text::ANY).may("display", Text::ANY);
    let other = way
        .object()
        .must("url", Shape::Code(&[url::OTHER_CONTACT_SYSTEM]))
        .may("valueCoding", coding);
    let value = if way == Way::Sent { Text::LINE } else { Text::ANY };
    way.object()
        .may("id", Text::ANY)
        .may("period", period(way))
        .must("system", Shape::Code(&["phone", "fax", "email", "other"]))
        .must("value", value)
        .may("use", Shape::Code(&["home", "work", "temp", "mobile"]))
        .may("extension", few(0, 1, other))
        .into()
}

/// Whom to call in an emergency.
pub(crate) fn contact() -> Shape {
    object()
        .may("id", Text::ANY)
        .may("period", period(Way::Answered))
        .must("relationship", few(1, 1, concept(Way::Answered, Text::ANY)))
        .must("telecom", list(telecom(Way::Answered)))
        .into()
}

/// An organisation by its ODS code, since when.
pub(crate) fn organisation() -> Shape {
    let identifier = open_object()
        .may("system", Text::ANY)
        .must("value", Text::ORGANISATION)
        .may("period", period(Way::Answered));
    open_object().may("id", Text::ANY).may("type", Text::ANY).must("identifier", identifier).into()
}

/// A concept with exactly one coding.
pub(crate) fn concept(way: Way, code: impl Into<Shape>) -> Shape {
    let coding = way
        .object()
        .may("system", Text::ANY)
        .may("version", Text::ANY)
        .must("code", code)
        .may("display", Text::ANY);
    way.object().must("coding", few(1, 1, coding)).into()
}

/// A patient by NHS number.
pub(crate) fn nhs_identifier(way: Way) -> Object {
    way.object().may("system", Shape::Code(&[url::NHS_NUMBER])).must("value", Text::TEN_DIGITS)
}
