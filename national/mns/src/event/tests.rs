use serde_json::json;

use super::*;

fn event() -> Value {
    json!({
        "specversion": "1.0",
        "id": "e0b3d12f-c64d-4b29-b23b-4a670941f572",
        "source": "uk.nhs.vaccinations-data-flow-management",
        "type": "imms-vaccination-record-change-1",
        "time": "2020-06-01T13:00:00Z",
        "dataref": "https://example.org/Immunization/29dc4e84",
        "subject": "9000000009",
        "filtering": { "generalPractitioner": "FY4563", "subjectage": 17, "ok": true,
            "sites": ["a", 2] },
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut event = event();
    event[name] = value;
    event
}

fn read(event: &Value) -> Result<Event, String> {
    Event::read(event.as_object().unwrap()).map_err(|fault| fault.public().to_owned())
}

#[test]
fn an_event_is_what_subscribers_get_but_for_what_they_filter_by() {
    let read = read(&event()).unwrap();
    let told = read.signal.cloud_event();
    assert_eq!(told["dataref"], event()["dataref"]);
    assert_eq!(told.get("filtering"), None);
    let pairs: Vec<String> =
        read.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let expected = ["generalpractitioner=FY4563", "subjectage=17", "ok=true", "sites=a", "sites=2"];
    assert_eq!(pairs, expected);
    let publication = read.publication();
    assert_eq!(publication.name.as_deref(), Some("e0b3d12f-c64d-4b29-b23b-4a670941f572"));
    let types: Vec<&str> = publication.forms.iter().map(|form| form.media_type.as_str()).collect();
    assert_eq!(types, ["application/json", "application/fhir+json"]);
}

#[test]
fn extensions_are_passed_on() {
    let read = read(&with("traceparent", json!("00-ab-cd-01"))).unwrap();
    assert_eq!(read.signal.cloud_event()["traceparent"], "00-ab-cd-01");
}

#[test]
fn what_is_wrong_is_said_by_member_and_not_repeated() {
    for (event, member) in [
        (with("specversion", json!("0.3")), "specversion"),
        (with("id", json!("")), "id"),
        (with("id", json!("a\nb")), "id"),
        (with("id", json!(7)), "id"),
        (with("source", json!("a b")), "source"),
        (with("type", json!("9000000009")), "type"),
        (with("time", json!("2020-06-01")), "time"),
        (with("time", json!("2020-06-01T13:00Z")), "time"),
        (with("time", json!("2020-06-01 13:00:00Z")), "time"),
        (with("time", json!("2020-06-01T13:00:00Z[Europe/London]")), "time"),
        (with("time", json!("2020-06-31T13:00:00Z")), "time"),
        (with("subject", json!({ "nhsNumber": "9000000009" })), "subject"),
        (with("dataref", json!("Patient/9000000009")), "dataref"),
        (with("dataref", json!("x".repeat(1_001))), "dataref"),
        (with("versionid", json!("")), "versionid"),
        (with("filtering", json!([])), "filtering"),
        (with("filtering", json!({ "a b": "9000000009" })), "filtering"),
        (with("filtering", json!({ "a": {} })), "filtering"),
        (with("filtering", json!({ "a": [[1]] })), "filtering"),
        (with("filtering", json!({ "a": vec![1; 65] })), "filtering"),
        (with("filtering", json!({ "a": "x".repeat(1_001) })), "filtering"),
        (with("data", json!({ "nhsNumber": "9000000009" })), "data"),
        (with("data_base64", json!("AA==")), "data_base64"),
        (with("Patient", json!("9000000009")), "extensions"),
        (with("patient", json!({ "nhsNumber": "9000000009" })), "extensions"),
    ] {
        let refused = read(&event).unwrap_err();
        assert!(refused.starts_with(&format!("{member}: ")), "{member}: {refused}");
        assert!(!refused.contains("9000000009"), "{refused}");
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let refused = read(&json!({ "specversion": "1.0", "data": 1 })).unwrap_err();
    let members: Vec<&str> =
        refused.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    assert_eq!(members, ["id", "source", "type", "time", "data"]);
}
