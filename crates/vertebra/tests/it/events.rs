//! The event service over the wire.

use serde_json::{Value, json};

use crate::{closed_demo, token};

const MNS: &str = "/multicast-notification-service";

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
    let list = exchange.client().with_token(&token(&exchange, "application"));
    let list = list.get(&format!("{MNS}/subscriptions")).unwrap();
    assert_eq!((list.status, &list.json()["entry"]), (200, &Value::Array(Vec::new())));
}
