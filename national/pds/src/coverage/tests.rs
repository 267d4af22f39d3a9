use serde_json::{Value, json};

use crate::record::Annex;
use crate::tests::trial::{Ask, Heard, ORIGIN, Trial, beside, person, restricted};

const JANE: &str = "9000000009";
const HIDDEN: &str = "9000000025";
const FORMAT: &str = "Invalid search data provided - 'Coverage search request must follow \
    the format /Coverage?subscriber:identifier=NHS_NUMBER'";

fn card(number: &str) -> Value {
    json!({
        "resourceType": "Coverage",
        "status": "active",
        "subscriber": { "identifier": { "system": nhs::url::NHS_NUMBER, "value": number } },
        "identifier": [{
            "value": "40-77/01",
            "assigner": { "identifier": { "system": nhs::url::COUNTRY_CODES, "value": "NLD" } },
        }],
        "payor": [{ "identifier": { "value": "NL 5" } }],
        "beneficiary": { "identifier": { "value": "B:12'3" } },
        "period": { "end": "2030-01-31" },
    })
}

async fn trial() -> Trial {
    let jane = person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    let hidden = person(HIDDEN, ("Janet", "Smythe"), "2005-06-16", "LS1 6AE");
    Trial::of(vec![jane, restricted(hidden, "R")]).await
}

async fn read(trial: &Trial, token: &'static str, query: &str) -> Heard {
    trial.ask(Ask::get(token, &format!("/Coverage{query}"))).await
}

fn post(body: &Value) -> Ask {
    Ask::post("jane", "/Coverage", body).with("if-match", "W/\"1\"")
}

/// The card with one thing changed.
fn but(place: &str, value: Value) -> Value {
    let mut card = card(JANE);
    *card.pointer_mut(place).unwrap() = value;
    card
}

#[tokio::test]
async fn a_patient_without_a_card_gets_an_empty_bundle() {
    let heard = read(&trial().await, "jane", "?subscriber:identifier=9000000009").await;
    assert_eq!(heard.status, 200);
    assert_eq!(heard.header("etag"), "W/\"1\"");
    assert_eq!(heard.body["total"], 0);
    assert_eq!(heard.body["meta"], json!({ "versionId": "1" }));
    assert!(heard.body.get("entry").is_none());
}

#[tokio::test]
async fn a_card_is_put_replaced_and_read_again() {
    let trial = trial().await;
    let heard = trial.ask(post(&card(JANE))).await;
    assert_eq!((heard.status.as_u16(), heard.header("etag")), (201, "W/\"2\""));
    let entry = &heard.body["entry"][0];
    let address =
        format!("{ORIGIN}/personal-demographics/FHIR/R4/Coverage?subscriber:identifier={JANE}");
    assert_eq!(entry["fullUrl"], address.as_str());
    assert_eq!(entry["resource"]["identifier"][0]["assigner"]["display"], "Netherlands");
    assert_eq!(entry["resource"]["subscriber"]["type"], "Patient");

    let next = but("/payor/0/identifier/value", json!("NL 6"));
    let heard = trial.ask(post(&next).with("if-match", "W/\"2\"")).await;
    assert_eq!(heard.header("etag"), "W/\"3\"");
    let read = read(&trial, "jane", "?subscriber:identifier=9000000009").await;
    assert_eq!(read.body, heard.body);
    assert_eq!(read.body["entry"][0]["resource"]["payor"][0]["identifier"]["value"], "NL 6");
    assert_eq!(read.body["meta"]["versionId"], "3");
    let lines = [("post-coverage", 201), ("post-coverage", 201), ("get-coverage", 200)];
    assert_eq!(trial.audited(), lines.map(|(name, outcome)| (name.to_owned(), outcome, 1)));
}

#[tokio::test]
async fn the_patient_is_found_as_before_and_says_the_new_version() {
    let trial = trial().await;
    trial.ask(post(&card(JANE))).await;
    let heard = trial.ask(Ask::get("worker", "/Patient/9000000009")).await;
    assert_eq!((heard.header("etag"), &heard.body["meta"]["versionId"]), ("W/\"2\"", &json!("2")));
    assert!(heard.body.get("coverage").is_none());
    let query = "/Patient?family=Smith&birthdate=eq2010-10-22";
    assert_eq!(trial.ask(Ask::get("worker", query)).await.body["total"], 1);
}

#[tokio::test]
async fn a_card_without_a_holder_or_an_institution_is_not_shown() {
    let trial = trial().await;
    for gone in ["beneficiary", "payor"] {
        let mut half = card(JANE);
        half.as_object_mut().unwrap().remove(gone);
        let jane = person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
        trial.put(&beside(jane, Annex { coverage: Some(half), ..Annex::default() })).await;
        let heard = read(&trial, "jane", "?subscriber:identifier=9000000009").await;
        assert_eq!(heard.body["total"], 0, "{gone}");
    }
}

#[tokio::test]
async fn a_query_has_one_form_only() {
    let trial = trial().await;
    for query in [
        "",
        "?subscriber=9000000009",
        "?year=2003",
        "?subscriber:identifier=9000000009&year=2003",
        "?subscriber:identifier=9000000009&subscriber:identifier=9000000009",
        "?subscriber:identifier=https://fhir.nhs.uk/Id/nhs-number|9000000009",
    ] {
        let heard = read(&trial, "jane", query).await;
        assert_eq!(
            (heard.fault().as_str(), heard.diagnostics()),
            ("400 INVALID_SEARCH_DATA", FORMAT)
        );
    }
}

#[tokio::test]
async fn only_the_patient_may_read() {
    let trial = trial().await;
    for (token, number, fault) in [
        ("jane", "9000000000", "400 INVALID_RESOURCE_ID"),
        ("jane", HIDDEN, "403 INVALID_VALUE"),
        ("stranger", "9111231130", "404 RESOURCE_NOT_FOUND"),
        ("worker", JANE, "403 ACCESS_DENIED"),
        ("application", JANE, "403 ACCESS_DENIED"),
        ("nobody", JANE, "401 ACCESS_DENIED"),
    ] {
        let heard = read(&trial, token, &format!("?subscriber:identifier={number}")).await;
        assert_eq!(heard.fault(), fault, "{token} {number}");
    }
}

#[tokio::test]
async fn a_card_must_be_whole_and_well_formed() {
    let trial = trial().await;
    for (place, value, fault) in [
        ("/status", json!("cancelled"), "400 INVALID_VALUE"),
        ("/identifier", json!([]), "400 TOO_FEW_VALUES_SUBMITTED"),
        ("/payor/0/identifier/value", json!("!"), "400 INVALID_VALUE"),
        ("/payor/0/identifier/value", json!("N".repeat(31)), "400 INVALID_VALUE"),
        ("/beneficiary/identifier/value", json!("B".repeat(26)), "400 INVALID_VALUE"),
        ("/beneficiary/identifier/value", json!(""), "400 INVALID_VALUE"),
        ("/beneficiary/identifier", json!({}), "400 MISSING_VALUE"),
        ("/identifier/0/value", json!(7), "400 VALIDATION_ERROR"),
        ("/identifier/0/assigner/identifier/value", json!("NL"), "400 INVALID_VALUE"),
        ("/identifier/0/assigner/identifier/value", json!("nld"), "400 INVALID_VALUE"),
        ("/identifier/0/assigner/identifier/system", json!("iso"), "400 INVALID_VALUE"),
        ("/subscriber/identifier/value", json!("900000000"), "400 INVALID_VALUE"),
        ("/subscriber/identifier/value", json!("9000000000"), "400 INVALID_RESOURCE_ID"),
        ("/subscriber/identifier/value", json!(HIDDEN), "403 INVALID_VALUE"),
        ("/period", json!({}), "400 MISSING_VALUE"),
        ("/period/end", json!("2030-02-31"), "400 INVALID_VALUE"),
        (
            "/payor",
            json!([card(JANE)["payor"][0], card(JANE)["payor"][0]]),
            "400 TOO_MANY_VALUES_SUBMITTED",
        ),
    ] {
        let heard = trial.ask(post(&but(place, value))).await;
        assert_eq!(heard.fault(), fault, "{place}: {}", heard.diagnostics());
    }
    let mut strange = card(JANE);
    strange["pets"] = json!(1);
    assert_eq!(trial.ask(post(&strange)).await.fault(), "400 ADDITIONAL_PROPERTIES");
    assert_eq!(trial.ask(post(&card(JANE)).bytes(b"{")).await.fault(), "400 INVALID_UPDATE");
}

#[tokio::test]
async fn a_card_is_put_for_the_version_that_was_read() {
    let trial = trial().await;
    for (name, value, fault) in [
        ("if-match", "", "412 PRECONDITION_FAILED"),
        ("if-match", "1", "412 PRECONDITION_FAILED"),
        ("if-match", "W/\"2\"", "409 RESOURCE_VERSION_MISMATCH"),
        ("content-type", "text/plain", "400 UNSUPPORTED_SERVICE"),
        ("x-request-id", "1234", "400 INVALID_VALUE"),
        ("authorization", "Bearer worker", "403 ACCESS_DENIED"),
        ("authorization", "", "401 ACCESS_DENIED"),
    ] {
        assert_eq!(trial.ask(post(&card(JANE)).with(name, value)).await.fault(), fault, "{value}");
    }
    let hidden = Ask::post("hidden", "/Coverage", &card(HIDDEN)).with("if-match", "W/\"1\"");
    assert_eq!(trial.ask(hidden).await.fault(), "403 FORBIDDEN_UPDATE");
    let stranger = card("9111231130");
    let stranger = Ask::post("stranger", "/Coverage", &stranger).with("if-match", "W/\"1\"");
    assert_eq!(trial.ask(stranger).await.fault(), "404 RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer() {
    let trial = trial().await;
    let id = "0f0e9c1a-38a1-4b5e-9a41-3f6a0f4a7c11";
    let first = trial.ask(post(&card(JANE)).with("x-request-id", id)).await;
    let again = trial.ask(post(&card(JANE)).with("x-request-id", id)).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("etag"), "W/\"2\"");
}
