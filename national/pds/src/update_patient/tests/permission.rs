//! Who may change what, and where.

use http::StatusCode;
use serde_json::{Value, json};

use super::{JANE, kept, male, patches, restricted, trial, whole};
use crate::tests::trial::{Ask, Trial};

const NOT_THEIRS: &str = "Invalid update with error - This user does not have permission to update \
    the fields in the patches provided.";

/// What a patient tries to change, the patches, and whether they may.
#[rustfmt::skip]
const TRIED: &[(&str, &str, bool)] = &[
    ("gender", r#"replace /gender "male""#, false),
    ("birth date", r#"replace /birthDate "1990-10-23""#, false),
    ("name", r#"replace /name/0/id "NAME0001" ; replace /name/0/family "Jones""#, false),
    ("e-mail", r#"replace /telecom/2 {"id": "TELE0003", "system": "email", "use": "home", "value": "j@example.com"}"#, true),
    ("a part of an e-mail", r#"test /telecom/2/id "TELE0003" ; replace /telecom/2/value "j@example.com""#, false),
    ("home phone", r#"replace /telecom/0 {"id": "TELE0001", "system": "phone", "use": "home", "value": "01632960000"}"#, false),
    ("mobile removed", r#"test /telecom/1/id "TELE0002" ; remove /telecom/1"#, true),
    ("home phone removed", r#"test /telecom/0/id "TELE0001" ; remove /telecom/0"#, false),
    ("a part of an address", r#"test /address/0/id "ADDR0001" ; replace /address/0/postalCode "LS2 7AB""#, true),
    ("pharmacy", r#"replace /extension/0 {"url": "UKCore-NominatedPharmacy", "valueReference": {"identifier": {"value": "FB999"}}}"#, true),
    ("contact preference", r#"replace /extension/2 {"url": "UKCore-ContactPreference", "extension": [{"url": "PreferredContactMethod", "valueCodeableConcept": {"coding": [{"code": "2"}]}}]}"#, false),
    ("practice", r#"test /generalPractitioner/0/id "PRAC0001" ; replace /generalPractitioner/0/identifier/value "Y1""#, false),
];

#[tokio::test]
async fn a_patient_changes_some_fields_of_their_own_record() {
    for (what, written, may) in TRIED {
        let trial = trial().await;
        let heard = trial.ask(Ask::patch("jane", JANE, 1, &patches(written))).await;
        if *may {
            assert_eq!(heard.status, StatusCode::OK, "{what}: {}", heard.diagnostics());
        } else {
            assert_eq!(heard.fault(), "400 INVALID_UPDATE", "{what}");
            assert_eq!(heard.diagnostics(), NOT_THEIRS, "{what}");
        }
    }
    let heard = trial().await.ask(Ask::patch("stranger", JANE, 1, &male())).await;
    assert_eq!(heard.fault(), "403 INVALID_VALUE");
}

#[tokio::test]
async fn an_application_updates_only_with_a_grant() {
    let trial = trial().await;
    for token in ["application", "privileged"] {
        let heard = trial.ask(Ask::patch(token, JANE, 1, &male())).await;
        assert_eq!(heard.fault(), "403 INVALID_METHOD", "{token}");
    }
    assert_eq!(trial.ask(Ask::patch("updater", JANE, 1, &male())).await.status, StatusCode::OK);
}

#[tokio::test]
async fn some_changes_want_a_grant() {
    let dead = |code: &str| {
        json!([{ "op": "add", "path": "/deceasedDateTime", "value": "2025-01-01" },
            { "op": "add", "path": "/extension/-", "value": { "url": nhs::url::DEATH_NOTIFICATION,
                "extension": [{ "url": "deathNotificationStatus",
                    "valueCodeableConcept": { "coding": [{ "code": code }] } }] } }])
    };
    let off_the_list = json!([
        { "op": "test", "path": "/generalPractitioner/0/id", "value": "PRAC0001" },
        { "op": "remove", "path": "/generalPractitioner/0" }]);
    let cases = [(dead("1"), true), (dead("2"), false), (off_the_list, false)];
    for (patches, anybody) in cases {
        let heard = trial().await.ask(Ask::patch("worker", JANE, 1, &patches)).await;
        let expected = if anybody { "200 -" } else { "403 FORBIDDEN_UPDATE" };
        assert_eq!(heard.fault(), expected, "{patches}: {}", heard.diagnostics());
        let heard = trial().await.ask(Ask::patch("trusted", JANE, 1, &patches)).await;
        assert_eq!(heard.fault(), "200 -", "{patches}: {}", heard.diagnostics());
    }
}

async fn guarded(class: &str) -> Trial {
    Trial::of(vec![restricted(whole(JANE), class)]).await
}

#[tokio::test]
async fn nobody_updates_a_restricted_record_or_learns_from_trying() {
    let guess = |value: &str| patches(&format!("test /address/0/postalCode {value:?}"));
    for class in ["R", "V"] {
        let trial = guarded(class).await;
        for patches in [male(), guess("LS1 6AE"), guess("AB1 2CD")] {
            for token in ["worker", "jane", "updater"] {
                if token == "jane" && patches == male() {
                    continue;
                }
                let heard = trial.ask(Ask::patch(token, JANE, 1, &patches)).await;
                assert_eq!(heard.fault(), "403 FORBIDDEN_UPDATE", "{class} {token}");
            }
        }
    }
}

#[tokio::test]
async fn who_may_update_restricted_records_works_on_what_they_see() {
    let trial = guarded("R").await;
    let ask = async |version: u64, patches: &Value| {
        trial.ask(Ask::patch("trusted", JANE, version, patches)).await
    };
    // They see no address: a right guess fares no better than a wrong one.
    for postcode in ["LS1 6AE", "AB1 2CD"] {
        let guess = json!([{ "op": "test", "path": "/address/0/postalCode", "value": postcode }]);
        assert_eq!(ask(1, &guess).await.diagnostics(), "Invalid patch: Test operation failed");
    }
    // They cannot write an address or a pharmacy, whether there is one or not.
    let home = json!({ "use": "home", "line": ["1 New Street", "Leeds"], "postalCode": "LS1 1AA" });
    let dispenser =
        |url: &str| json!({ "url": url, "valueReference": { "identifier": { "value": "FB999" } } });
    for (path, value) in [
        ("/address/-", home),
        ("/extension/-", dispenser(nhs::url::NOMINATED_PHARMACY)),
        ("/extension/-", dispenser(nhs::url::APPLIANCE_SUPPLIER)),
    ] {
        let heard = ask(1, &json!([{ "op": "add", "path": path, "value": value }])).await;
        assert_eq!(heard.fault(), "403 FORBIDDEN_UPDATE", "{path}");
    }
    // The indices of their extensions count what they see; what they do not see stays.
    let patches = json!([
        { "op": "test", "path": "/extension/0/url", "value": nhs::url::COMMUNICATION },
        { "op": "remove", "path": "/extension/0" },
        { "op": "replace", "path": "/gender", "value": "male" }]);
    let heard = ask(1, &patches).await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.diagnostics());
    assert_eq!(heard.body["gender"], "male");
    assert!(heard.body.get("address").is_none());
    let (now, before) = (kept(&trial, JANE).patient, whole(JANE).patient);
    for member in ["name", "address", "telecom", "contact", "generalPractitioner"] {
        assert_eq!(now[member], before[member], "{member}");
    }
    let urls = |patient: &Value| -> Vec<String> {
        let mut urls: Vec<String> = patient["extension"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["url"].as_str().unwrap().to_owned())
            .collect();
        urls.sort();
        urls
    };
    let mut expected = urls(&before);
    expected.retain(|url| url != nhs::url::COMMUNICATION);
    assert_eq!(urls(&now), expected);
}

#[tokio::test]
async fn a_confidential_reason_for_leaving_the_register_survives_an_update() {
    let mut record = whole(JANE);
    let reason = "/extension/4/extension/0/valueCodeableConcept/coding/0/code";
    *record.patient.pointer_mut(reason).unwrap() = json!("AFN");
    record.patient["address"][0]["line"] = json!(["", "1 Trinity Row", "", "Leeds", ""]);
    let trial = Trial::of(vec![record.clone()]).await;
    let heard = trial.ask(Ask::patch("worker", JANE, 1, &male())).await;
    assert_eq!(heard.body.pointer(reason), Some(&json!("ORR")));
    let now = kept(&trial, JANE).patient;
    assert_eq!(now.pointer(reason), Some(&json!("AFN")));
    assert_eq!(now["address"], record.patient["address"]);
}
