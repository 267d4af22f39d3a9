//! A practice is told that a patient came to it: from the demographics service, through the event
//! service, into its mailbox.

use serde_json::{Value, json};
use testkit::{Answer, Client, Exchange};

use crate::{PDS, closed_demo, open_demo, token};

const MNS: &str = "/multicast-notification-service";
const INBOX: &str = "/messageexchange/X26ABC1/inbox";
const PATIENT: &str = "9000000033";
/// A practice of the demonstration.
const PRACTICE: &str = "A20047";
const V2: (&str, &str) = ("Accept", "application/vnd.mesh.v2+json");

/// Asks for events in a mailbox.
fn subscribe(client: &Client, criteria: &str, mailbox: &str) -> Answer {
    let body = json!({
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "Who comes to us",
        "criteria": criteria,
        "channel": {
            "type": "message",
            "endpoint": format!("mesh://{mailbox}?workflow_id=CHANGE_OF_GP"),
            "payload": "application/json",
        },
    });
    let headers = [("Content-Type", "application/fhir+json")];
    let path = format!("{MNS}/subscriptions");
    client.send("POST", &path, &headers, &body.to_string()).unwrap()
}

/// Registers the patient with the practice, as a worker would.
fn register(exchange: &Exchange) -> Answer {
    let path = format!("{PDS}/Patient/{PATIENT}");
    let practice = json!({
        "type": "Organization",
        "identifier": {
            "system": "https://fhir.nhs.uk/Id/ods-organization-code",
            "value": PRACTICE,
        },
    });
    let patch = json!({ "op": "add", "path": "/generalPractitioner/-", "value": practice });
    let id = "60e0b220-8136-4ca5-ae46-1d97ef59d068";
    let read = exchange.client().send("GET", &path, &[("X-Request-ID", id)], "").unwrap();
    let headers = [
        ("X-Request-ID", id),
        ("If-Match", read.header("etag").unwrap()),
        ("Content-Type", "application/json-patch+json"),
    ];
    let body = json!({ "patches": [patch] }).to_string();
    exchange.client().send("PATCH", &path, &headers, &body).unwrap()
}

fn inbox(exchange: &Exchange) -> Vec<String> {
    let list = exchange.client().send("GET", INBOX, &[V2], "").unwrap();
    assert_eq!(list.status, 200, "{}", list.text);
    let ids = list.json()["messages"].as_array().unwrap().clone();
    ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_practice_finds_in_its_mailbox_who_came_to_it() {
    let exchange = open_demo();
    let ours = format!("eventType='pds-change-of-gp-2' AND generalpractitioner='{PRACTICE}'");
    let made = subscribe(&exchange.client(), &ours, "X26ABC1");
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(subscribe(&exchange.client(), &ours, "X26ABC1").status, 409);
    assert_eq!(inbox(&exchange), Vec::<String>::new());

    let updated = register(&exchange);
    assert_eq!(updated.status, 200, "{}", updated.text);
    let waiting = inbox(&exchange);
    assert_eq!(waiting.len(), 1, "it waits when the update is answered");
    let message = format!("{INBOX}/{}", waiting[0]);
    let fetched = exchange.client().send("GET", &message, &[V2], "").unwrap();
    assert_eq!(fetched.header("mex-workflowid"), Some("CHANGE_OF_GP"));
    let signal = fetched.json();
    let record = format!("{}{PDS}/Patient/{PATIENT}", exchange.url());
    assert_eq!(signal["type"], "pds-change-of-gp-2");
    assert_eq!(signal["subject"], PATIENT);
    assert_eq!(signal["dataref"], record);
    let told: Vec<&String> = signal.as_object().unwrap().keys().collect();
    let expected = ["specversion", "id", "source", "type", "time", "dataref", "subject"];
    assert_eq!(told, expected, "no more than that");

    let acknowledged = format!("{message}/status/acknowledged");
    let answer = exchange.client().send("PUT", &acknowledged, &[V2], "").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(inbox(&exchange), Vec::<String>::new());
}

#[test]
fn publishing_and_subscribing_ask_for_an_application() {
    let exchange = closed_demo();
    let event = json!({
        "specversion": "1.0",
        "id": "e0b3d12f-c64d-4b29-b23b-4a670941f572",
        "source": "uk.nhs.example-service",
        "type": "mns-test-signal-1",
        "time": "2026-11-22T09:59:00Z",
    });
    let post = |token: &str| {
        let headers = [("Content-Type", "application/cloudevents+json")];
        let client = exchange.client().with_token(token);
        client.send("POST", &format!("{MNS}/events"), &headers, &event.to_string()).unwrap()
    };
    let granted = post(&token(&exchange, "application"));
    assert_eq!((granted.status, &granted.json()["id"]), (200, &event["id"]));
    let not_granted = post(&token(&exchange, "privileged-application"));
    assert_eq!(not_granted.status, 403, "{}", not_granted.text);
    let client = exchange.client().with_token(&token(&exchange, "application"));
    let all = "eventType='mns-test-signal-1'";
    let theirs = subscribe(&client, all, "X26ABC1");
    assert_eq!(theirs.status, 400, "the mailbox of another organisation: {}", theirs.text);
    let own = subscribe(&client, all, "Y12345HC001");
    assert_eq!(own.status, 201, "{}", own.text);
    let list = client.get(&format!("{MNS}/subscriptions")).unwrap().json();
    let ids: Vec<&Value> = list["entry"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&own.json()["id"]]);
}
