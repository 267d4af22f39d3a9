//! The rules of "Patient data fields", each as a table: what becomes of a record, and what is said
//! to it.

use std::sync::LazyLock;

use nhs::OdsCode;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use table::*;

mod table;

const TODAY: &str = "2025-05-20";

/// Two practices, a trust, a pharmacy, a supplier, and one of which the kind is not said.
static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let kinds = [
        ("B83001", "gp-practice"),
        ("Y99999", "gp-practice"),
        ("R1X", "hospital-trust"),
        ("FB999", "pharmacy"),
        ("Y34567", "appliance-supplier"),
        ("8HK01", ""),
    ];
    kinds.map(|(code, kind)| (OdsCode::parse(code).unwrap(), kind.to_owned())).into()
});

fn context() -> Context<'static> {
    Context {
        today: TODAY.parse().unwrap(),
        occasion: Occasion::Update,
        formal_death: false,
        remove_practice: false,
        known: &KNOWN,
    }
}

fn since() -> Value {
    json!({ "start": "2020-01-01" })
}

/// A record with one item in most lists.
fn record() -> Value {
    json!({
        "resourceType": "Patient",
        "id": "9000000009",
        "name": [{ "id": "N1", "use": "usual", "period": since(), "given": ["Jane"],
            "family": "Smith", "prefix": ["MRS"], "suffix": ["mbe"] }],
        "gender": "female",
        "birthDate": "1990-10-22",
        "address": [
            { "id": "A1", "use": "home", "period": since(), "line": ["1 Long Row"],
              "postalCode": "LS1 6AE" },
            { "id": "A2", "use": "work", "period": since(), "line": ["The Office"] },
        ],
        "telecom": [
            { "id": "T1", "system": "phone", "use": "home", "value": "01632960587",
              "period": since() },
            { "id": "T2", "system": "email", "use": "home", "value": "not an address",
              "period": since() },
        ],
        "contact": [{ "id": "C1", "period": since(),
            "relationship": [{ "coding": [{ "code": "C" }] }],
            "telecom": [{ "system": "phone", "value": "01632960999" }] }],
        "generalPractitioner": [{ "id": "G1", "type": "Organization",
            "identifier": { "system": nhs::url::ODS_CODE, "value": "Y12345", "period": since() } }],
        "extension": [pharmacy("FA123")],
    })
}

fn pharmacy(code: &str) -> Value {
    json!({ "url": nhs::url::NOMINATED_PHARMACY,
        "valueReference": { "identifier": { "value": code } } })
}

fn parts(url: &str, parts: &[(&str, &str, Value)]) -> Value {
    let parts: Vec<Value> =
        parts.iter().map(|(url, kind, value)| json!({ "url": url, *kind: value })).collect();
    json!({ "url": url, "extension": parts })
}

fn code(code: &str) -> Value {
    json!({ "coding": [{ "code": code }] })
}

fn death(status: &str) -> Value {
    parts(
        nhs::url::DEATH_NOTIFICATION,
        &[("deathNotificationStatus", "valueCodeableConcept", code(status))],
    )
}

/// Puts a value at a pointer: `-` adds to a list, null removes.
fn set(record: &mut Value, pointer: &str, value: Value) {
    let (above, last) = pointer.rsplit_once('/').unwrap();
    let above = record.pointer_mut(above).unwrap();
    match (above, value) {
        (Value::Array(list), value) if last == "-" => list.push(value),
        (Value::Array(list), Value::Null) => drop(list.remove(last.parse().unwrap())),
        (Value::Object(members), Value::Null) => drop(members.shift_remove(last)),
        (Value::Array(list), value) => list[last.parse::<usize>().unwrap()] = value,
        (above, value) => above[last] = value,
    }
}

/// What the rules say to some changes: the code and the text, or `ok`.
fn said(before: &Value, changes: &[(&str, Value)], context: Context<'_>) -> String {
    let mut after = before.clone();
    for (pointer, value) in changes {
        set(&mut after, pointer, value.clone());
    }
    prepare(before, &mut after, context.today);
    match check(before, &after, context) {
        Ok(()) => "ok".into(),
        Err(fault) => format!("{}: {}", fault.code(), fault.public()),
    }
}

/// The changes that a row writes.
fn changes_of(written: &'static str) -> Vec<(&'static str, Value)> {
    let change = |change: &'static str| {
        let (pointer, value) = change.split_once(' ').unwrap();
        (pointer, serde_json::from_str(&unfold(value)).unwrap())
    };
    written.split(" & ").map(change).collect()
}

/// Writes the names of extensions in full.
fn unfold(text: &str) -> String {
    let removal = format!("\"{}\"", nhs::url::REMOVAL_FROM_REGISTRATION);
    let birth = format!("\"{}\"", nhs::url::BIRTH_PLACE);
    let national = "\"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-";
    text.replace("\"UKCore-", national)
        .replace("\"removal\"", &removal)
        .replace("\"birthPlace\"", &birth)
}

fn try_row(before: &Value, (changes, expected): &Row) {
    let said = said(before, &changes_of(changes), context());
    let right = if *expected == "ok" { said == "ok" } else { said.contains(expected) };
    assert!(right, "{changes}\n said {said}\n not  {expected}");
}

#[test]
fn each_field_has_its_rules() {
    let tables = [NAME, ADDRESS, TELECOM, EMERGENCY_CONTACT, GENDER_AND_BIRTH, DEATH, PRACTICE];
    for row in tables.into_iter().chain([EXTENSIONS]).flatten() {
        try_row(&record(), row);
    }
}

#[test]
fn little_is_changed_of_the_dead() {
    for (status, rows) in [("1", INFORMALLY_DEAD), ("2", FORMALLY_DEAD)] {
        let mut record = record();
        record["deceasedDateTime"] = json!("2024-01-01");
        set(&mut record, "/extension/-", death(status));
        for row in rows {
            try_row(&record, row);
        }
    }
}

#[test]
fn lists_end_somewhere() {
    let mut names =
        vec![("/name/-", json!({ "use": "old", "given": ["Jo"], "family": "Jones" })); 99];
    assert_eq!(said(&record(), &names, context()), "ok");
    names.push(names[0].clone());
    assert!(said(&record(), &names, context()).contains("'name' can hold 100"));
}

#[test]
fn grants_lift_what_only_some_may_do() {
    let registrar = Context { formal_death: true, remove_practice: true, ..context() };
    let formal = [("/deceasedDateTime", json!(TODAY)), ("/extension/-", death("2"))];
    assert_eq!(said(&record(), &formal, registrar), "ok");
    assert_eq!(said(&record(), &[("/generalPractitioner/0", Value::Null)], registrar), "ok");
}

#[test]
fn only_codes_that_change_are_looked_up_and_each_once() {
    let before = record();
    let codes_after = |changes: &[(&str, Value)]| {
        let mut after = before.clone();
        for (pointer, value) in changes {
            set(&mut after, pointer, value.clone());
        }
        let codes: Vec<String> =
            codes(&before, &after).iter().map(|code| code.as_str().to_owned()).collect();
        codes.join(" ")
    };
    let managing = |code: &str| ("/managingOrganization", json!({"identifier": {"value": code}}));
    let practice = |code: &str| ("/generalPractitioner/0/identifier/value", json!(code));
    let chosen = |code: &str| ("/extension/0/valueReference/identifier/value", json!(code));
    assert_eq!(codes_after(&[]), "");
    assert_eq!(codes_after(&[("/gender", json!("male"))]), "");
    assert_eq!(codes_after(&[("/generalPractitioner/0/identifier/period", since())]), "");
    assert_eq!(codes_after(&[practice("y12345"), chosen("fa123")]), "");
    assert_eq!(codes_after(&[practice("?"), chosen("")]), "");
    let same = [managing("b83001"), practice("B83001"), chosen("B83001")];
    assert_eq!(codes_after(&same), "B83001");
    assert_eq!(codes_after(&[practice("Y2"), chosen("Y3"), managing("Y4")]), "Y2 Y3 Y4");
    let other = json!({ "url": nhs::url::BIRTH_PLACE,
        "valueReference": { "identifier": { "value": "Y5" } } });
    assert_eq!(codes_after(&[("/extension/-", other)]), "");
}

#[test]
fn a_code_that_stays_needs_no_directory() {
    let nothing = Context { known: &NOBODY, ..context() };
    let start = [("/generalPractitioner/0/identifier/period/start", json!("2020-02-02"))];
    assert_eq!(said(&record(), &start, nothing), "ok");
    let code = [("/generalPractitioner/0/identifier/value", json!("B83001"))];
    assert!(said(&record(), &code, nothing).contains("Invalid value - 'B83001'"));
}

#[test]
fn a_new_record_is_refused_in_words_of_its_own() {
    let create = Context { occasion: Occasion::Create, ..context() };
    let mut patient = record();
    patient["birthDate"] = json!("2025-05-21");
    for (member, value) in [("address", json!([])), ("telecom", json!([])), ("name", json!([]))] {
        patient[member] = value;
    }
    let fault = check(&json!({}), &patient, create).unwrap_err();
    assert_eq!(fault.code(), "INVALID_CREATE");
    assert_eq!(fault.public(), "Invalid create with error - birthDate must not be in the future");
}

#[test]
fn what_is_put_right_without_asking() {
    let before = record();
    let mut after = before.clone();
    let key = parts(
        nhs::url::ADDRESS_KEY,
        &[
            ("type", "valueCoding", json!({ "code": "PAF" })),
            ("value", "valueString", json!("9876543")),
        ],
    );
    set(
        &mut after,
        "/name/-",
        json!({ "use": "temp", "family": "Jones", "prefix": ["Mrs.", "Dr"] }),
    );
    set(
        &mut after,
        "/address/-",
        json!({ "use": "billing", "line": ["", "1 Row", " ", "Leeds"],
        "extension": [key] }),
    );
    set(&mut after, "/generalPractitioner/0/identifier", json!({ "value": "y99999" }));
    let mut chosen = pharmacy("FB999");
    chosen["valueReference"]["identifier"]["period"] = since();
    set(&mut after, "/extension/0", chosen);
    prepare(&before, &mut after, TODAY.parse().unwrap());
    finish(&before, &mut after, &base::Dice::seeded(7));
    assert_eq!(after["name"][0], before["name"][0]);
    assert_eq!(after["name"][1]["prefix"], json!(["Mrs", "Dr"]));
    assert_eq!(after["name"][1]["period"], json!({ "start": TODAY }));
    assert_eq!(after["name"][1]["id"].as_str().unwrap().len(), 8);
    assert_eq!(after["address"][2]["line"], json!(["1 Row", "Leeds"]));
    let value = after["address"][2].pointer("/extension/0/extension/1/valueString");
    assert_eq!(value, Some(&json!("09876543")));
    let practice = json!({ "value": "Y99999", "period": { "start": TODAY } });
    assert_eq!(after["generalPractitioner"][0]["identifier"], practice);
    assert_eq!(after["extension"][0], pharmacy("FB999"));
}

proptest! {
    #[test]
    fn a_record_left_alone_breaks_no_rule(junk in proptest::collection::vec("[ -~]{0,9}", 0..5)) {
        let mut old = record();
        for word in junk {
            set(&mut old, "/name/-", json!({ "use": word, "family": word }));
        }
        prop_assert!(check(&old, &old.clone(), context()).is_ok());
    }

    #[test]
    fn no_text_makes_a_rule_fall_over(text in ".{0,60}", at in 0_usize..12) {
        let pointers = ["/gender", "/birthDate", "/deceasedDateTime", "/name/0/family",
            "/name/0/use", "/name/0/period/start", "/address/0/postalCode", "/address/0/line/0",
            "/telecom/1/value", "/extension/0/url", "/generalPractitioner/0/identifier/value",
            "/contact/0/id"];
        let mut after = record();
        *after.pointer_mut(pointers[at]).unwrap_or(&mut Value::Null) = json!(text);
        prepare(&record(), &mut after, TODAY.parse().unwrap());
        let _ = check(&record(), &after, context());
        finish(&record(), &mut after, &base::Dice::seeded(1));
    }
}
