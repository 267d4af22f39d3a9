use proptest::prelude::*;
use serde_json::json;

use super::Person;
use crate::record::Record;
use crate::tests::trial::{person, restricted};

const BORN: &str = "1982-07-10";

fn ann() -> Record {
    person("9000000009", ("Ann", "Fairweather"), BORN, "LS1 6AE")
}

fn with(member: &str, value: serde_json::Value) -> Record {
    let mut ann = ann();
    ann.patient[member] = value;
    ann
}

fn same(one: &Record, other: &Record) -> bool {
    Person::of(one).is(&Person::of(other))
}

#[test]
fn who_is_the_same_person() {
    let moved = |place| person("9000000017", ("Ann", "Fairweather"), BORN, place);
    let called = |given, family| person("9000000017", (given, family), BORN, "ls16ae");
    #[rustfmt::skip]
    let scenarios = [
        ("the same in everything", moved("LS1 6AE"), true),
        ("a postcode written otherwise", moved("ls16ae"), true),
        ("another postcode", moved("LS2 7UE"), false),
        ("a family name that sounds the same", called("Ann", "Fayrwether"), true),
        ("a first name that sounds the same", called("Anne", "Fairweather"), true),
        ("an accent and capitals", called("ÁNN", "FAIRWEATHER"), true),
        ("another first name, as twins have", called("Beth", "Fairweather"), false),
        ("another family name", called("Ann", "Baker"), false),
        (
            "another birth date",
            person("9000000017", ("Ann", "Fairweather"), "1982-07-11", "LS1 6AE"),
            false,
        ),
        ("another gender", with("gender", json!("male")), false),
        ("a gender not known", with("gender", json!("unknown")), true),
        ("no first name", with("name", json!([{ "use": "usual", "family": "Fairweather" }])), true),
        ("no address, the same name", with("address", json!([])), true),
        (
            "a former address of no matter",
            with("address", json!([{ "use": "temp", "postalCode": "LS1 6AE" }])),
            true,
        ),
    ];
    for (what, other, expected) in scenarios {
        assert_eq!(same(&ann(), &other), expected, "{what}");
        assert_eq!(same(&other, &ann()), expected, "{what}, the other way round");
    }
}

#[test]
fn without_an_address_a_name_must_be_the_same_to_the_letter() {
    let mut other = person("9000000017", ("Anne", "Fairweather"), BORN, "LS1 6AE");
    other.patient["address"] = json!([]);
    assert!(!same(&ann(), &other));
}

#[test]
fn a_former_name_counts() {
    let mut married = person("9000000017", ("Ann", "Baker"), BORN, "LS1 6AE");
    married.annex.past_names =
        vec![json!({ "use": "old", "given": ["Ann"], "family": "Fairweather" })];
    assert!(same(&ann(), &married));
}

#[test]
fn babies_of_one_birth_differ_by_their_order() {
    let baby = |order: u64| {
        let mut baby = with("name", json!([{ "use": "usual", "family": "Fairweather" }]));
        baby.patient["multipleBirthInteger"] = json!(order);
        baby
    };
    assert!(same(&baby(1), &baby(1)));
    assert!(!same(&baby(1), &baby(2)));
}

#[test]
fn trying_postcodes_tells_nothing_about_a_restricted_patient() {
    let hidden = restricted(ann(), "R");
    for postcode in ["LS1 6AE", "ZZ99 3VZ"] {
        let tried = person("9000000017", ("Ann", "Fairweather"), BORN, postcode);
        assert!(same(&tried, &hidden), "{postcode}");
        let tried = person("9000000017", ("Anne", "Fairweather"), BORN, postcode);
        assert!(!same(&tried, &hidden), "{postcode}");
    }
}

proptest! {
    /// Whoever is the same person stands in the same queue.
    #[test]
    fn the_same_person_stands_in_the_same_queue(
        given in "An|Ann|Anne|Bo",
        family in "Smith|Smyth|Smythe|Jones|Johns",
        born in "1982-07-1[01]",
    ) {
        let other = Person::of(&person("9000000017", (&given, &family), &born, "LS1 6AE"));
        let jane = Person::of(&person("9000000009", ("Ann", "Smith"), BORN, "LS1 6AE"));
        prop_assert!(!jane.is(&other) || jane.queue() == other.queue());
    }
}
