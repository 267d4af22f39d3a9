use std::collections::HashSet;

use nhs::NhsNumber;
use pds::State;

use super::*;

fn person(number: &str) -> Record {
    people().into_iter().find(|record| super::number(record) == number).unwrap()
}

#[test]
fn the_published_numbers_are_there_once_and_the_free_ones_are_not() {
    let people = people();
    let mut seen = HashSet::new();
    for record in &people {
        let number = number(record);
        assert!(seen.insert(number), "{number} is there twice");
        let good = NhsNumber::parse(number).is_some();
        assert_eq!(good, number != "9000000015", "{number}");
    }
    for number in ["9111231130", "5182663366", "9000000000"] {
        assert!(!seen.contains(number), "{number} must stay unknown");
    }
    let named = [
        "9000000009",
        "9000000017",
        "9000000025",
        "9000000033",
        "9000000015",
        "5900046192",
        "5900056597",
        "5900057208",
        "5900059073",
        "5900059332",
        "9736363066",
        "9736363074",
        "9693633679",
        "9693633687",
        "9693633695",
        "9693633709",
        "9693632125",
        "9693632966",
        "9693632109",
        "9733162450",
        "9732019395",
        "5900053636",
        "9693633148",
        "9693633121",
    ];
    for number in named {
        assert!(seen.contains(number), "{number}");
    }
}

#[test]
fn people_are_who_the_documentation_says() {
    let cases = [
        ("9000000009", "Smith", "2010-10-22", "female", "2"),
        ("9000000017", "Smyth", "2010-10-22", "female", "2"),
        ("9000000025", "Smythe", "2005-06-16", "female", "2"),
        ("9000000015", "Smith", "2010-10-22", "male", "2"),
        ("9693633695", "YOUDS", "1970-01-24", "unknown", "2"),
        ("9693633709", "YOUDS", "1970-01-24", "other", "2"),
        ("9693632966", "MASSAM", "1920-08-11", "female", "4"),
        ("9693633148", "attisón", "1960-07-14", "female", "6"),
        ("5900046192", "Karate-test-gtikmto", "1991-06-28", "male", "3"),
    ];
    for (number, family, born, gender, version) in cases {
        let patient = person(number).patient;
        assert_eq!(patient["name"][0]["family"], family, "{number}");
        assert_eq!(patient["birthDate"], born, "{number}");
        assert_eq!(patient["gender"], gender, "{number}");
        assert_eq!(patient["meta"]["versionId"], version, "{number}");
    }
}

#[test]
fn jane_smith_has_everything() {
    let jane = person("9000000009");
    let members: Vec<&String> = jane.patient.as_object().unwrap().keys().collect();
    assert_eq!(members.len(), 15, "{members:?}");
    assert_eq!(jane.patient["extension"].as_array().unwrap().len(), 8);
    assert_eq!(jane.annex.related.len(), 2);
    assert_eq!(person("9000000017").annex.related.len(), 1);
    assert_eq!(jane.annex.coverage.unwrap()["subscriber"]["identifier"]["value"], "9000000009");
}

#[test]
fn the_restricted_are_restricted_and_the_merged_are_merged() {
    for number in ["9000000025", "9693632125"] {
        let record = person(number);
        assert_eq!(record.class(), pds::record::Class::Restricted, "{number}");
        assert!(record.patient["address"].is_array(), "{number} has an address to hide");
    }
    assert_eq!(person("5900053636").annex.state, State::Superseded("9732019395".into()));
}

#[test]
fn one_search_by_telephone_finds_jane_among_her_neighbours() {
    let reached =
        |number: &str| person(number).patient["telecom"].to_string().contains("01632960587");
    assert!(reached("9000000009"));
    assert!(!reached("9000000017"));
}
