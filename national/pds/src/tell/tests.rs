//! What subscribers are told, and that they are told exactly if it happened.

use std::sync::Arc;

use base::{Clock, Dice};
use broker::{MAILBOX, Mailbox, Page, Settings, Subscription, record};
use serde_json::json;
use store::messages::DeliveryId;
use store::{Expect, Key, Put, StoreError};

use super::*;
use crate::record::KIND;
use crate::tests::trial::{Ask, ORIGIN, Trial, person, restricted};

const JANE: &str = "9000000009";
const TYPES: [&str; 3] = [CHANGE_OF_GP, DEATH, RECORD_CHANGE];

/// Jane, at a practice.
fn jane() -> Record {
    let mut jane = person(JANE, ("Jane", "Smith"), "1990-10-22", "LS1 6AE");
    jane.patient["generalPractitioner"] = json!([{
        "id": "PRAC0001",
        "type": "Organization",
        "identifier": { "system": url::ODS_CODE, "value": "Y12345",
            "period": { "start": "2020-01-01" } },
    }]);
    jane
}

/// A house that publishes.
async fn publishing(people: Vec<Record>) -> Trial {
    Trial::made(people, |house| {
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let (store, clock) = (house.store.clone(), house.clock.clone());
        let broker = Broker::new(store, clock, Dice::seeded(7), settings).unwrap();
        house.publishing(broker, ORIGIN)
    })
    .await
}

fn broker(trial: &Trial) -> &Broker {
    &trial.house.publisher.as_ref().unwrap().broker
}

/// Makes a mailbox that is told of a type of event, if it says all of this.
async fn subscribe(trial: &Trial, mailbox: &str, event: &str, filters: &[(&str, &str)]) {
    let (name, organisation) = (String::new(), String::new());
    let place = Mailbox { id: mailbox.into(), name, organisation, closed: false };
    let place = Transaction::new().record(record(MAILBOX, mailbox, &place));
    broker(trial).store().commit(place).await.unwrap();
    broker(trial).directory().changed().unwrap();
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let subscription = Subscription {
        id: mailbox.into(),
        owner: "test".into(),
        event: event.into(),
        filters: filters.iter().map(pair).collect(),
        deliver: mailbox.into(),
        kind: "WORKFLOW".into(),
        media_type: String::new(),
        document: String::new(),
    };
    broker(trial).subscribe(&subscription, Transaction::new()).await.unwrap();
}

/// Subscribes to everything; each type has a mailbox by its name.
async fn subscribe_to_all(trial: &Trial) {
    for event in TYPES {
        subscribe(trial, event, event, &[]).await;
    }
}

/// The events that wait in a mailbox.
fn waiting(trial: &Trial, mailbox: &str) -> Vec<Value> {
    let page = Page { after: DeliveryId(0), most: 100 };
    let found = broker(trial).waiting(mailbox, page, &|_| true).unwrap().messages;
    let look = |id| broker(trial).look(mailbox, id).unwrap();
    found.into_iter().map(|id| serde_json::from_slice(&look(id).body).unwrap()).collect()
}

fn counts(trial: &Trial) -> [usize; 3] {
    TYPES.map(|event| waiting(trial, event).len())
}

fn to_practice(code: &str) -> Value {
    json!([
        { "op": "test", "path": "/generalPractitioner/0/id", "value": "PRAC0001" },
        { "op": "replace", "path": "/generalPractitioner/0/identifier/value", "value": code },
    ])
}

fn died() -> Value {
    let coding = json!([{ "system": url::DEATH_NOTIFICATION_CODES, "code": "1" }]);
    let status = json!({ "url": url::DEATH_NOTIFICATION, "extension": [
        { "url": "deathNotificationStatus", "valueCodeableConcept": { "coding": coding } },
    ]});
    json!([
        { "op": "add", "path": "/deceasedDateTime", "value": "2025-05-19" },
        { "op": "add", "path": "/extension/-", "value": status },
    ])
}

fn male() -> Value {
    json!([{ "op": "replace", "path": "/gender", "value": "male" }])
}

#[tokio::test]
async fn a_signal_waits_in_the_mailbox_when_the_update_is_answered() {
    let trial = publishing(vec![jane()]).await;
    subscribe_to_all(&trial).await;
    let heard = trial.ask(Ask::patch("worker", JANE, 1, &to_practice("B83001"))).await;
    assert_eq!(heard.status, 200, "{:#}", heard.body);
    let moved = waiting(&trial, CHANGE_OF_GP);
    let expected = json!({
        "specversion": "1.0",
        "id": moved[0]["id"],
        "source": "uk.nhs.personal-demographics-service",
        "type": "pds-change-of-gp-2",
        "time": "2025-05-20T09:07:00.000Z",
        "dataref": "http://127.0.0.1:8600/personal-demographics/FHIR/R4/Patient/9000000009",
        "subject": "9000000009",
    });
    assert_eq!(moved, [expected]);
    let changed = waiting(&trial, RECORD_CHANGE);
    assert_eq!(changed[0]["versionid"], "W/\"2\"");
    assert_ne!(changed[0]["id"], moved[0]["id"]);
    assert_eq!(moved[0]["id"].as_str().unwrap().as_bytes()[14], b'4', "a UUID of version 4");
    assert_eq!(counts(&trial), [1, 0, 1]);
}

#[tokio::test]
async fn what_is_told_is_what_happened() {
    for (token, patches, told) in [
        ("worker", to_practice("B83001"), [1, 0, 1]),
        ("worker", died(), [0, 1, 1]),
        ("worker", male(), [0, 0, 1]),
        (
            "trusted",
            json!([
                { "op": "test", "path": "/generalPractitioner/0/id", "value": "PRAC0001" },
                { "op": "remove", "path": "/generalPractitioner/0" },
            ]),
            [1, 0, 1],
        ),
        ("worker", to_practice("NOWHERE"), [0, 0, 0]),
        ("application", male(), [0, 0, 0]),
    ] {
        let trial = publishing(vec![jane()]).await;
        subscribe_to_all(&trial).await;
        let heard = trial.ask(Ask::patch(token, JANE, 1, &patches)).await;
        assert_eq!(heard.status == 200, told[2] == 1, "{:#}", heard.body);
        assert_eq!(counts(&trial), told, "{patches}");
    }
}

#[tokio::test]
async fn subscribers_are_told_of_what_they_asked_for() {
    for (event, name, value, told) in [
        (CHANGE_OF_GP, "generalpractitioner", "B83001", true),
        (CHANGE_OF_GP, "generalpractitioner", "Y12345", false),
        (RECORD_CHANGE, "registeredgpodscode", "B83001", true),
        (RECORD_CHANGE, "nhsnumber", JANE, true),
        (RECORD_CHANGE, "nhsnumber", "9000000017", false),
        (RECORD_CHANGE, "changed_generalpractitioner", "true", true),
        (RECORD_CHANGE, "changed_name", "true", false),
        (RECORD_CHANGE, "changed_coverage", "true", false),
    ] {
        let trial = publishing(vec![jane()]).await;
        subscribe(&trial, "BOX", event, &[(name, value)]).await;
        trial.ask(Ask::patch("worker", JANE, 1, &to_practice("b83001"))).await;
        assert_eq!(waiting(&trial, "BOX").len(), usize::from(told), "{name}={value}");
    }
}

/// Who asks for the practice of restricted patients learns nothing.
#[tokio::test]
async fn of_restricted_patients_no_more_is_told_than_everybody_may_see() {
    let of = |happenings: Vec<Happening>| -> Vec<(&'static str, Vec<String>)> {
        let names = |attributes: Vec<(String, String)>| {
            attributes.into_iter().map(|(name, _)| name).collect()
        };
        happenings.into_iter().map(|one| (one.event, names(one.attributes))).collect()
    };
    let mut after = jane();
    after.patient["generalPractitioner"][0]["identifier"]["value"] = json!("B83001");
    after.patient["deceasedDateTime"] = json!("2025-05-19");
    let changed = || {
        ["nhsnumber", "changed_deceaseddatetime", "changed_generalpractitioner"]
            .map(String::from)
            .to_vec()
    };
    let open = of(happenings(Some(&jane()), &after));
    let mut everything = changed();
    everything.push("registeredgpodscode".into());
    let practice = vec!["generalpractitioner".to_owned()];
    assert_eq!(open, [(RECORD_CHANGE, everything), (CHANGE_OF_GP, practice), (DEATH, Vec::new())]);
    let hidden = [(RECORD_CHANGE, changed()), (CHANGE_OF_GP, Vec::new()), (DEATH, Vec::new())];
    let (was, is) = (restricted(jane(), "R"), restricted(after.clone(), "R"));
    assert_eq!(of(happenings(Some(&was), &is)), hidden);
    assert_eq!(of(happenings(Some(&was), &after)), hidden, "what was restricted stays so");
    assert_eq!(of(happenings(Some(&jane()), &is)), hidden, "what becomes restricted is so");
    let very = restricted(after, "V");
    let only = [(RECORD_CHANGE, vec!["nhsnumber".to_owned()])];
    assert_eq!(of(happenings(Some(&jane()), &very)), only);
}

#[tokio::test]
async fn a_commit_that_fails_tells_nobody() {
    let trial = publishing(vec![jane()]).await;
    subscribe_to_all(&trial).await;
    let mut after = jane();
    after.patient["meta"]["versionId"] = json!("2");
    let put = Put {
        key: Key::new(KIND, JANE),
        expect: Expect::Version(7),
        version: Some(2),
        body: after.encode(),
        terms: Vec::new(),
    };
    let house = &trial.house;
    let before = jane().encode();
    let (transaction, told) = house.tell(Transaction::new(), Some(&before), &after).unwrap();
    assert_eq!(told.len(), 1);
    let refused = house.store.commit(transaction.clone().put(put.clone())).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { .. }), "{refused:?}");
    assert_eq!(counts(&trial), [0, 0, 0], "the record stayed as it was");
    let put = Put { expect: Expect::Version(1), ..put };
    house.store.commit(transaction.put(put)).await.unwrap();
    assert_eq!(counts(&trial), [0, 0, 1]);
}

/// Many who update at once: one is first, and one event is told; the work of the others, done
/// again on the newer record, tells nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_updates_at_once_those_are_told_that_happened() {
    let trial = Arc::new(publishing(vec![jane()]).await);
    subscribe_to_all(&trial).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let trial = Arc::clone(&trial);
            tokio::spawn(async move {
                trial.ask(Ask::patch("worker", JANE, 1, &to_practice("B83001"))).await
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += usize::from(task.await.unwrap().status == 200);
    }
    assert_eq!((done, counts(&trial)), (1, [1, 0, 1]));
}

#[tokio::test]
async fn a_request_that_is_repeated_is_not_told_again() {
    let trial = publishing(vec![jane()]).await;
    subscribe_to_all(&trial).await;
    for _ in 0..3 {
        let id = "60e0b220-8136-4ca5-ae46-1d97ef59d068";
        let ask = Ask::patch("worker", JANE, 1, &male()).with("x-request-id", id);
        assert_eq!(trial.ask(ask).await.status, 200);
    }
    assert_eq!(counts(&trial), [0, 0, 1]);
}

/// The ids of events are the same whenever they are made, so that receivers can tell repeats.
#[tokio::test]
async fn an_event_is_known_by_its_id_again() {
    let trial = publishing(vec![jane()]).await;
    let house = &trial.house;
    let id = house.event_id(JANE, 2, DEATH);
    assert_eq!(id, house.event_id(JANE, 2, DEATH));
    for (number, version, event) in
        [("9000000017", 2, DEATH), (JANE, 3, DEATH), (JANE, 2, RECORD_CHANGE), (JANE, 21, "")]
    {
        assert_ne!(id, house.event_id(number, version, event));
    }
    let elsewhere = publishing(vec![jane()]).await;
    let other = Clock::stopped("2026-01-01T00:00:00Z".parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let store = store::Store::open(folder.path(), other.clone(), &Dice::seeded(6)).unwrap();
    let stranger = House::new(store, other, Dice::seeded(6));
    assert_eq!(id, elsewhere.house.event_id(JANE, 2, DEATH), "made with the same secret");
    assert_ne!(id, stranger.event_id(JANE, 2, DEATH), "made with another secret");
}

#[tokio::test]
async fn a_new_record_is_told_of() {
    let trial = publishing(Vec::new()).await;
    subscribe_to_all(&trial).await;
    let after = jane();
    let (transaction, told) = trial.house.tell(Transaction::new(), None, &after).unwrap();
    trial.house.store.commit(transaction).await.unwrap();
    trial.house.told(&told);
    assert_eq!(counts(&trial), [1, 0, 1]);
    let patient = crate::create_patient::tests::new_patient();
    let heard = trial.ask(Ask::post("worker", "/Patient", &patient)).await;
    assert_eq!(heard.status, 201, "{:#}", heard.body);
    let made = waiting(&trial, RECORD_CHANGE);
    assert_eq!(made[1]["subject"], heard.body["id"]);
    assert_eq!(made[1]["versionid"], "W/\"1\"");
    let again = trial.ask(Ask::post("worker", "/Patient", &patient)).await;
    assert_eq!(again.fault(), "200 SINGLE_MATCH");
    assert_eq!(counts(&trial), [1, 0, 2], "nothing was created the second time");
}

#[tokio::test]
async fn nobody_subscribed_means_that_nothing_is_added() {
    let trial = publishing(vec![jane()]).await;
    subscribe(&trial, "BOX", "nhs-number-change-2", &[]).await;
    let damaged = Bytes::from_static(b"not even read");
    let after = jane();
    let (transaction, told) = trial.house.tell(Transaction::new(), Some(&damaged), &after).unwrap();
    assert!(told.is_empty());
    assert!(transaction.only_audits());
}
