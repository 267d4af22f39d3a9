use super::*;

fn moved() -> Signal {
    Signal {
        id: "6a4f2f0e-5a0e-4a5c-9b6a-000000000001".into(),
        source: "uk.nhs.personal-demographics-service".into(),
        event: "pds-change-of-gp-2".into(),
        time: "2026-11-22T10:00:00Z".into(),
        subject: "9000000009".into(),
        dataref: "http://127.0.0.1:8600/personal-demographics/FHIR/R4/Patient/9000000009".into(),
        version: String::new(),
        extensions: vec![("traceparent".into(), "00-ab-cd-01".into())],
    }
}

#[test]
fn a_cloud_event_says_what_is_known_and_nothing_else() {
    let event = moved().cloud_event();
    let names: Vec<&String> = event.as_object().into_iter().flat_map(Map::keys).collect();
    let expected =
        ["specversion", "id", "source", "type", "time", "dataref", "subject", "traceparent"];
    assert_eq!(names, expected);
    assert_eq!(event["type"], "pds-change-of-gp-2");
    let versioned = Signal { version: "W/\"2\"".into(), ..moved() };
    assert_eq!(versioned.cloud_event()["versionid"], "W/\"2\"");
}

#[test]
fn a_message_points_at_the_record_and_names_the_patient() {
    let message = moved().message();
    let header = &message["entry"][0]["resource"];
    assert_eq!(message["type"], "message");
    assert_eq!(message["identifier"]["value"], "6a4f2f0e-5a0e-4a5c-9b6a-000000000001");
    assert_eq!(header["resourceType"], "MessageHeader");
    assert_eq!(header["eventUri"], "pds-change-of-gp-2");
    assert_eq!(header["focus"][0]["reference"], moved().dataref);
    assert_eq!(header["focus"][0]["identifier"]["system"], url::NHS_NUMBER);
    assert_eq!(header["focus"][0]["type"], "Patient");
}

#[test]
fn a_message_about_nobody_has_no_focus() {
    let about = |subject: &str| {
        let signal = Signal { subject: subject.into(), dataref: String::new(), ..moved() };
        signal.message()["entry"][0]["resource"].clone()
    };
    assert!(about("").get("focus").is_none());
    let other = about("https://example.org/thing");
    assert_eq!(other["focus"][0]["identifier"], json!({ "value": "https://example.org/thing" }));
    assert!(other["focus"][0].get("type").is_none());
}
