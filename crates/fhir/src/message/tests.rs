use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Code, Message, codings};

const HEADER: &str = "urn:uuid:00000000-0000-4000-8000-000000000001";
const REQUEST: &str = "urn:uuid:00000000-0000-4000-8000-000000000002";
const PATIENT: &str = "urn:uuid:00000000-0000-4000-8000-000000000003";

/// A referral of a patient.
fn referral() -> Value {
    json!({
        "resourceType": "Bundle",
        "id": "b1",
        "type": "message",
        "entry": [
            { "fullUrl": HEADER, "resource": {
                "resourceType": "MessageHeader",
                "eventCoding": { "system": "urn:events", "code": "referral" },
                "reason": { "coding": [{ "system": "urn:reasons", "code": "new" }] },
                "source": { "endpoint": "urn:from" },
                "destination": [{ "endpoint": "urn:to" }],
                "response": { "identifier": "b0", "code": "ok" },
                "focus": [{ "reference": REQUEST }],
            }},
            { "fullUrl": REQUEST, "resource": {
                "resourceType": "ServiceRequest",
                "id": "r1",
                "subject": { "reference": PATIENT },
            }},
            { "fullUrl": PATIENT, "resource": { "resourceType": "Patient", "id": "p1" } },
        ],
    })
}

#[test]
fn a_message_says_what_happened_to_what() {
    let bundle = referral();
    let message = Message::read(&bundle).unwrap();
    assert_eq!(message.id(), "b1");
    assert_eq!(message.event(), Code { system: "urn:events", code: "referral" });
    assert_eq!(message.reason(), Some(Code { system: "urn:reasons", code: "new" }));
    assert_eq!(message.source(), "urn:from");
    assert_eq!(message.destinations().collect::<Vec<_>>(), ["urn:to"]);
    assert_eq!(message.response(), Some(("b0", "ok")));
    let focus: Vec<&Value> = message.focus().collect();
    assert_eq!(focus.len(), 1);
    assert_eq!(focus[0]["id"], "r1");
    assert_eq!(message.referred(focus[0], "subject").unwrap()["id"], "p1");
    assert!(message.referred(focus[0], "performer").is_none());
    assert_eq!(message.resources("Patient").count(), 1);
    assert_eq!(message.header()["resourceType"], "MessageHeader");
}

#[test]
fn a_reference_is_an_address_or_a_type_and_an_id() {
    let bundle = referral();
    let message = Message::read(&bundle).unwrap();
    for (reference, found) in [
        (PATIENT, true),
        ("Patient/p1", true),
        ("Patient/p2", false),
        ("Practitioner/p1", false),
        ("Patient/", false),
        ("p1", false),
        ("", false),
    ] {
        assert_eq!(message.resolve(reference).is_some(), found, "{reference}");
    }
}

#[test]
fn an_event_may_be_a_uri() {
    let mut bundle = referral();
    let header = bundle["entry"][0]["resource"].as_object_mut().unwrap();
    header.remove("eventCoding");
    header.insert("eventUri".into(), "urn:happened".into());
    let message = Message::read(&bundle).unwrap();
    assert_eq!(message.event(), Code { system: "", code: "urn:happened" });
}

/// A change to the referral, and what is then wrong where.
type Case = (&'static str, fn(&mut Value), &'static str, &'static str);

const CASES: &[Case] = &[
    ("no bundle", |b| b["resourceType"] = json!("Patient"), "structure", "Bundle"),
    ("a collection", |b| b["type"] = json!("collection"), "value", "Bundle.type"),
    ("no entries", |b| b["entry"] = json!([]), "required", "Bundle.entry[0].resource"),
    ("entries that are none", |b| b["entry"] = json!(1), "required", "Bundle.entry[0].resource"),
    (
        "too many entries",
        |b| b["entry"] = Value::Array(vec![json!({}); 1001]),
        "too-long",
        "Bundle.entry",
    ),
    (
        "the header is not the first",
        |b| b["entry"].as_array_mut().unwrap().swap(0, 1),
        "required",
        "Bundle.entry[0].resource",
    ),
    (
        "no event",
        |b| b["entry"][0]["resource"]["eventCoding"] = json!({}),
        "required",
        "Bundle.entry[0].resource.event",
    ),
    (
        "no source",
        |b| b["entry"][0]["resource"]["source"] = json!({}),
        "required",
        "Bundle.entry[0].resource.source.endpoint",
    ),
    (
        "the focus is elsewhere",
        |b| b["entry"][0]["resource"]["focus"] = json!([{ "reference": "ServiceRequest/r9" }]),
        "not-found",
        "Bundle.entry[0].resource.focus[0]",
    ),
    (
        "a patient who is not there",
        |b| b["entry"].as_array_mut().unwrap().truncate(2),
        "not-found",
        "Bundle.entry[1].resource.subject.reference",
    ),
    (
        "an entry without a resource",
        |b| b["entry"][2] = json!({ "fullUrl": PATIENT }),
        "required",
        "Bundle.entry[2].resource",
    ),
    (
        "two of one address",
        |b| b["entry"][2]["fullUrl"] = json!(REQUEST),
        "duplicate",
        "Bundle.entry[2].fullUrl",
    ),
];

#[test]
fn what_is_no_message_is_told_where() {
    for (name, change, issue, at) in CASES {
        let mut bundle = referral();
        change(&mut bundle);
        let wrong = Message::read(&bundle).unwrap_err();
        assert_eq!((wrong.issue, wrong.at.as_str()), (*issue, *at), "{name}");
    }
}

#[test]
fn references_that_may_lead_elsewhere_are_let_be() {
    let mut bundle = referral();
    bundle["entry"][1]["resource"]["requester"] = json!({ "reference": "Organization/elsewhere" });
    bundle["entry"][1]["resource"]["performer"] = json!([{ "identifier": { "value": "X26" } }]);
    Message::read(&bundle).unwrap();
}

#[test]
fn the_codings_of_a_concept() {
    let concept = json!({ "coding": [{ "system": "a", "code": "1" }, { "code": "2" }] });
    let read: Vec<(&str, &str)> = codings(&concept).map(|one| (one.system, one.code)).collect();
    assert_eq!(read, [("a", "1"), ("", "2")]);
    assert_eq!(codings(&json!({ "text": "words" })).count(), 0);
}

proptest! {
    /// Whatever stands in the place of any member, reading it ends, with an answer or without.
    #[test]
    fn nothing_makes_it_fall_over(
        path in prop::sample::select(vec![
            "/resourceType", "/type", "/entry", "/entry/0", "/entry/0/resource",
            "/entry/0/fullUrl", "/entry/0/resource/focus", "/entry/0/resource/focus/0",
            "/entry/0/resource/source", "/entry/0/resource/reason", "/entry/1/resource/subject",
        ]),
        kind in 0..6,
    ) {
        let mut bundle = referral();
        let other = [json!(null), json!(7), json!("x"), json!([]), json!({}), json!([[{}]])];
        *bundle.pointer_mut(path).unwrap() = other[kind as usize].clone();
        if let Ok(message) = Message::read(&bundle) {
            let _ = (message.reason(), message.focus().count(), message.response());
        }
    }
}
