use serde_json::{Value, json};

use crate::record::{Annex, State};
use crate::tests::trial::{Ask, Heard, Trial, beside, person};

const JANE: &str = "9000000009";

fn baby() -> Value {
    json!({
        "resourceType": "Patient",
        "name": [{ "use": "usual", "given": ["Noor"], "family": "Smith" }],
        "gender": "unknown",
        "birthDate": "2025-05-18",
        "multipleBirthInteger": 1,
        "address": [{ "use": "home", "line": ["1 Long Row"], "postalCode": "LS1 6AE" }],
        "extension": [{
            "url": nhs::url::BIRTH_PLACE,
            "valueAddress": { "city": "Leeds", "district": "West Yorkshire", "country": "1" },
        }],
    })
}

fn weight(grams: impl Into<Value>) -> Value {
    json!({
        "resourceType": "Observation",
        "status": "final",
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "364589006" }] },
        "valueQuantity": { "value": grams.into(), "unit": "g" },
    })
}

fn mother(number: &str) -> Value {
    json!({
        "resourceType": "RelatedPerson",
        "identifier": [{ "system": nhs::url::NHS_NUMBER, "value": number }],
        "relationship": [{ "coding": [{ "system": nhs::url::ROLE_CODES, "code": "MTH" }] }],
    })
}

fn bundle(resources: &[Value]) -> Value {
    let entry: Vec<Value> = resources.iter().map(|one| json!({ "resource": one })).collect();
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entry })
}

fn whole(baby: &Value) -> Value {
    bundle(&[baby.clone(), weight(3310), mother(JANE)])
}

fn baby_with(members: &Value) -> Value {
    let mut baby = baby();
    for (name, value) in members.as_object().unwrap() {
        baby[name] = value.clone();
    }
    baby
}

fn death(code: &str) -> Value {
    json!([{
        "url": nhs::url::DEATH_NOTIFICATION,
        "extension": [{
            "url": "deathNotificationStatus",
            "valueCodeableConcept": { "coding": [
                { "system": nhs::url::DEATH_NOTIFICATION_CODES, "code": code },
            ] },
        }],
    }])
}

async fn trial() -> Trial {
    let jane = person(JANE, ("Jane", "Smith"), "1990-10-22", "LS1 6AE");
    let old = Annex { state: State::Superseded(JANE.into()), ..Annex::default() };
    let old = beside(person("5900053636", ("Jane", "Smith"), "1990-10-22", "LS1 6AE"), old);
    Trial::of(vec![jane, old]).await
}

async fn notify(trial: &Trial, body: &Value) -> Heard {
    trial.clock.advance_ms(1_000);
    trial.ask(Ask::post("worker", "/Patient/$process-birth-details", body)).await
}

#[tokio::test]
async fn a_baby_gets_a_number_a_record_and_a_mother() {
    let trial = trial().await;
    let heard = notify(&trial, &whole(&baby())).await;
    assert_eq!((heard.status.as_u16(), heard.header("etag")), (201, "W/\"1\""));
    let patient = &heard.body;
    assert_eq!(patient["id"], "5182663366");
    assert_eq!(patient["multipleBirthInteger"], 1);
    assert_eq!(patient["extension"], baby()["extension"]);
    assert_eq!(patient["name"][0]["period"]["start"], "2025-05-18", "named since birth");
    assert_eq!(patient["address"][0]["period"]["start"], "2025-05-18", "lives there since birth");
    assert_eq!(trial.audited(), [("process-birth-details".to_owned(), 201, 1)]);

    let heard = trial.ask(Ask::get("worker", "/Patient/5182663366/RelatedPerson")).await;
    let related = &heard.body["entry"][0]["resource"];
    assert_eq!(related["patient"]["identifier"]["value"], JANE);
    assert_eq!(related["relationship"][0]["coding"][0]["code"], "MTH");
    assert_eq!(related["period"]["start"], "2025-05-18");
}

#[tokio::test]
async fn a_mother_may_be_merged_a_patient_without_a_number_or_not_known() {
    let as_patient = json!({
        "resourceType": "Patient",
        "identifier": [{ "system": nhs::url::NHS_NUMBER, "value": JANE }],
    });
    let mut nameless = mother(JANE);
    nameless.as_object_mut().unwrap().remove("identifier");
    let mut named = nameless.clone();
    named["name"] = json!([{ "use": "usual", "family": "Visitor" }]);
    for (mother, number, family) in [
        (vec![mother("5900053636")], json!(JANE), Value::Null),
        (vec![as_patient], json!(JANE), Value::Null),
        (vec![named], Value::Null, json!("Visitor")),
        (vec![nameless], Value::Null, Value::Null),
        (vec![], Value::Null, Value::Null),
    ] {
        let trial = trial().await;
        let mut resources = vec![baby(), weight(2950.5)];
        resources.extend(mother.clone());
        let heard = notify(&trial, &bundle(&resources)).await;
        assert_eq!(heard.status, 201, "{}", heard.diagnostics());
        let target = format!("/Patient/{}/RelatedPerson", heard.body["id"].as_str().unwrap());
        let heard = trial.ask(Ask::get("worker", &target)).await;
        assert_eq!(heard.body["total"], mother.len());
        let related = &heard.body["entry"][0]["resource"];
        assert_eq!(related["patient"]["identifier"]["value"], number);
        assert_eq!(related["name"][0]["family"], family);
    }
}

#[tokio::test]
async fn twins_are_two_and_a_baby_told_of_twice_is_one() {
    let trial = trial().await;
    let nameless = |order: u64| {
        baby_with(&json!({
            "name": [{ "use": "usual", "family": "Smith" }],
            "multipleBirthInteger": order,
        }))
    };
    assert_eq!(notify(&trial, &whole(&nameless(1))).await.status, 201);
    assert_eq!(notify(&trial, &whole(&nameless(2))).await.status, 201);
    assert_eq!(notify(&trial, &whole(&nameless(2))).await.fault(), "200 SINGLE_MATCH");
    assert_eq!(trial.people(), 4);
}

#[tokio::test]
async fn a_death_must_fit_the_birth() {
    for (what, members, fault) in [
        (
            "died on the day",
            json!({ "deceasedDateTime": "2025-05-18", "extension": death("2") }),
            "201 -",
        ),
        (
            "died next day",
            json!({ "deceasedDateTime": "2025-05-19T04:05:06+00:00", "extension": death("1") }),
            "201 -",
        ),
        ("a date without a notification", json!({ "deceasedDateTime": "2025-05-19" }), ""),
        ("a notification without a date", json!({ "extension": death("2") }), ""),
        (
            "died before birth",
            json!({ "deceasedDateTime": "2025-05-17", "extension": death("1") }),
            "",
        ),
        (
            "a notification taken back",
            json!({ "deceasedDateTime": "2025-05-19", "extension": death("U") }),
            "",
        ),
    ] {
        let heard = notify(&trial().await, &whole(&baby_with(&members))).await;
        if fault.is_empty() {
            assert_eq!(heard.fault(), "400 INSERT_BIRTH_DEATH_STATUS_INCONSISTENT", "{what}");
            assert_eq!(heard.diagnostics(), "Insert Birth - Death Status Inconsistent");
        } else {
            assert_eq!(heard.fault(), fault, "{what}: {}", heard.diagnostics());
        }
    }
}

#[tokio::test]
async fn a_notification_must_be_whole_and_well_formed() {
    let trial = trial().await;
    let twice = |one: Value| bundle(&[baby(), weight(3000), one.clone(), one]);
    let mut typed = whole(&baby());
    typed["type"] = json!("batch");
    let mut strange = whole(&baby());
    strange["entry"][0]["pets"] = json!(1);
    for (what, body, fault) in [
        ("no bundle", baby(), "400 ADDITIONAL_PROPERTIES"),
        ("a list", json!([]), "400 VALIDATION_ERROR"),
        ("another type of bundle", typed, "400 INVALID_VALUE"),
        ("no entries", bundle(&[]), "400 TOO_FEW_VALUES_SUBMITTED"),
        ("no baby", bundle(&[weight(3000), mother(JANE)]), "400 MISSING_VALUE"),
        ("no weight", bundle(&[baby(), mother(JANE)]), "400 MISSING_VALUE"),
        ("two babies", twice(baby()), "400 TOO_MANY_VALUES_SUBMITTED"),
        ("three weights", twice(weight(3000)), "400 TOO_MANY_VALUES_SUBMITTED"),
        ("two mothers", twice(mother(JANE)), "400 TOO_MANY_VALUES_SUBMITTED"),
        ("a weight of nothing", bundle(&[baby(), weight(0)]), "400 INVALID_VALUE"),
        ("a weight in words", bundle(&[baby(), weight("heavy")]), "400 VALIDATION_ERROR"),
        (
            "something else",
            bundle(&[baby(), json!({ "resourceType": "Device" })]),
            "400 INVALID_VALUE",
        ),
        ("something strange", strange, "400 ADDITIONAL_PROPERTIES"),
        (
            "a mother who is nobody",
            bundle(&[baby(), weight(3000), mother("9111231130")]),
            "400 INVALID_CREATE",
        ),
        (
            "a mother without a good number",
            bundle(&[baby(), weight(3000), mother("9000000000")]),
            "400 INVALID_VALUE",
        ),
        (
            "a baby of tomorrow",
            whole(&baby_with(&json!({ "birthDate": "2025-05-21" }))),
            "400 INVALID_CREATE",
        ),
        (
            "a tenth of one birth",
            whole(&baby_with(&json!({ "multipleBirthInteger": 10 }))),
            "400 INVALID_VALUE",
        ),
        (
            "a strange name",
            whole(&baby_with(&json!({ "name": [{ "use": "usual", "family": "S/" }] }))),
            "400 UNSUPPORTED_CHARACTERS_IN_FIELD",
        ),
        (
            "a gender of old records",
            whole(&baby_with(&json!({ "gender": "other" }))),
            "400 UNSUPPORTED_VALUE",
        ),
    ] {
        let heard = notify(&trial, &body).await;
        assert_eq!(heard.fault(), fault, "{what}: {}", heard.diagnostics());
    }
    assert_eq!((trial.people(), trial.audited().len()), (2, 0));
}

#[tokio::test]
async fn only_workers_tell_of_births() {
    let trial = trial().await;
    for (token, fault) in [
        ("application", "403 INVALID_METHOD"),
        ("jane", "403 ACCESS_DENIED"),
        ("nobody", "401 ACCESS_DENIED"),
    ] {
        let ask = Ask::post(token, "/Patient/$process-birth-details", &whole(&baby()));
        assert_eq!(trial.ask(ask).await.fault(), fault, "{token}");
    }
    let ask = Ask::post("worker", "/Patient/$process-birth-details", &whole(&baby()));
    let heard = trial.ask(ask.with("content-type", "text/xml")).await;
    assert_eq!(heard.fault(), "400 UNSUPPORTED_SERVICE");
}
