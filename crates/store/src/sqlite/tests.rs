//! What only this engine does: files, locks, and stopping.

use std::path::Path;

use base::{Clock, Dice};
use bytes::Bytes;
use tempfile::TempDir;

use crate::{Expect, Key, Put, Store, Term, Transaction, conformance};

pub(super) fn open(folder: &Path) -> Store {
    Store::open(folder, Clock::System, &Dice::seeded(1)).unwrap()
}

pub(super) fn put(id: &str, body: &str) -> Put {
    Put {
        key: Key::new("thing", id),
        expect: Expect::Any,
        version: None,
        body: Bytes::from(body.to_owned()),
        terms: vec![Term { parameter: "thing-id", value: id.into(), cover: Vec::new() }],
    }
}

#[tokio::test]
async fn what_was_put_is_there_after_opening_again() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    store.commit(Transaction::new().put(put("a", "one"))).await.unwrap();
    store.commit(Transaction::new().put(put("a", &"two ".repeat(1000)))).await.unwrap();
    drop(store);
    let store = open(folder.path());
    let stored = store.resources().get("thing", "a").unwrap().unwrap();
    assert_eq!((stored.version, stored.body), (2, Bytes::from("two ".repeat(1000))));
    let first = store.resources().version("thing", "a", 1).unwrap().unwrap();
    assert_eq!(first.body, "one");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_what_every_engine_must() {
    let mut folders = Vec::new();
    let mut seed = 0;
    let outcomes = conformance::run(|| {
        let folder = TempDir::new().unwrap();
        seed += 1;
        let store = Store::open(folder.path(), Clock::System, &Dice::seeded(seed)).unwrap();
        folders.push(folder);
        store
    })
    .await;
    let failed: Vec<_> = outcomes.iter().filter(|(_, outcome)| outcome.is_err()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
