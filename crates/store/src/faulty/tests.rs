//! Faults come when the script says, and only then.

use base::{Clock, Dice};
use tempfile::TempDir;

use super::Script;
use crate::{Expect, Key, Put, Store, StoreError, Transaction};

fn put(id: &str) -> Transaction {
    Transaction::new().put(Put {
        key: Key::new("thing", id),
        expect: Expect::Any,
        version: None,
        body: "{}".into(),
        terms: Vec::new(),
    })
}

#[tokio::test]
async fn faults_come_on_cue() {
    let folder = TempDir::new().unwrap();
    let sound = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap();
    let script = Script::new().fail_commit(2).lose_answer(3).stop_at_commit(5).fail_read(2);
    let store = Store::faulty(sound.clone(), script);
    store.commit(put("1")).await.unwrap();
    assert!(matches!(store.commit(put("2")).await, Err(StoreError::Engine(_))));
    assert!(matches!(store.commit(put("3")).await, Err(StoreError::Engine(_))));
    store.commit(put("4")).await.unwrap();
    assert!(matches!(store.commit(put("5")).await, Err(StoreError::Stopped)));
    assert!(matches!(store.commit(put("6")).await, Err(StoreError::Stopped)));
    let there = |id| sound.resources().get("thing", id).unwrap().is_some();
    assert_eq!(["1", "2", "3", "4", "5"].map(there), [true, false, true, true, false]);
    assert!(store.resources().get("thing", "1").unwrap().is_some());
    assert!(store.resources().get("thing", "1").is_err());
    assert!(store.resources().get("thing", "1").unwrap().is_some());
}

#[tokio::test]
async fn the_ledgers_of_messages_and_contents_count_too() {
    use crate::conformance::messages::{accept, id};
    use crate::contents::ContentId;
    use crate::messages::{DeliveryId, MessageId};

    let folder = TempDir::new().unwrap();
    let sound = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap();
    let message = Transaction::new().accept(accept(1, "a"));
    let failing = Store::faulty(sound.clone(), Script::new().fail_commit(1).lose_answer(2));
    assert!(matches!(failing.commit(message.clone()).await, Err(StoreError::Engine(_))));
    assert!(sound.messages().get(id(1)).unwrap().is_none());
    assert!(matches!(failing.commit(message).await, Err(StoreError::Engine(_))));
    assert!(sound.messages().get(id(1)).unwrap().is_some());
    // Each read fails when it is its turn, and is counted.
    let by = jiff::Timestamp::UNIX_EPOCH;
    let reads: [&dyn Fn(&Store) -> bool; 13] = [
        &|store| store.messages().get(id(1)).is_err(),
        &|store| store.messages().delivery(id(1).delivery(1)).is_err(),
        &|store| store.messages().deliveries(id(1)).is_err(),
        &|store| store.messages().waiting("a", DeliveryId(0), 1).is_err(),
        &|store| store.messages().count_waiting("a", 1).is_err(),
        &|store| store.messages().due(7, by, None, 1).is_err(),
        &|store| store.messages().next_wake(7).is_err(),
        &|store| store.messages().history(id(1).delivery(1)).is_err(),
        &|store| store.messages().labelled(1, MessageId(0), 1).is_err(),
        &|store| store.messages().recent(MessageId(0), 1).is_err(),
        &|store| store.messages().lease(7).is_err(),
        &|store| store.contents().get(ContentId(1)).is_err(),
        &|store| store.contents().read(ContentId(1), 1).is_err(),
    ];
    for turn in 1..=reads.len() as u64 {
        let store = Store::faulty(sound.clone(), Script::new().fail_read(turn));
        let failed: Vec<u64> =
            (1..).zip(&reads).filter(|(_, read)| read(&store)).map(|(place, _)| place).collect();
        assert_eq!(failed, [turn]);
    }
    let stopped = Store::faulty(sound, Script::new().stop_at_commit(1));
    assert!(matches!(stopped.contents().sweep(), Err(StoreError::Stopped)));
}

#[tokio::test]
async fn what_is_used_once_counts_as_a_commit() {
    let folder = TempDir::new().unwrap();
    let sound = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap();
    let store = Store::faulty(sound, Script::new().fail_commit(1).lose_answer(2).stop_at_commit(4));
    let spend = async || store.spent().spend("token", "a", jiff::Timestamp::MAX).await;
    assert!(matches!(spend().await, Err(StoreError::Engine(_))));
    assert!(!store.spent().is_spent("token", "a"));
    assert!(matches!(spend().await, Err(StoreError::Engine(_))));
    assert!(store.spent().is_spent("token", "a"));
    assert!(!spend().await.unwrap());
    assert!(matches!(spend().await, Err(StoreError::Stopped)));
}
