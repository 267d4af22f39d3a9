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
