use crate::tests::trial::{Trial, letter, submission};
use crate::{Envelope, Refused, State, Submission};

#[tokio::test]
async fn an_accepted_message_waits_where_it_is_addressed_to() {
    let trial = Trial::new().await;
    let receipt = trial.send("BETA", "hello").await;
    assert!(!receipt.repeated);
    assert_eq!(trial.waiting("BETA"), [receipt.id]);
    assert!(trial.waiting("ALPHA").is_empty());
    assert_eq!(trial.state(receipt.id), State::Available);
    assert_eq!(trial.story(receipt.id, 1), ["available"]);
}

fn named(local_id: &str, body: &str) -> Submission {
    let envelope = Envelope { local_id: local_id.into(), ..letter("ALPHA", "BETA") };
    Submission { named: true, ..submission(envelope, body) }
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_another_content_is_refused() {
    let trial = Trial::new().await;
    let first = trial.broker.accept(named("one", "hello")).await.unwrap();
    let again = trial.broker.accept(named("one", "hello")).await.unwrap();
    assert_eq!(again.id, first.id);
    assert!(again.repeated);
    let other = trial.broker.accept(named("one", "goodbye")).await.unwrap_err();
    assert!(matches!(other, Refused::OtherContent(id) if id == first.id), "{other:?}");
    assert_eq!(trial.waiting("BETA"), [first.id]);
}

#[tokio::test]
async fn a_name_that_is_none_may_come_again() {
    let trial = Trial::new().await;
    let envelope = || Envelope { local_id: "one".into(), ..letter("ALPHA", "BETA") };
    let first = trial.try_send(envelope(), "hello").await.unwrap();
    // Nor is it a repeat of those when the same name is to be told again.
    let once = trial.broker.accept(named("one", "hello")).await.unwrap();
    assert!(!once.repeated);
    let last = trial.try_send(envelope(), "hello").await.unwrap();
    let found = trial.broker.track_local("ALPHA", "one").unwrap();
    let ids: Vec<_> = found.iter().map(|one| one.id).collect();
    assert_eq!(ids, [first.id, once.id, last.id]);
    assert!(trial.broker.accept(named("one", "hello")).await.unwrap().repeated);
    assert!(trial.broker.track_local("BETA", "one").unwrap().is_empty());
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let trial = Trial::new().await;
    trial.try_send(letter("ALPHA", "NOBODY"), "hello").await.unwrap_err();
    let large = "x".repeat(crate::INLINE_BYTES_MAX + 1);
    let refused = trial.try_send(letter("ALPHA", "BETA"), &large).await.unwrap_err();
    assert!(matches!(refused, Refused::TooLarge), "{refused:?}");
    let found = trial.broker.find(&crate::Query { most: 10, ..crate::Query::default() }).unwrap();
    assert!(found.messages.is_empty());
}

#[tokio::test]
async fn an_answer_ends_the_wait_for_it_and_shares_the_conversation() {
    let trial = Trial::new().await;
    let asked = trial.send("BETA", "how are you?").await.id;
    trial.broker.acknowledge("BETA", asked, store::Transaction::new()).await.unwrap();
    let reply = Envelope {
        in_reply_to: Some(asked.into()),
        conversation: crate::write_id(asked),
        ..letter("BETA", "ALPHA")
    };
    let answer = trial.try_send(reply, "well").await.unwrap().id;
    assert_eq!(trial.state(asked), State::Answered);
    assert_eq!(trial.story(asked, 1), ["available", "acknowledged", "answered"]);
    let conversation = trial.broker.conversation(&crate::write_id(asked)).unwrap();
    let ids: Vec<_> = conversation.messages.iter().map(|one| one.id).collect();
    assert_eq!(ids, [asked, answer]);
}

#[tokio::test]
async fn only_who_got_it_can_answer_it() {
    let trial = Trial::new().await;
    let asked = trial.send("BETA", "how are you?").await.id;
    trial.broker.acknowledge("BETA", asked, store::Transaction::new()).await.unwrap();
    let reply = Envelope { in_reply_to: Some(asked.into()), ..letter("ALPHA", "ALPHA") };
    trial.try_send(reply, "I answer for them").await.unwrap();
    assert_eq!(trial.state(asked), State::Acknowledged);
}

#[tokio::test]
async fn a_full_disk_is_said_before_anything_is_accepted() {
    let trial = Trial::new().await;
    let settings = crate::Settings { reserve_bytes: u64::MAX, ..trial.broker.settings().clone() };
    let store = trial.broker.store().clone();
    let clock = trial.clock.clone();
    let broker = crate::Broker::new(store, clock, base::Dice::seeded(1), settings).unwrap();
    let refused = broker.accept(submission(letter("ALPHA", "BETA"), "x")).await.unwrap_err();
    assert!(matches!(refused, Refused::Full), "{refused:?}");
}

#[tokio::test]
async fn a_route_that_names_a_place_twice_leads_there_once_and_a_long_kind_is_refused() {
    let trial = Trial::new().await;
    let route = crate::Route {
        name: "twice".into(),
        to: "TWICE".into(),
        kind: String::new(),
        deliver: vec!["BETA".into(), "BETA".into()],
        ordered: false,
        halt: false,
        deadline_s: 0,
    };
    let record = crate::record(crate::ROUTE, "twice", &route);
    trial.broker.store().commit(store::Transaction::new().record(record)).await.unwrap();
    trial.broker.directory().changed().unwrap();
    let id = trial.send("TWICE", "hello").await.id;
    assert_eq!(trial.waiting("BETA"), [id]);
    let long = Envelope { kind: "K".repeat(301), ..letter("ALPHA", "BETA") };
    let refused = trial.try_send(long, "hello").await.unwrap_err();
    assert!(matches!(refused, Refused::TooLarge), "{refused:?}");
}
