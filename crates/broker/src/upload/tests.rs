use store::Transaction;
use store::contents::ContentId;

use crate::tests::trial::{Trial, begin, part};
use crate::{Broker, Refused, Route, State};
use store::messages::MessageId;

fn read(broker: &Broker, id: MessageId, number: u32) -> String {
    let mut reader = broker.store().contents().read(ContentId(id.0), number).unwrap().unwrap();
    let mut text = Vec::new();
    while let Some(bytes) = reader.next().unwrap() {
        text.extend_from_slice(&bytes);
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn a_message_in_parts_can_be_had_once_all_are_there() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BETA", 3).await;
    assert_eq!(trial.state(id), State::Receiving);
    let early = trial.broker.look("BETA", id).unwrap_err();
    assert!(matches!(early, Refused::NotFound), "{early:?}");
    for (number, text) in [(3, "three"), (3, "THREE"), (2, "two")] {
        assert!(trial.waiting("BETA").is_empty());
        let written = part(&trial.broker, id, number, text);
        trial.broker.add_part("ALPHA", id, written).await.unwrap();
    }
    assert_eq!(trial.waiting("BETA"), [id]);
    assert_eq!(trial.story(id, 1), ["receiving", "available"]);
    let parcel = trial.broker.collect("BETA", id, Transaction::new()).await.unwrap();
    assert_eq!(parcel.content, Some(ContentId(id.0)));
    let parts: Vec<String> = (1..=3).map(|n| read(&trial.broker, id, n)).collect();
    assert_eq!(parts, ["one", "two", "THREE"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_add_the_last_part_at_once_one_is_told_that_it_was_too_late() {
    let trial = Trial::new().await;
    for round in 0..50 {
        let id = begin(&trial, "BETA", 2).await;
        let add = |text: &'static str| {
            let (broker, written) = (trial.broker.clone(), part(&trial.broker, id, 2, text));
            tokio::spawn(async move { broker.add_part("ALPHA", id, written).await })
        };
        let (one, other) = (add("one"), add("other"));
        let (one, other) = (one.await.unwrap(), other.await.unwrap());
        let (text, late) = if one.is_ok() { ("one", other) } else { ("other", one) };
        assert!(matches!(late, Err(Refused::NotNow("complete"))), "round {round}: {late:?}");
        assert_eq!(read(&trial.broker, id, 2), text, "round {round}: what was taken stays");
    }
}

#[tokio::test]
async fn a_single_large_part_waits_at_once() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BETA", 1).await;
    assert_eq!(trial.waiting("BETA"), [id]);
}

#[tokio::test]
async fn parts_are_refused_from_strangers_beyond_the_end_and_when_complete() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BETA", 2).await;
    let try_part = async |sender: &str, number: u32| {
        let written = part(&trial.broker, id, number, "x");
        trial.broker.add_part(sender, id, written).await
    };
    assert!(matches!(try_part("BETA", 2).await, Err(Refused::NotYours)));
    assert!(matches!(try_part("ALPHA", 3).await, Err(Refused::NoSuchPart)));
    try_part("ALPHA", 2).await.unwrap();
    assert!(matches!(try_part("ALPHA", 2).await, Err(Refused::NotNow("complete"))));
}

#[tokio::test]
async fn an_upload_that_is_left_unfinished_goes_without_a_report() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BETA", 2).await;
    trial.pass_s(trial.broker.settings().upload_s + 1);
    trial.work().await;
    assert_eq!(trial.state(id), State::Expired);
    assert!(trial.waiting("ALPHA").is_empty(), "no report: it was never accepted");
    let late = part(&trial.broker, id, 2, "two");
    let refused = trial.broker.add_part("ALPHA", id, late).await.unwrap_err();
    assert!(matches!(refused, Refused::Gone), "{refused:?}");
}

#[tokio::test]
async fn what_never_came_whole_is_not_sent_again() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BETA", 2).await;
    trial.broker.cancel(id, "ALPHA").await.unwrap();
    let refused = trial.broker.resend(id.delivery(1), "me", "asked to").await.unwrap_err();
    assert!(matches!(refused, Refused::Gone), "{refused:?}");
    let expired = begin(&trial, "BETA", 2).await;
    trial.pass_s(trial.broker.settings().upload_s);
    trial.work().await;
    assert_eq!(trial.state(expired), State::Expired);
    let refused = trial.broker.resend(expired.delivery(1), "me", "asked to").await.unwrap_err();
    assert!(matches!(refused, Refused::Gone), "{refused:?}");
    assert!(trial.broker.track(expired).unwrap().erased);
}

#[tokio::test]
async fn a_last_part_that_comes_as_time_is_up_is_not_said_to_be_accepted() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BETA", 2).await;
    // The part is there, and the message is taken back before it begins.
    let last = part(&trial.broker, id, 2, "two");
    trial.broker.store().commit(Transaction::new().part(last)).await.unwrap();
    trial.broker.cancel(id, "ALPHA").await.unwrap();
    assert!(!trial.broker.completed(id).await.unwrap());
    let late = part(&trial.broker, id, 2, "two");
    let late = trial.broker.add_part("ALPHA", id, late).await.unwrap_err();
    assert!(matches!(late, Refused::Gone), "{late:?}");
}

#[tokio::test]
async fn a_large_message_has_the_deadline_of_its_route() {
    let trial = Trial::new().await;
    let route = Route {
        name: "soon".into(),
        to: "BETA".into(),
        kind: String::new(),
        deliver: vec!["BETA".into()],
        ordered: false,
        halt: false,
        deadline_s: 600,
    };
    let route = crate::record(crate::ROUTE, "soon", &route);
    trial.broker.store().commit(Transaction::new().record(route)).await.unwrap();
    trial.broker.directory().changed().unwrap();
    let id = begin(&trial, "BETA", 2).await;
    let last = part(&trial.broker, id, 2, "two");
    trial.broker.add_part("ALPHA", id, last).await.unwrap();
    trial.pass_s(600);
    trial.work().await;
    assert_eq!(trial.story(id, 1), ["receiving", "available", "expired"]);
}
