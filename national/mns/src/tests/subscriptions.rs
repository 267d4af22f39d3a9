//! Subscriptions: made, listed, read, changed, deleted, and refused.

use http::Method;
use serde_json::{Value, json};

use super::trial::{Trial, wanted};

const GP: &str = "eventType='pds-change-of-gp-2' AND generalpractitioner='Y12345'";
const MESH: &str = "mesh://PRACTICE?workflow_id=CHANGE_OF_GP";

async fn make(trial: &Trial, token: &str, body: &Value) -> (u16, String, Value) {
    let heard = trial.ask(token, (Method::POST, "/subscriptions"), body).await;
    (heard.status, heard.errors().to_owned(), heard.body)
}

#[tokio::test]
async fn a_subscription_lives_from_its_making_to_its_end() {
    let trial = Trial::new().await;
    let mut body = wanted(GP, MESH);
    body["end"] = json!("2027-04-05T17:31:00.000Z");
    body["hydration"] = json!({ "enabled": false });
    let id = trial.subscribe("practice", &body).await;
    let path = format!("/subscriptions/{id}");
    let read = trial.ask("practice", (Method::GET, &path), &Value::Null).await;
    let mut expected = body.clone();
    expected["id"] = json!(id);
    expected["status"] = json!("active");
    expected.as_object_mut().unwrap().remove("hydration");
    assert_eq!((read.status, &read.body), (200, &expected));

    let other = wanted("eventType=pds-death-notification-2", "webhook:hook");
    let put = trial.ask("practice", (Method::PUT, &path), &other).await;
    assert_eq!((put.status, &put.body), (204, &Value::Null));
    let read = trial.ask("practice", (Method::GET, &path), &Value::Null).await;
    assert_eq!(read.body["criteria"], "eventType=pds-death-notification-2");
    assert_eq!(read.body["id"], id);

    let gone = trial.ask("practice", (Method::DELETE, &path), &Value::Null).await;
    assert_eq!(gone.status, 204);
    for method in [Method::GET, Method::DELETE] {
        let heard = trial.ask("practice", (method, &path), &Value::Null).await;
        assert_eq!((heard.status, heard.errors()), (404, "Not found"));
    }
    let audited: Vec<(String, u64, usize)> =
        [("create-subscription", 201), ("update-subscription", 204), ("delete-subscription", 204)]
            .map(|(name, status)| (name.to_owned(), status, 0))
            .into();
    assert_eq!(trial.audited(), audited);
}

#[tokio::test]
async fn the_examples_of_the_specification_fit_it_and_work() {
    let trial = Trial::open().await;
    for (path, media_type, status) in [
        ("/events", "application/cloudevents+json", 200),
        ("/subscriptions", "application/fhir+json", 201),
    ] {
        let document = trial.body_of(path, media_type);
        let mut example = document["example"].clone();
        trial.fits(&document["schema"], &example);
        if status == 201 {
            // The mailbox of the example is the demonstration's.
            example["channel"]["endpoint"] = json!(MESH);
        }
        let heard = trial.ask("", (Method::POST, path), &example).await;
        assert_eq!(heard.status, status, "{:#}", heard.body);
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_by_member() {
    let trial = Trial::new().await;
    let with = |pointer: &str, value: Value| {
        let mut body = wanted(GP, MESH);
        body["end"] = json!("2027-04-05T17:31:00Z");
        body["hydration"] = json!({ "enabled": false });
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let endpoint = |text: &str| with("/channel/endpoint", json!(text));
    for (body, member, why) in [
        (json!({}), "resourceType", "correct resource type"),
        (with("/resourceType", json!("Patient")), "resourceType", "correct resource type"),
        (with("/status", json!("active")), "status", "requested"),
        (with("/reason", Value::Null), "reason", "at most 1000"),
        (with("/reason", json!("x".repeat(1_001))), "reason", "at most 1000"),
        (with("/end", json!("tomorrow")), "end", "instant"),
        (with("/hydration/enabled", json!(true)), "hydration", "not hydrated"),
        (with("/criteria", json!(7)), "criteria", "criteria such as"),
        (with("/criteria", json!("eventType='pds-change-of-gp-1'")), "criteria", "event type"),
        (with("/channel", json!([])), "channel.type", "message"),
        (with("/channel/type", json!("rest-hook")), "channel.type", "message"),
        (with("/channel/payload", json!("text/plain")), "channel.payload", "fhir+json"),
        (endpoint("arn:aws:sqs:eu-west-2:123456789012:q"), "channel.endpoint", "not delivered to"),
        (endpoint("PRACTICE"), "channel.endpoint", "mesh://<mailbox>"),
        (endpoint("mesh://NONE?workflow_id=W"), "channel.endpoint", "no such MESH mailbox"),
        (endpoint("mesh://OTHER?workflow_id=W"), "channel.endpoint", "no such MESH mailbox"),
        (endpoint("mesh://NOBODYS?workflow_id=W"), "channel.endpoint", "no such MESH mailbox"),
        (endpoint("mesh://CLOSED?workflow_id=W"), "channel.endpoint", "is closed"),
        (
            endpoint("mesh://PRACTICE?workflow_id=CLOSED_SHOP"),
            "channel.endpoint",
            "may not receive",
        ),
        (endpoint("webhook:none"), "channel.endpoint", "no such webhook"),
        (endpoint("webhook:closed-hook"), "channel.endpoint", "is closed"),
        (endpoint("webhook:OTHER"), "channel.endpoint", "no such webhook"),
    ] {
        let heard = trial.ask("practice", (Method::POST, "/subscriptions"), &body).await;
        assert_eq!(heard.status, 400, "{body:#}");
        assert!(heard.problem(member).contains(why), "{member}: {:#}", heard.body);
    }
    let all = trial.ask("practice", (Method::POST, "/subscriptions"), &json!({})).await;
    let members: Vec<&String> = all.body["validationErrors"].as_object().unwrap().keys().collect();
    let expected = [
        "resourceType",
        "status",
        "reason",
        "channel.type",
        "channel.payload",
        "channel.endpoint",
        "criteria",
    ];
    assert_eq!(members, expected);
    assert!(trial.broker.subscriptions().is_empty());
}

#[tokio::test]
async fn a_place_must_be_the_callers_own_unless_the_door_is_open() {
    let to_nobodys = wanted(GP, "mesh://NOBODYS?workflow_id=W");
    let trial = Trial::new().await;
    assert_eq!(make(&trial, "nobody", &to_nobodys).await.0, 400, "no organisation is not a match");
    assert_eq!(make(&trial, "other", &wanted(GP, "mesh://OTHER?workflow_id=W")).await.0, 201);
    assert_eq!(make(&trial, "other", &wanted(GP, MESH)).await.0, 400);
    let open = Trial::open().await;
    assert_eq!(make(&open, "", &to_nobodys).await.0, 201);
    assert_eq!(make(&open, "", &wanted(GP, MESH)).await.0, 201);
}

#[tokio::test]
async fn the_same_again_is_refused_and_names_the_first() {
    let trial = Trial::new().await;
    let id = trial.subscribe("practice", &wanted(GP, MESH)).await;
    let mut same = wanted("eventType=pds-change-of-gp-2 and GeneralPractitioner=Y12345", MESH);
    same["reason"] = json!("");
    let why = format!("A matching MESH subscription already exists with id: {id}");
    let (status, errors, _) = make(&trial, "practice", &same).await;
    assert_eq!((status, errors), (409, why.clone()));
    let other = trial.subscribe("practice", &wanted(GP, "webhook:hook")).await;
    let path = format!("/subscriptions/{other}");
    let heard = trial.ask("practice", (Method::PUT, &path), &same).await;
    assert_eq!((heard.status, heard.errors()), (409, why.as_str()));
    let itself = trial.ask("practice", (Method::PUT, &path), &wanted(GP, "webhook:hook")).await;
    assert_eq!(itself.status, 204, "a subscription may stay what it is");
}

#[tokio::test]
async fn of_two_that_come_at_once_one_is_refused() {
    let trial = Trial::new().await;
    let body = wanted(GP, MESH);
    let ask = || make(&trial, "practice", &body);
    let (one, other) = tokio::join!(ask(), ask());
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(trial.broker.subscriptions().len(), 1);
}

#[tokio::test]
async fn nobody_sees_or_changes_the_subscriptions_of_others() {
    let trial = Trial::new().await;
    let id = trial.subscribe("practice", &wanted(GP, MESH)).await;
    let path = format!("/subscriptions/{id}");
    let theirs = wanted(GP, "mesh://OTHER?workflow_id=W");
    for (method, body) in
        [(Method::GET, &Value::Null), (Method::PUT, &theirs), (Method::DELETE, &Value::Null)]
    {
        let heard = trial.ask("other", (method, &path), body).await;
        assert_eq!((heard.status, heard.errors()), (404, "Not found"));
    }
    let list = trial.ask("other", (Method::GET, "/subscriptions"), &Value::Null).await;
    assert_eq!(list.body["entry"], json!([]));
    assert_eq!(list.body["link"], json!([{ "relation": "self", "url": "/subscriptions" }]));
    assert_eq!(trial.broker.subscriptions().len(), 1);
}

#[tokio::test]
async fn an_id_must_be_one() {
    let trial = Trial::new().await;
    for id in ["1", "236a1d4a-5d69-1fa9-9c7f-e72bf505aa5b", "236a1d4a5d694fa99c7fe72bf505aa5b"] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let path = format!("/subscriptions/{id}");
            let heard = trial.ask("practice", (method, &path), &wanted(GP, MESH)).await;
            let why = "Please provide a valid subscription ID in UUID4 format";
            assert_eq!((heard.status, heard.errors()), (400, why));
        }
    }
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let trial = Trial::new().await;
    for n in 0..120 {
        let endpoint = format!("mesh://PRACTICE?workflow_id=W{n}");
        trial.subscribe("practice", &wanted(GP, &endpoint)).await;
    }
    let mut target = "/subscriptions".to_owned();
    let (mut seen, mut sizes) = (std::collections::BTreeSet::new(), Vec::new());
    loop {
        let page = trial.ask("practice", (Method::GET, &target), &Value::Null).await;
        let entries = page.body["entry"].as_array().unwrap();
        sizes.push(entries.len());
        seen.extend(entries.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        let links = page.body["link"].as_array().unwrap();
        assert_eq!(links[0]["url"], target);
        match links.get(1) {
            Some(next) => next["url"].as_str().unwrap().clone_into(&mut target),
            None => break,
        }
    }
    assert_eq!((sizes, seen.len()), (vec![50, 50, 20], 120));
    let path = "/subscriptions?continue_from=nowhere";
    let heard = trial.ask("practice", (Method::GET, path), &Value::Null).await;
    assert_eq!((heard.status, heard.errors()), (400, "The continue_from field was not valid"));
}

#[tokio::test]
async fn a_client_can_have_so_many_and_no_more() {
    let trial = Trial::new().await;
    let asked = (Method::POST, "/subscriptions");
    for n in 0..base::limit::SUBSCRIPTIONS_MAX {
        let one = broker::Subscription {
            id: format!("{n}"),
            owner: "practice-system".into(),
            event: "pds-change-of-gp-2".into(),
            filters: Vec::new(),
            deliver: "PRACTICE".into(),
            kind: format!("W{n}"),
            media_type: String::new(),
            document: "{}".into(),
        };
        let record = broker::record(broker::SUBSCRIPTION, &one.id, &one);
        trial.broker.store().commit(store::Transaction::new().record(record)).await.unwrap();
    }
    trial.broker.directory().changed().unwrap();
    let heard = trial.ask("practice", asked, &wanted(GP, MESH)).await;
    assert_eq!(heard.status, 403);
    assert!(heard.errors().contains("the limit"), "{}", heard.errors());
}

#[tokio::test]
async fn who_may_not_come_in_gets_the_words_of_the_gateway() {
    let trial = Trial::new().await;
    for (token, fault, code) in [
        ("", "Missing access token", "oauth.v2.MissingAccessToken"),
        ("stolen", "Invalid access token", "oauth.v2.InvalidAccessToken"),
    ] {
        let heard = trial.ask(token, (Method::GET, "/subscriptions"), &Value::Null).await;
        let expected =
            json!({ "fault": { "faultstring": fault, "detail": { "errorcode": code } } });
        assert_eq!((heard.status, heard.body), (401, expected));
    }
    for token in ["worker", "patient"] {
        let heard = trial.ask(token, (Method::GET, "/subscriptions"), &Value::Null).await;
        assert_eq!(heard.status, 403, "{token}");
        assert!(heard.errors().starts_with("Unauthorised"), "{}", heard.errors());
    }
    for (method, path, status) in [(Method::GET, "/topics", 404), (Method::PATCH, "/events", 405)] {
        let heard = trial.ask("practice", (method, path), &Value::Null).await;
        assert_eq!(heard.status, status, "{path}");
        assert!(!heard.errors().is_empty());
    }
}
