//! What an answer looks like, and what the audit keeps of it.

use security::Mode;
use serde_json::{Value, json};

use super::nation::{Changes, Nation, patient, request};
use crate::search_patient::search_patient;

async fn smiths() -> Nation {
    Nation::of(vec![
        patient("9000000009", &["Jane"], "Smith", "female", "1980-05-05").also(
            "maiden",
            &["Jane"],
            "Jones",
        ),
        patient("9000000017", &["Jayne"], "Smyth", "female", "1980-05-05"),
        patient("9000000025", &["Janet"], "Smythe", "female", "1980-05-05").class("R"),
    ])
    .await
}

#[tokio::test]
async fn a_searchset_with_scores() {
    let body = smiths().await.body("family=Smith&birthdate=1980-05-05").await;
    let patient = body["entry"][0]["resource"].clone();
    assert_eq!(patient["name"].as_array().unwrap().len(), 1, "no maiden name");
    let expected = json!({
        "resourceType": "Bundle",
        "type": "searchset",
        "timestamp": "1970-01-01T00:00:00+00:00",
        "total": 1,
        "entry": [{
            "fullUrl":
                "https://example.org/personal-demographics/FHIR/R4/Patient/9000000009",
            "search": { "score": 1 },
            "resource": patient,
        }],
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn the_best_match_comes_first() {
    let query = "family=Smith&given=Jane&birthdate=1980-05-05&_fuzzy-match=true";
    let body = smiths().await.body(query).await;
    let scores: Vec<f64> = body["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["search"]["score"].as_f64().unwrap())
        .collect();
    assert_eq!(body["entry"][0]["resource"]["id"], "9000000009");
    assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]), "{scores:?}");
    assert!(scores.iter().all(|score| *score > 0.0 && *score <= 1.0), "{scores:?}");
    assert!(scores.len() > 1 && scores[0] >= 1.0, "{scores:?}");
}

#[tokio::test]
async fn nothing_found_has_no_entry() {
    let body = smiths().await.body("family=Nobody&birthdate=1980-05-05").await;
    assert_eq!(body["total"], 0);
    assert!(body.get("entry").is_none());
}

#[tokio::test]
async fn too_many_is_an_outcome_and_all_is_well() {
    let body = smiths().await.body("family=Sm*&birthdate=1980-05-05&_max-results=2").await;
    let expected = json!({
        "resourceType": "OperationOutcome",
        "issue": [{
            "severity": "information",
            "code": "multiple-matches",
            "details": { "coding": [{
                "system": nhs::url::SPINE_ERROR,
                "version": "1",
                "code": "TOO_MANY_MATCHES",
                "display": "Too Many Matches",
            }] },
        }],
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_restricted_patient_is_shown_without_whereabouts() {
    let body = smiths().await.body("family=Smythe&birthdate=1980-05-05").await;
    let shown = body["entry"][0]["resource"].as_object().unwrap();
    assert_eq!(shown["id"], "9000000025");
    assert_eq!(shown["meta"]["security"][0]["code"], "R");
    for hidden in ["address", "telecom", "generalPractitioner", "contact"] {
        assert!(!shown.contains_key(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn every_patient_shown_is_on_the_audit_chain_and_nobody_by_name() {
    let nation = smiths().await;
    let _ = nation.body("family=Sm*&birthdate=1980-05-05").await;
    let _ = nation.body("family=Sm*&birthdate=1980-05-05&_max-results=1").await;
    let mut lines: Vec<Value> = Vec::new();
    let audit = nation.house.store.audit();
    audit
        .read(0, &mut |_, line| {
            assert!(!line.contains("9000000009"));
            lines.push(serde_json::from_str(line).unwrap());
            true
        })
        .unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["interaction"], "search-patient");
    assert_eq!(lines[0]["subjects"].as_array().unwrap().len(), 3);
    assert!(
        lines[0]["subjects"].as_array().unwrap().contains(&audit.pseudonym("9000000025").into())
    );
    assert_eq!(lines[1]["subjects"], json!([]), "nobody was shown");
}

#[tokio::test]
async fn a_search_wants_a_request_id() {
    let nation = smiths().await;
    let mut request = request(Mode::Worker, "family=Smith&birthdate=1980-05-05");
    request.headers.remove("x-request-id");
    let fault = search_patient(nation.house.clone(), request.into()).await.err().unwrap();
    assert_eq!(fault.code(), "MISSING_VALUE");
}
