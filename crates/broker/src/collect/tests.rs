use store::Transaction;

use crate::tests::trial::{Trial, letter};
use crate::{Envelope, Page, Refused, State};
use store::messages::{DeliveryId, MessageId};

#[tokio::test]
async fn a_message_is_listed_until_it_is_acknowledged() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    for _ in 0..2 {
        let parcel = trial.broker.collect("BETA", id, Transaction::new()).await.unwrap();
        assert_eq!(parcel.body, "hello");
        assert_eq!(trial.waiting("BETA"), [id]);
    }
    trial.broker.acknowledge("BETA", id, Transaction::new()).await.unwrap();
    assert!(trial.waiting("BETA").is_empty());
    let gone = trial.broker.collect("BETA", id, Transaction::new()).await.unwrap_err();
    assert!(matches!(gone, Refused::Gone), "{gone:?}");
    trial.broker.acknowledge("BETA", id, Transaction::new()).await.unwrap();
    assert_eq!(trial.story(id, 1), ["available", "collected", "acknowledged"]);
}

#[tokio::test]
async fn looking_changes_nothing() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    assert_eq!(trial.broker.look("BETA", id).unwrap().body, "hello");
    assert_eq!(trial.state(id), State::Available);
}

#[tokio::test]
async fn somebody_elses_message_is_theirs() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    let theirs = trial.broker.collect("ALPHA", id, Transaction::new()).await.unwrap_err();
    assert!(matches!(theirs, Refused::NotYours), "{theirs:?}");
    let none = trial.broker.look("ALPHA", MessageId(1 << 20)).unwrap_err();
    assert!(matches!(none, Refused::NotFound), "{none:?}");
}

#[tokio::test]
async fn pages_follow_one_another_and_filters_choose() {
    let trial = Trial::new().await;
    let mut sent = Vec::new();
    for n in 0..25 {
        let kind = if n % 5 == 0 { "RARE" } else { "COMMON" };
        let envelope = Envelope { kind: kind.into(), ..letter("ALPHA", "BETA") };
        sent.push(trial.try_send(envelope, "x").await.unwrap().id);
    }
    let mut found = Vec::new();
    let mut after = DeliveryId(0);
    loop {
        let page = trial.broker.waiting("BETA", Page { after, most: 10 }, &|_| true).unwrap();
        found.extend(page.messages);
        let Some(next) = page.next else { break };
        after = next;
    }
    assert_eq!(found, sent);
    let page = Page { after: DeliveryId(0), most: 3 };
    let rare = trial.broker.waiting("BETA", page, &|kind| kind == "RARE").unwrap();
    assert_eq!(rare.messages, [sent[0], sent[5], sent[10]]);
    let page = Page { after: rare.next.unwrap(), most: 3 };
    let rest = trial.broker.waiting("BETA", page, &|kind| kind == "RARE").unwrap();
    assert_eq!((rest.messages, rest.next), (vec![sent[15], sent[20]], None));
    assert_eq!(trial.broker.count_waiting("BETA", 20).unwrap(), 20);
}
