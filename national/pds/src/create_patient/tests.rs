//! Creating patients, from the wire to the record and back.

mod checks;
mod crowd;

use serde_json::{Value, json};

use crate::tests::trial::{Ask, Heard, Trial, person, restricted};

const JANE: &str = "9000000009";

pub(crate) fn new_patient() -> Value {
    json!({
        "resourceType": "Patient",
        "name": [{
            "use": "usual",
            "prefix": ["Ms."],
            "given": ["Zoë", "Mary"],
            "family": "O'Hara-Łoś",
        }],
        "gender": "female",
        "birthDate": "1982-07-10",
        "address": [{
            "use": "home",
            "line": ["", "4 Kiln Row", "", "York"],
            "postalCode": "YO1 7AA",
            "period": { "start": "2020-01-01" },
        }],
        "telecom": [{ "system": "email", "value": "zoe@example.net", "use": "home" }],
        "extension": [authority(), language(), { "url":
            "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-BirthSex",
            "valueCode": "F",
        }],
    })
}

fn authority() -> Value {
    json!({
        "url": nhs::url::REGISTERING_AUTHORITY,
        "extension": [
            {
                "url": "registeringAuthorityType",
                "valueCodeableConcept": { "coding": [
                    { "system": nhs::url::REGISTERING_AUTHORITY_CODES, "code": "x" },
                ] },
            },
            { "url": "organisationIdentifier", "valueString": "RGS" },
        ],
    })
}

fn language() -> Value {
    json!({
        "url": nhs::url::COMMUNICATION,
        "extension": [{
            "url": "language",
            "valueCodeableConcept": { "coding": [
                { "system": nhs::url::LANGUAGE_CODES, "code": "pl", "display": "Polish" },
            ] },
        }],
    })
}

/// The patient with one thing changed.
fn but(place: &str, value: Value) -> Value {
    let mut patient = new_patient();
    *patient.pointer_mut(place).unwrap() = value;
    patient
}

/// The patient with something more.
fn and(place: &str, member: &str, value: Value) -> Value {
    let mut patient = new_patient();
    patient.pointer_mut(place).unwrap()[member] = value;
    patient
}

/// The patient with something less.
fn without(place: &str, member: &str) -> Value {
    let mut patient = new_patient();
    patient.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(member);
    patient
}

async fn create(trial: &Trial, body: &Value) -> Heard {
    trial.clock.advance_ms(1_000);
    trial.ask(Ask::post("worker", "/Patient", body)).await
}

#[tokio::test]
async fn a_new_patient_gets_a_number_and_a_whole_record() {
    let trial = Trial::of(Vec::new()).await;
    let heard = create(&trial, &new_patient()).await;
    assert_eq!((heard.status.as_u16(), heard.header("etag")), (201, "W/\"1\""));
    let patient = &heard.body;
    let number = patient["id"].as_str().unwrap();
    assert!(nhs::NhsNumber::parse(number).is_some());
    assert_eq!(patient["identifier"][0]["value"], number);
    let verified = "/identifier/0/extension/0/valueCodeableConcept/coding/0/code";
    assert_eq!(patient.pointer(verified), Some(&json!("01")));
    assert_eq!(patient["meta"]["versionId"], "1");
    assert_eq!(patient["meta"]["security"][0]["code"], "U");
    assert_eq!(patient["name"][0]["prefix"], json!(["Ms"]), "full stops go");
    assert_eq!(patient["name"][0]["period"]["start"], "2025-05-20", "holds from today");
    assert_eq!(patient["address"][0]["period"]["start"], "2020-01-01");
    assert_eq!(patient["address"][0]["line"], json!(["4 Kiln Row", "York"]), "blank lines go");
    assert_eq!(patient["extension"], json!([language()]), "what is not kept goes");
    for list in ["name", "address", "telecom"] {
        let id = patient[list][0]["id"].as_str().unwrap();
        assert!(
            id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b))
        );
    }
    assert_eq!(trial.audited(), [("create-patient".to_owned(), 201, 1)]);

    let read = trial.ask(Ask::get("worker", &format!("/Patient/{number}"))).await;
    assert_eq!((&read.body, read.header("etag")), (patient, "W/\"1\""));
    let query = "/Patient?family=o'hara-los&birthdate=eq1982-07-10";
    let found = trial.ask(Ask::get("worker", query)).await;
    assert_eq!(found.body["entry"][0]["resource"]["id"], number);
}

#[tokio::test]
async fn either_media_type_will_do() {
    let trial = Trial::of(Vec::new()).await;
    for (media_type, fault) in [
        ("application/json; charset=utf-8", "201 -"),
        ("Application/FHIR+JSON", "200 SINGLE_MATCH"),
        ("application/json-patch+json", "400 UNSUPPORTED_SERVICE"),
        ("", "400 UNSUPPORTED_SERVICE"),
    ] {
        let ask = Ask::post("worker", "/Patient", &new_patient()).with("content-type", media_type);
        trial.clock.advance_ms(1_000);
        assert_eq!(trial.ask(ask).await.fault(), fault, "{media_type}");
    }
}

#[tokio::test]
async fn whoever_has_a_record_gets_no_other() {
    let jane = person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    let trial = Trial::of(vec![jane]).await;
    let mut again = but("/name/0/family", json!("Smyth"));
    again["name"][0]["given"] = json!(["Jayne"]);
    again["birthDate"] = json!("2010-10-22");
    again["address"][0]["postalCode"] = json!("ls16ae");
    let heard = create(&trial, &again).await;
    assert_eq!(heard.fault(), "200 SINGLE_MATCH");
    assert_eq!(
        heard.diagnostics(),
        "Unable to create new patient. NHS number 9000000009 found for supplied demographic data."
    );
    trial.put(&person("9000000017", ("Jane", "Smith"), "2010-10-22", "LS1 6AE")).await;
    let heard = create(&trial, &again).await;
    assert_eq!(heard.fault(), "200 MULTIPLE_MATCHES");
    assert_eq!(
        heard.diagnostics(),
        "Unable to create new patient. Multiple matches found for supplied demographic data."
    );
    assert_eq!(trial.people(), 2);
    let lines = [1, 2].map(|subjects| ("create-patient".to_owned(), 200, subjects));
    assert_eq!(trial.audited(), lines, "whose number was told stands on the chain");
}

#[tokio::test]
async fn a_restricted_patient_is_matched_without_their_address() {
    let hidden = person("9000000025", ("Zoë", "O'Hara-Łoś"), "1982-07-10", "ZE1 0AA");
    let trial = Trial::of(vec![restricted(hidden, "R")]).await;
    assert_eq!(create(&trial, &new_patient()).await.fault(), "200 SINGLE_MATCH");
}

#[tokio::test]
async fn the_sandbox_gives_its_published_number_first() {
    let jane = person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    let trial = Trial::of(vec![jane]).await;
    assert_eq!(create(&trial, &new_patient()).await.body["id"], "5182663366");
}

#[tokio::test]
async fn only_workers_create_patients() {
    let trial = Trial::of(Vec::new()).await;
    for (token, fault) in [
        ("application", "403 INVALID_METHOD"),
        ("privileged", "403 INVALID_METHOD"),
        ("jane", "403 ACCESS_DENIED"),
        ("nobody", "401 ACCESS_DENIED"),
    ] {
        let heard = trial.ask(Ask::post(token, "/Patient", &new_patient())).await;
        assert_eq!(heard.fault(), fault, "{token}");
    }
    for (id, fault) in [("", "400 MISSING_VALUE"), ("1234", "400 INVALID_VALUE")] {
        let ask = Ask::post("worker", "/Patient", &new_patient()).with("x-request-id", id);
        assert_eq!(trial.ask(ask).await.fault(), fault);
    }
}

#[tokio::test]
async fn whoever_is_too_fast_must_wait() {
    let trial = Trial::of(Vec::new()).await;
    let mut faults = Vec::new();
    for _ in 0..4 {
        let heard = trial.ask(Ask::post("worker", "/Patient", &json!({}))).await;
        faults.push(heard.fault());
        if heard.status == 429 {
            assert_eq!(heard.header("retry-after"), "1");
        }
    }
    let missing = "400 MISSING_VALUE";
    assert_eq!(faults, [missing, missing, missing, "429 TOO_MANY_REQUESTS"]);
}

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer() {
    let trial = Trial::of(Vec::new()).await;
    let ask = || {
        Ask::post("worker", "/Patient", &new_patient())
            .with("x-request-id", "0f0e9c1a-38a1-4b5e-9a41-3f6a0f4a7c11")
    };
    let first = trial.ask(ask()).await;
    let again = trial.ask(ask()).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    assert_eq!(trial.people(), 1);
}

#[tokio::test]
async fn whoever_would_rather_not_wait_asks_later() {
    let trial = Trial::of(Vec::new()).await;
    let ask = Ask::post("worker", "/Patient", &new_patient()).with("prefer", "respond-async");
    let heard = trial.ask(ask).await;
    assert_eq!(heard.status, 202);
    let target = heard.header("content-location").strip_prefix(crate::BASE).unwrap().to_owned();
    let mut heard = trial.ask(Ask::get("worker", &target)).await;
    while heard.status == 202 {
        tokio::task::yield_now().await;
        heard = trial.ask(Ask::get("worker", &target)).await;
    }
    assert_eq!((heard.status.as_u16(), &heard.body["birthDate"]), (201, &json!("1982-07-10")));
}
