use serde_json::{Value, json};

use crate::record::{Annex, Record, State};
use crate::tests::trial::{Ask, Heard, ORIGIN, Trial, beside, person, restricted};

const JANE: &str = "9000000009";
const MUM: &str = "9000000017";
const HIDDEN: &str = "9000000025";
const ALONE: &str = "9000000033";
const MERGED: &str = "5900053636";

/// A guardian with an address; `number` when she has a record of her own.
fn guardian(id: &str, number: &str) -> Value {
    let patient = match number {
        "" => json!({}),
        _ => json!({ "identifier": { "system": nhs::url::NHS_NUMBER, "value": number } }),
    };
    json!({
        "resourceType": "RelatedPerson",
        "id": id,
        "patient": patient,
        "active": true,
        "name": [{ "use": "usual", "family": "Guardian", "period": { "start": "2020-01-01" } }],
        "address": [{ "use": "home", "line": ["9 Quiet Close"], "postalCode": "LS2 2BB" }],
        "telecom": [{ "system": "phone", "value": "01632960000", "use": "home" }],
        "relationship": [{ "coding": [{
            "system": nhs::url::RELATIONSHIP_CODES,
            "code": "Guardian",
            "display": "Guardian of patient",
        }] }],
    })
}

fn with(record: Record, related: Vec<Value>) -> Record {
    beside(record, Annex { related, ..Annex::default() })
}

async fn trial() -> Trial {
    let jane = person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    let mum = person(MUM, ("Jayne", "Smyth"), "1980-01-01", "LS1 6AE");
    let hidden = person(HIDDEN, ("Janet", "Smythe"), "2005-06-16", "LS1 6AE");
    let merged = Annex { state: State::Superseded(JANE.into()), ..Annex::default() };
    Trial::of(vec![
        with(jane.clone(), vec![guardian("11111111", MUM), guardian("22222222", HIDDEN)]),
        with(mum, vec![guardian("33333333", "")]),
        with(restricted(hidden, "R"), vec![guardian("44444444", MUM)]),
        person(ALONE, ("Tom", "Alone"), "1999-09-09", "LS1 6AE"),
        beside(person(MERGED, ("Jane", "Smith"), "2010-10-22", "LS1 6AE"), merged),
    ])
    .await
}

async fn ask(trial: &Trial, token: &'static str, number: &str) -> Heard {
    trial.ask(Ask::get(token, &format!("/Patient/{number}/RelatedPerson"))).await
}

#[tokio::test]
async fn related_people_are_a_searchset_with_the_version_of_the_patient() {
    let trial = trial().await;
    let heard = ask(&trial, "worker", JANE).await;
    assert_eq!(heard.status, 200);
    assert_eq!(heard.header("etag"), "W/\"1\"");
    assert_eq!(heard.body["total"], 2);
    let address =
        format!("{ORIGIN}/personal-demographics/FHIR/R4/Patient/{JANE}/RelatedPerson/11111111");
    assert_eq!(heard.body["entry"][0]["fullUrl"], address.as_str());
    assert_eq!(heard.body["entry"][0]["resource"], guardian("11111111", MUM));
    assert_eq!(trial.audited(), [("get-related-people".to_owned(), 200, 1)]);
}

#[tokio::test]
async fn a_restricted_relative_is_shown_without_where_they_live() {
    let heard = ask(&trial().await, "worker", JANE).await;
    let hidden = &heard.body["entry"][1]["resource"];
    assert_eq!(hidden["name"][0]["family"], "Guardian");
    assert!(hidden.get("address").is_none() && hidden.get("telecom").is_none());
}

#[tokio::test]
async fn nobody_is_related_to_a_restricted_patient_or_to_one_without_relatives() {
    let trial = trial().await;
    for (token, number) in
        [("worker", HIDDEN), ("privileged", HIDDEN), ("hidden", HIDDEN), ("worker", ALONE)]
    {
        let heard = ask(&trial, token, number).await;
        assert_eq!((heard.status.as_u16(), &heard.body["total"]), (200, &json!(0)), "{number}");
        assert!(heard.body.get("entry").is_none());
    }
}

#[tokio::test]
async fn a_merged_number_gives_the_people_of_the_record_in_use() {
    let heard = ask(&trial().await, "application", MERGED).await;
    let address = heard.body["entry"][0]["fullUrl"].as_str().unwrap();
    assert!(address.contains(JANE), "{address}");
}

#[tokio::test]
async fn who_may_not_is_told_why() {
    let trial = trial().await;
    let gone = Annex { state: State::Invalidated, ..Annex::default() };
    let gone = beside(person("9693632109", ("No", "Body"), "1950-05-05", "LS1 6AE"), gone);
    trial.put(&gone).await;
    for (token, number, fault) in [
        ("worker", "9000000000", "400 INVALID_RESOURCE_ID"),
        ("worker", "9111231130", "404 RESOURCE_NOT_FOUND"),
        ("worker", "9693632109", "404 INVALIDATED_RESOURCE"),
        ("jane", MUM, "403 INVALID_VALUE"),
        ("nobody", JANE, "401 ACCESS_DENIED"),
    ] {
        assert_eq!(ask(&trial, token, number).await.fault(), fault, "{token} {number}");
    }
    let anonymous = Ask::get("worker", &format!("/Patient/{JANE}/RelatedPerson"));
    let heard = trial.ask(anonymous.with("x-request-id", "")).await;
    assert_eq!(heard.fault(), "400 MISSING_VALUE");
}
