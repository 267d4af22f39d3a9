//! Events: published, matched, told once, and refused.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::trial::{Heard, Trial, wanted};

const POST: (Method, &str) = (Method::POST, "/events");

fn event(id: &str, event_type: &str, filtering: &Value) -> Value {
    json!({
        "specversion": "1.0",
        "id": id,
        "source": "uk.nhs.example-service",
        "type": event_type,
        "time": "2026-11-22T09:59:00Z",
        "dataref": "https://example.org/thing/1",
        "subject": "9000000009",
        "filtering": filtering,
    })
}

fn moved(id: &str, practice: &str) -> Value {
    event(id, "pds-change-of-gp-2", &json!({ "generalpractitioner": practice }))
}

async fn tell(trial: &Trial, event: &Value) -> Heard {
    trial.ask("publisher", POST, event).await
}

#[tokio::test]
async fn an_event_waits_in_the_mailbox_of_who_asked_for_it() {
    let trial = Trial::new().await;
    let mine = "eventType='pds-change-of-gp-2' AND generalpractitioner='Y12345'";
    trial.subscribe("practice", &wanted(mine, "mesh://practice?workflow_id=MOVES")).await;
    let mut fhir = wanted("eventType='pds-change-of-gp-2'", "mesh://PRACTICE2?workflow_id=ALL");
    fhir["channel"]["payload"] = json!("application/fhir+json");
    trial.subscribe("practice", &fhir).await;
    for (id, practice) in [("1", "Y12345"), ("2", "B83001")] {
        let heard = tell(&trial, &moved(id, practice)).await;
        assert_eq!((heard.status, heard.body), (200, json!({ "id": id })));
    }
    let waiting = trial.waiting("PRACTICE");
    assert_eq!(waiting.len(), 1);
    let parcel = &waiting[0];
    assert_eq!(parcel.topic, "MOVES", "the workflow that was asked for");
    assert_eq!(parcel.envelope.media_type, "application/json");
    assert_eq!(parcel.envelope.from, "uk.nhs.example-service");
    let body: Value = serde_json::from_slice(&parcel.body).unwrap();
    let mut expected = moved("1", "Y12345");
    expected.as_object_mut().unwrap().remove("filtering");
    assert_eq!(body, expected);

    let waiting = trial.waiting("PRACTICE2");
    assert_eq!(waiting.len(), 2);
    assert_eq!(waiting[0].envelope.media_type, "application/fhir+json");
    let body: Value = serde_json::from_slice(&waiting[0].body).unwrap();
    assert_eq!(body["entry"][0]["resource"]["eventUri"], "pds-change-of-gp-2");
    let audited = trial.audited();
    assert_eq!(audited.last().unwrap(), &("publish-event".to_owned(), 200, 1));
}

#[tokio::test]
async fn criteria_are_met_by_all_that_they_ask_for() {
    let asked = "eventType='imms-vaccination-record-change-1' AND subjectage='17' AND \
        immunisationtype='HPV'";
    let changed = "eventType='pds-record-change-2' AND changed_name='true'";
    for (criteria, event_type, filtering, met) in [
        (
            asked,
            0,
            json!({ "subjectage": 17, "immunisationtype": "HPV", "action": "CREATE" }),
            true,
        ),
        (asked, 0, json!({ "SubjectAge": "17", "immunisationtype": ["FLU", "HPV"] }), true),
        (asked, 0, json!({ "subjectage": 18, "immunisationtype": "HPV" }), false),
        (asked, 0, json!({ "subjectage": 17, "immunisationtype": "hpv" }), false),
        (asked, 0, json!({ "subjectage": 17 }), false),
        (asked, 0, json!({}), false),
        (asked, 1, json!({ "subjectage": 17, "immunisationtype": "HPV" }), false),
        (changed, 1, json!({ "changed_name": true }), true),
        (changed, 1, json!({ "changed_name": false }), false),
        ("eventType=pds-record-change-2", 1, json!({ "changed_address": true }), true),
    ] {
        let trial = Trial::new().await;
        trial.subscribe("practice", &wanted(criteria, "mesh://PRACTICE?workflow_id=W")).await;
        let types = ["imms-vaccination-record-change-1", "pds-record-change-2"];
        let heard = tell(&trial, &event("1", types[event_type], &filtering)).await;
        assert_eq!(heard.status, 200, "{:#}", heard.body);
        let waiting = trial.waiting("PRACTICE").len();
        assert_eq!(waiting, usize::from(met), "{criteria} and {filtering}");
    }
}

#[tokio::test]
async fn an_event_is_told_once_however_often_it_is_sent() {
    let trial = Trial::new().await;
    let all = "eventType='pds-change-of-gp-2'";
    trial.subscribe("practice", &wanted(all, "mesh://PRACTICE?workflow_id=W")).await;
    for _ in 0..3 {
        let heard = tell(&trial, &moved("1", "Y12345")).await;
        assert_eq!((heard.status, heard.id()), (200, "1"));
    }
    assert_eq!(trial.waiting("PRACTICE").len(), 1);
    assert_eq!(trial.audited().len(), 4, "each call leaves a line");
    let other = tell(&trial, &moved("1", "B83001")).await;
    assert_eq!(other.status, 400);
    assert!(other.problem("id").contains("used the id"), "{:#}", other.body);
    let mut elsewhere = moved("1", "Y12345");
    elsewhere["source"] = json!("uk.nhs.another-service");
    assert_eq!(tell(&trial, &elsewhere).await.status, 200);
    assert_eq!(trial.waiting("PRACTICE").len(), 2, "another source has ids of its own");
}

#[tokio::test]
async fn nobody_is_told_after_a_subscription_ended() {
    let trial = Trial::new().await;
    let all = wanted("eventType='pds-change-of-gp-2'", "mesh://PRACTICE?workflow_id=W");
    let id = trial.subscribe("practice", &all).await;
    tell(&trial, &moved("1", "Y12345")).await;
    let path = format!("/subscriptions/{id}");
    trial.ask("practice", (Method::DELETE, &path), &Value::Null).await;
    assert_eq!(tell(&trial, &moved("2", "Y12345")).await.status, 200);
    assert_eq!(trial.waiting("PRACTICE").len(), 1, "what was told before still waits");
}

#[tokio::test]
async fn publishing_needs_a_grant() {
    let hpv = event("1", "imms-vaccination-record-change-1", &json!({}));
    let gp = moved("1", "Y12345");
    let trial = Trial::new().await;
    for (token, event, status) in [
        ("publisher", &hpv, 200),
        ("vaccinator", &hpv, 200),
        ("publisher", &gp, 200),
        ("vaccinator", &gp, 403),
        ("practice", &gp, 403),
        ("worker", &gp, 403),
        ("patient", &gp, 403),
    ] {
        let heard = trial.ask(token, POST, event).await;
        assert_eq!(heard.status, status, "{token}");
    }
    let heard = trial.ask("vaccinator", POST, &gp).await;
    assert_eq!(heard.errors(), "User is not authorized to handle the requested event type");
    assert_eq!(Trial::open().await.ask("", POST, &gp).await.status, 200);
}

#[tokio::test]
async fn what_is_no_event_is_refused() {
    let trial = Trial::new().await;
    let good = moved("1", "Y12345").to_string();
    let large = format!("{good}{}", " ".repeat(base::limit::EVENT_BYTES_MAX));
    let cloud = "application/cloudevents+json";
    for (media_type, body, status, member) in [
        ("application/json", good.clone(), 400, "Content-Type"),
        ("", good.clone(), 400, "Content-Type"),
        (cloud, "{".to_owned(), 400, "body"),
        (cloud, "[]".to_owned(), 400, "body"),
        (cloud, String::new(), 400, "body"),
        (cloud, "[".repeat(1_000), 400, "body"),
        (cloud, "{}".to_owned(), 400, "type"),
        (cloud, good.replace("pds-change-of-gp-2", "pds-change-of-gp-1"), 400, "type"),
        (cloud, good.replace("uk.nhs.example-service", "practice"), 400, "source"),
        (cloud, good.replace("uk.nhs.example-service", "hook"), 400, "source"),
        (cloud, large, 413, ""),
        ("application/cloudevents+json; charset=utf-8", good.clone(), 200, ""),
    ] {
        let heard = trial.send("publisher", POST, media_type, Bytes::from(body)).await;
        assert_eq!(heard.status, status, "{member}: {:#}", heard.body);
        assert!(member.is_empty() || !heard.problem(member).is_empty(), "{:#}", heard.body);
    }
    let heard = tell(&trial, &json!({ "type": "unknown" })).await;
    assert_eq!(heard.problem("type"), "Please provide a valid event type");
}
