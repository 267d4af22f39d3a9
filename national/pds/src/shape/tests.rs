use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Shape, Text, extension, few, list, object};
use crate::tests::trial::validator;

fn thing() -> Shape {
    let tag = object().must("url", Shape::Code(&["a"])).must("flag", Shape::Flag);
    object()
        .must("name", Text::NAME)
        .may("born", Shape::Date)
        .may("kind", Shape::CodeNow(&["new"], &["old"]))
        .may("rank", Shape::Whole(1, 9))
        .may("weight", Shape::Measure(10))
        .may("lines", few(1, 2, Text::LINE))
        .may("tags", list(extension(vec![("a", tag.into())])))
        .into()
}

#[rustfmt::skip]
fn mistakes() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (json!({}), "MISSING_VALUE", "Missing value - 'name'"),
        (json!([]), "VALIDATION_ERROR", "Validation error in the request body - an object was expected"),
        (json!({ "name": 5 }), "VALIDATION_ERROR", "Validation error in field 'name' - a string was expected"),
        (json!({ "name": "" }), "INVALID_VALUE", "Invalid value - '' in field 'name'"),
        (json!({ "name": "A<b" }), "UNSUPPORTED_CHARACTERS_IN_FIELD", "Unsupported characters in field 'name'"),
        (json!({ "name": "A", "pets": 1 }), "ADDITIONAL_PROPERTIES", "Invalid request with error - Additional properties are not allowed ('pets' was unexpected)"),
        (json!({ "name": "A", "born": "2019-01" }), "INVALID_VALUE", "Invalid value - '2019-01' in field 'born'"),
        (json!({ "name": "A", "born": "2019-02-30" }), "INVALID_VALUE", "Invalid value - '2019-02-30' in field 'born'"),
        (json!({ "name": "A", "kind": "odd" }), "INVALID_VALUE", "Invalid value - 'odd' in field 'kind'"),
        (json!({ "name": "A", "kind": "old" }), "UNSUPPORTED_VALUE", "Unsupported value - 'old' in field 'kind'"),
        (json!({ "name": "A", "rank": 10 }), "INVALID_VALUE", "Invalid value - '10' in field 'rank'"),
        (json!({ "name": "A", "weight": 0 }), "INVALID_VALUE", "Invalid value - '0' in field 'weight'"),
        (json!({ "name": "A", "lines": [] }), "TOO_FEW_VALUES_SUBMITTED", "Too few values submitted in field 'lines' - the least is 1"),
        (json!({ "name": "A", "lines": ["", "", ""] }), "TOO_MANY_VALUES_SUBMITTED", "Too many values submitted in field 'lines' - the most is 2"),
        (json!({ "name": "A", "lines": ["", null] }), "VALIDATION_ERROR", "Validation error in field 'lines/1' - a string was expected"),
        (json!({ "name": "A", "tags": [{}] }), "MISSING_VALUE", "Missing value - 'tags/0/url'"),
        (json!({ "name": "A", "tags": [{ "url": "b" }] }), "INVALID_VALUE", "Invalid value - 'b' in field 'tags/0/url'"),
        (json!({ "name": "A", "tags": [{ "url": "a" }] }), "MISSING_VALUE", "Missing value - 'tags/0/flag'"),
    ]
}

#[test]
fn each_mistake_has_its_code_and_its_place() {
    for (value, code, diagnostics) in mistakes() {
        let fault = thing().check(&value).unwrap_err();
        assert_eq!((fault.code(), fault.public()), (code, diagnostics), "{value}");
    }
}

#[test]
fn what_fits_passes() {
    for value in [
        json!({ "name": "Zoë O'Hara-Łoś Jr." }),
        json!({ "name": "A", "born": "2020-02-29", "kind": "new", "rank": 9, "weight": 3.5 }),
        json!({ "name": "A", "lines": [""], "tags": [{ "url": "a", "flag": true }] }),
    ] {
        thing().check(&value).unwrap();
    }
}

#[test]
fn a_long_value_is_not_repeated_whole() {
    let fault = thing().check(&json!({ "name": "A".repeat(1_000) })).unwrap_err();
    assert!(fault.public().len() < 120);
}

/// Every kind of text that has a pattern.
const KINDS: [(&str, Text); 12] = [
    ("line", Text::LINE),
    ("name", Text::NAME),
    ("postcode", Text::POSTCODE),
    ("ten digits", Text::TEN_DIGITS),
    ("eight digits", Text::EIGHT_DIGITS),
    ("property", Text::PROPERTY),
    ("organisation", Text::ORGANISATION),
    ("organisation sent", Text::ORGANISATION_SENT),
    ("language", Text::LANGUAGE),
    ("country", Text::COUNTRY),
    ("card", Text::CARD_25),
    ("version", Text::VERSION),
];

static PUBLISHED: LazyLock<Vec<jsonschema::Validator>> = LazyLock::new(|| {
    KINDS.map(|(_, kind)| validator(&json!({}), &Shape::from(kind).schema())).into()
});

proptest! {
    /// The pattern that is published and the check that is made say the same of any text.
    #[test]
    fn patterns_and_checks_agree(
        text in "[ -~À-ž×÷\u{1}]{0,12}|[0-9]{1,12}|[A-Z]{2,4}|[a-z]{1,4}",
    ) {
        let text = Value::from(text);
        for ((name, kind), published) in KINDS.into_iter().zip(PUBLISHED.iter()) {
            let checked = Shape::from(kind).check(&text).is_ok();
            prop_assert_eq!(checked, published.is_valid(&text), "{}: {}", name, text);
        }
    }

    /// No text makes a check fail in any other way than by saying so.
    #[test]
    fn any_date_of_death_is_checked(
        text in "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:+Z]{0,16})?|.{0,30}",
    ) {
        let _ = Shape::from(Text::DEATH).check(&text.into());
    }
}
