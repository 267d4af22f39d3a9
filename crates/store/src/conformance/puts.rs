//! Puts, versions and history.

use bytes::Bytes;

use super::{Failure, Outcome, body, coloured, commit, conflicts, holds, put, same, sound};
use crate::directory::Record;
use crate::{Expect, Put, Store, StoreError, Transaction};

pub(super) fn nothing_at_first(store: &Store) -> Outcome {
    let resources = store.resources();
    same("get", &resources.get("thing", "a")?, &None)?;
    same("version", &resources.version("thing", "a", 1)?, &None)?;
    same("history", &resources.history("thing", "a", 9)?, &Vec::new())?;
    same("row", &resources.by_row(1)?, &None)?;
    same("count", &resources.count("thing")?, &0)?;
    same("lines", &store.audit().head()?.0, &0)?;
    sound(store)
}

pub(super) async fn read_back(store: &Store) -> Outcome {
    commit(store, put("a", Expect::Absent, "one")).await?;
    let stored = store.resources().get("thing", "a")?;
    let stored = stored.ok_or_else(|| Failure("it is not there".to_owned()))?;
    same("id", &stored.id.as_str(), &"a")?;
    same("version", &stored.version, &1)?;
    same("body", &stored.body, &Bytes::from("one"))?;
    same("another kind", &store.resources().get("other", "a")?, &None)?;
    same("another id", &store.resources().get("thing", "b")?, &None)?;
    same("count", &store.resources().count("thing")?, &1)
}

pub(super) async fn versions(store: &Store) -> Outcome {
    for number in 1..=5 {
        commit(store, put("a", Expect::Any, &number.to_string())).await?;
    }
    for number in 1..=5_u64 {
        let stored = store.resources().version("thing", "a", number)?;
        let found = stored.map(|stored| (stored.version, stored.body));
        same("version", &found, &Some((number, Bytes::from(number.to_string()))))?;
    }
    for number in [0, 6, u64::MAX] {
        same("no such version", &store.resources().version("thing", "a", number)?, &None)?;
    }
    sound(store)
}

pub(super) async fn history(store: &Store) -> Outcome {
    for number in 1..=5 {
        commit(store, put("a", Expect::Any, &number.to_string())).await?;
    }
    commit(store, put("b", Expect::Any, "other")).await?;
    let numbers = |most| -> Result<Vec<u64>, StoreError> {
        let history = store.resources().history("thing", "a", most)?;
        Ok(history.iter().map(|stored| stored.version).collect())
    };
    same("all", &numbers(99)?, &vec![5, 4, 3, 2, 1])?;
    same("some", &numbers(2)?, &vec![5, 4])?;
    same("none", &numbers(0)?, &Vec::new())
}

pub(super) async fn expectations(store: &Store) -> Outcome {
    conflicts(commit(store, put("a", Expect::Version(1), "x")).await, None)?;
    commit(store, put("a", Expect::Absent, "one")).await?;
    conflicts(commit(store, put("a", Expect::Absent, "x")).await, Some(1))?;
    conflicts(commit(store, put("a", Expect::Version(2), "x")).await, Some(1))?;
    commit(store, put("a", Expect::Version(1), "two")).await?;
    conflicts(commit(store, put("a", Expect::Version(1), "x")).await, Some(2))?;
    same("body", &body(store, "a")?, &Some("two".to_owned()))?;
    sound(store)
}

pub(super) async fn given_versions(store: &Store) -> Outcome {
    let given = |id, version| Put { version: Some(version), ..put(id, Expect::Any, "given") };
    commit(store, given("a", 1)).await?;
    conflicts(commit(store, given("a", 1)).await, Some(1))?;
    conflicts(commit(store, given("a", 3)).await, Some(1))?;
    commit(store, given("a", 2)).await?;
    // A resource from elsewhere brings its version along, and goes on from there.
    commit(store, given("b", 7)).await?;
    conflicts(commit(store, given("b", 7)).await, Some(7))?;
    commit(store, given("b", 8)).await?;
    let history = store.resources().history("thing", "b", 9)?;
    same("versions", &history.iter().map(|stored| stored.version).collect(), &vec![8, 7])?;
    conflicts(commit(store, given("c", 0)).await, None)?;
    conflicts(commit(store, given("c", u64::MAX)).await, None)?;
    store.resources().load(vec![given("d", 4)])?;
    conflicts(store.resources().load(vec![given("e", 0)]), None)?;
    sound(store)
}

pub(super) async fn twice_in_one(store: &Store) -> Outcome {
    let twice = Transaction::new().put(put("a", Expect::Absent, "one")).put(put(
        "a",
        Expect::Version(1),
        "two",
    ));
    store.commit(twice).await?;
    same("body", &body(store, "a")?, &Some("two".to_owned()))?;
    let stale = Transaction::new().put(put("a", Expect::Version(2), "three")).put(put(
        "a",
        Expect::Version(2),
        "again",
    ));
    conflicts(store.commit(stale).await, Some(3))?;
    same("body", &body(store, "a")?, &Some("two".to_owned()))?;
    same("history", &store.resources().history("thing", "a", 9)?.len(), &2)?;
    sound(store)
}

pub(super) async fn all_or_nothing(store: &Store) -> Outcome {
    let record = Record { kind: "client", id: "c".to_owned(), body: Some("{}".to_owned()) };
    let transaction = Transaction::new().put(put("a", Expect::Any, "one")).record(record).put(put(
        "b",
        Expect::Version(7),
        "one",
    ));
    conflicts(store.commit(transaction).await, None)?;
    same("the first put", &body(store, "a")?, &None)?;
    same("the record", &store.directory().get("client", "c")?, &None)?;
    store.commit(Transaction::new()).await?;
    sound(store)
}

pub(super) async fn sizes(store: &Store) -> Outcome {
    // Bytes that no compressor makes smaller, and bytes that any does.
    let mut state = 1_u32;
    let mut noise = |length: usize| -> Vec<u8> {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..length).map(|_| next()).collect()
    };
    for length in [0, 1, 63, 64, 65, 255, 4_096, 100_000, 3_000_000] {
        for body in [noise(length), vec![b' '; length]] {
            let body = Bytes::from(body);
            let changed = Put { body: body.clone(), ..put("a", Expect::Any, "") };
            commit(store, changed).await?;
            let stored = store.resources().get("thing", "a")?.map(|stored| stored.body);
            holds(&format!("a body of {length} bytes"), stored == Some(body))?;
        }
    }
    sound(store)
}

pub(super) async fn load(store: &Store) -> Outcome {
    let batch = |from: u32, to: u32| -> Vec<Put> {
        let one = |number: u32| coloured(&format!("{number:04}"), &["red"]);
        (from..to).map(one).collect()
    };
    store.resources().load(batch(0, 500))?;
    same("count", &store.resources().count("thing")?, &500)?;
    conflicts(store.resources().load(batch(499, 600)), Some(1))?;
    same("count", &store.resources().count("thing")?, &500)?;
    store.resources().load(batch(500, 600))?;
    store.resources().load(Vec::new())?;
    commit(store, coloured("0007", &["blue"])).await?;
    same("red ones", &super::index::found(store, b"red", b"ree")?.len(), &599)?;
    sound(store)
}

pub(super) async fn announced_load(store: &Store) -> Outcome {
    let resources = store.resources();
    commit(store, coloured("before", &["red"])).await?;
    resources.begin_load()?;
    for number in 0..10 {
        resources.load(vec![coloured(&format!("{number}"), &["red", "green"])])?;
    }
    let refused = commit(store, coloured("3", &["blue"])).await;
    holds("puts are refused", matches!(refused, Err(StoreError::Busy)))?;
    resources.finish_load()?;
    same("red ones", &super::index::found(store, b"red", b"ree")?.len(), &11)?;
    commit(store, coloured("3", &["blue"])).await?;
    same("green ones", &super::index::found(store, b"green", b"greeo")?.len(), &9)?;
    sound(store)
}
