use serde_json::json;

use super::*;
use crate::record::plain_resource;
use crate::tests::trial::{Ask, Trial, person, restricted};

/// A record with something of everything, of a class.
fn record(class: &str) -> Record {
    let pharmacy = json!({ "url": nhs::url::NOMINATED_PHARMACY, "valueReference": {} });
    let born_at = json!({ "url": nhs::url::BIRTH_PLACE, "valueAddress": { "city": "Leeds" } });
    let speaks = json!({ "url": nhs::url::COMMUNICATION, "extension": [] });
    Record::new(json!({
        "resourceType": "Patient",
        "id": "9000000009",
        "identifier": [{ "system": nhs::url::NHS_NUMBER, "value": "9000000009" }],
        "meta": { "versionId": "1", "security": [{ "code": class }] },
        "name": [{ "use": "usual", "family": "Smith" }],
        "gender": "female",
        "birthDate": "2010-10-22",
        "address": [{ "use": "home", "line": ["1 Mill Lane", "Leeds"], "postalCode": "LS1 6AE" }],
        "telecom": [{ "system": "phone", "value": "01632960000" }],
        "contact": [{ "relationship": [] }],
        "generalPractitioner": [{ "type": "Organization" }],
        "managingOrganization": { "type": "Organization" },
        "extension": [pharmacy, born_at, speaks],
    }))
}

fn caller(mode: Mode, grants: &[&str]) -> Caller {
    let grants = grants.iter().map(|&grant| grant.to_owned()).collect();
    Caller { mode, grants, ..Caller::open() }
}

fn members(patient: &Value) -> Vec<&str> {
    patient.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn what_is_seen_depends_on_the_record_and_on_the_caller() {
    let who = ["resourceType", "id", "identifier", "meta"];
    let without_where = [&who[..], &["name", "gender", "birthDate", "extension"]].concat();
    let whole = members(&record("U").patient).len();
    for mode in Mode::ALL {
        assert_eq!(members(&of(&record("U"), &caller(mode, &[]))).len(), whole, "U, {mode:?}");
        let restricted = of(&record("R"), &caller(mode, &[]));
        if mode == Mode::PrivilegedApplication {
            assert_eq!(members(&restricted).len(), whole, "R, {mode:?}");
        } else {
            assert_eq!(members(&restricted), without_where, "R, {mode:?}");
            let extensions = restricted["extension"].as_array().unwrap();
            assert_eq!(extensions.len(), 1, "only the language is left");
            assert_eq!(extensions[0]["url"], nhs::url::COMMUNICATION);
        }
        assert_eq!(members(&of(&record("V"), &caller(mode, &[]))), who, "V, {mode:?}");
    }
}

#[test]
fn confidential_reasons_read_as_another_reason_unless_granted() {
    let granted = &["return-confidential-reason-for-removal"][..];
    for (code, grants, seen) in [
        ("SCT", &[][..], "SCT"),
        ("AFN", &[][..], "ORR"),
        ("SDN", &[][..], "ORR"),
        ("LDN", &[][..], "ORR"),
        ("AFN", granted, "AFN"),
        ("SDN", granted, "SDN"),
        ("LDN", granted, "ORR"),
    ] {
        let mut record = record("U");
        record.patient["extension"] = json!([{
            "url": REMOVAL_FROM_REGISTRATION,
            "extension": [{ "url": "removalFromRegistrationCode", "valueCodeableConcept": {
                "coding": [{ "system": REMOVAL_REASON_CODES, "code": code }] } }],
        }]);
        let shown = of(&record, &caller(Mode::Worker, grants));
        let found = shown.pointer("/extension/0/extension/0/valueCodeableConcept/coding/0/code");
        assert_eq!(found, Some(&json!(seen)), "{code} with {grants:?}");
    }
}

#[test]
fn blank_address_lines_are_left_out_unless_granted() {
    let mut record = record("U");
    record.patient["address"][0]["line"] = json!(["", "1 Mill Lane", " ", "Leeds", ""]);
    let shown = of(&record, &caller(Mode::Worker, &[]));
    assert_eq!(shown["address"][0]["line"], json!(["1 Mill Lane", "Leeds"]));
    let all = of(&record, &caller(Mode::Worker, &["return-empty-address-lines"]));
    assert_eq!(all["address"][0]["line"], record.patient["address"][0]["line"]);
}

/// The short cut past parsing is taken only where nobody would see anything else.
#[test]
fn only_what_everybody_sees_whole_goes_out_as_it_is_kept() {
    assert!(plain_resource(&record("U").encode()).is_some());
    assert!(plain_resource(&record("R").encode()).is_none());
    assert!(plain_resource(&record("V").encode()).is_none());
    let mut blank = record("U");
    blank.patient["address"][0]["line"] = json!(["", "Leeds"]);
    assert!(plain_resource(&blank.encode()).is_none());
    let mut invalidated = record("U");
    invalidated.annex.state = crate::State::Invalidated;
    assert!(plain_resource(&invalidated.encode()).is_none());
}

/// The gateway in front of the national service tells it what a client may see in these headers,
/// and takes them off whatever a client sends. Here they mean nothing, and never come back.
#[tokio::test]
async fn a_client_cannot_grant_itself_anything() {
    let reason = json!([{ "url": REMOVAL_FROM_REGISTRATION, "extension": [{
        "url": "removalFromRegistrationCode",
        "valueCodeableConcept": { "coding": [{ "code": "AFN" }] },
    }] }]);
    let mut open = person("9000000009", ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    open.patient["extension"] = reason;
    open.patient["address"][0]["line"] = json!(["", "1 Long Row"]);
    let hidden = person("9000000025", ("Janet", "Smythe"), "2005-06-16", "LS1 6AE");
    let trial = Trial::of(vec![open, restricted(hidden, "R")]).await;
    let granted = "app-restricted-update, return-confidential-reason-for-removal, \
        return-empty-address-lines, return-nhs-record-sharing-consent, update-restricted";
    for number in ["9000000009", "9000000025"] {
        let plain = || Ask::get("worker", &format!("/Patient/{number}"));
        let sly = plain()
            .with("nhse-pds-custom-attributes", granted)
            .with("nhse-pds-privileged-access", "true");
        let (honest, sly) = (trial.ask(plain()).await, trial.ask(sly).await);
        assert_eq!((sly.status.as_u16(), &sly.body), (200, &honest.body));
        assert!(sly.headers.keys().all(|name| !name.as_str().starts_with("nhse-")));
    }
    let male = json!([{ "op": "replace", "path": "/gender", "value": "male" }]);
    let update = Ask::patch("application", "9000000009", 1, &male);
    let heard = trial.ask(update.with("nhse-pds-custom-attributes", granted)).await;
    assert_eq!(heard.fault(), "403 INVALID_METHOD");
}
