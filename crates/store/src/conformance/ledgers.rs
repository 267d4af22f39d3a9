//! Directory, jobs, audit chain, backup.

use bytes::Bytes;
use jiff::Timestamp;

use super::{Failure, Outcome, coloured, commit, conflicts, holds, put, same, sound};
use crate::audit::{Access, FIRST_LINK, link};
use crate::directory::Record;
use crate::jobs::Job;
use crate::{Expect, Store, StoreError, Transaction};

pub(super) async fn directory(store: &Store) -> Outcome {
    let write = |id: &str, body: Option<&str>| {
        let (id, body) = (id.to_owned(), body.map(str::to_owned));
        store.commit(Transaction::new().record(Record { kind: "client", id, body }))
    };
    write("b", Some("1")).await?;
    write("a", Some("2")).await?;
    write("b", Some("3")).await?;
    let all = vec![("a".to_owned(), "2".to_owned()), ("b".to_owned(), "3".to_owned())];
    same("all", &store.directory().all("client")?, &all)?;
    same("another kind", &store.directory().all("system")?, &Vec::new())?;
    write("a", None).await?;
    write("none", None).await?;
    let version = store.directory().version();
    same("unchanged by others", &store.directory().version(), &version)?;
    store.commit(Transaction::new().access(access(1))).await?;
    same("by no access", &store.directory().version(), &version)?;
    write("c", Some("4")).await?;
    holds("told of what was written", store.directory().version() > version)?;
    write("c", None).await?;
    same("removed", &store.directory().get("client", "a")?, &None)?;
    same("kept", &store.directory().get("client", "b")?, &Some("3".to_owned()))
}

fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap_or_default()
}

fn job(key: &str, second: i64, answer: Option<&'static str>) -> Job {
    Job {
        key: key.to_owned(),
        digest: [7; 32],
        at: instant(second),
        request: if answer.is_some() { Bytes::new() } else { Bytes::from("please") },
        answer: answer.map(Bytes::from),
    }
}

pub(super) async fn jobs(store: &Store) -> Outcome {
    let write = |job| store.commit(Transaction::new().job(job));
    for (key, second) in [("c", 3), ("a", 1), ("b", 2)] {
        write(job(key, second, None)).await?;
    }
    same("one", &store.jobs().get("a")?, &Some(job("a", 1, None)))?;
    same("none", &store.jobs().get("x")?, &None)?;
    let waiting = |most| -> Result<Vec<String>, StoreError> {
        Ok(store.jobs().unanswered(most)?.into_iter().map(|job| job.key).collect())
    };
    same("oldest first", &waiting(9)?.concat().as_str(), &"abc")?;
    same("at most", &waiting(2)?.concat().as_str(), &"ab")?;
    write(job("a", 1, Some("done"))).await?;
    write(Job { request: Bytes::from("no longer needed"), ..job("c", 3, Some("done")) }).await?;
    same("answered", &store.jobs().get("c")?, &Some(job("c", 3, Some("done"))))?;
    same("left", &waiting(9)?.concat().as_str(), &"b")?;
    same("forgotten", &store.jobs().forget_before(instant(3)).await?, &1)?;
    same("gone", &store.jobs().get("a")?, &None)?;
    holds("unanswered ones are never forgotten", store.jobs().get("b")?.is_some())?;
    holds("nor are younger ones", store.jobs().get("c")?.is_some())
}

fn access(number: u32) -> Access {
    Access {
        at: instant(i64::from(number)),
        service: "things".to_owned(),
        interaction: "read".to_owned(),
        mode: "application".to_owned(),
        client: "client \"one\"\n".to_owned(),
        organisation: "A83001".to_owned(),
        subjects: vec!["ab".repeat(16)],
        outcome: 200,
        request: number.to_string(),
        ..Access::default()
    }
}

/// All lines of the chain from one on.
fn lines(store: &Store, from: u64) -> Result<Vec<(u64, String)>, StoreError> {
    let mut lines = Vec::new();
    store.audit().read(from, &mut |number, line| {
        lines.push((number, line.to_owned()));
        true
    })?;
    Ok(lines)
}

pub(super) async fn audit(store: &Store) -> Outcome {
    for number in 0..10 {
        let mut transaction = Transaction::new();
        for part in 0..number {
            transaction = transaction.access(access(number * 100 + part));
        }
        store.commit(transaction).await?;
    }
    let refused = Transaction::new().put(put("a", Expect::Version(1), "")).access(access(1));
    conflicts(store.commit(refused).await, None)?;
    let lines = lines(store, 0)?;
    same("lines", &lines.len(), &45)?;
    let mut last = FIRST_LINK;
    for (due, (number, line)) in (0..).zip(&lines) {
        same("number", number, &due)?;
        last = link(&last, line.as_bytes());
        let access: Result<Access, _> = serde_json::from_str(line);
        holds("a line is an access", access.is_ok_and(|access| access.service == "things"))?;
    }
    same("head", &store.audit().head()?, &(45, last))?;
    sound(store)
}

pub(super) async fn audit_from(store: &Store) -> Outcome {
    for number in 0..20 {
        let transaction = Transaction::new().access(access(2 * number));
        store.commit(transaction.access(access(2 * number + 1))).await?;
    }
    for from in [0, 1, 2, 17, 38, 39, 40, 41, u64::MAX] {
        let numbers: Vec<u64> = lines(store, from)?.into_iter().map(|(number, _)| number).collect();
        same("lines", &numbers, &(from..40).collect())?;
    }
    let mut seen = 0;
    store.audit().read(3, &mut |_, _| {
        seen += 1;
        seen < 5
    })?;
    same("until the visitor says stop", &seen, &5)
}

pub(super) async fn audit_back(store: &Store) -> Outcome {
    for number in 0..20 {
        let transaction = Transaction::new().access(access(2 * number));
        store.commit(transaction.access(access(2 * number + 1))).await?;
    }
    for before in [0, 1, 2, 17, 39, 40, 41, u64::MAX] {
        let mut numbers = Vec::new();
        store.audit().read_back(before, &mut |number, line| {
            numbers.push((number, line.contains(&format!("\"request\":\"{number}\""))));
            true
        })?;
        let due: Vec<_> = (0..before.min(40)).rev().map(|number| (number, true)).collect();
        same("lines", &numbers, &due)?;
    }
    let mut seen = 0;
    store.audit().read_back(u64::MAX, &mut |_, _| {
        seen += 1;
        seen < 5
    })?;
    same("until the visitor says stop", &seen, &5)
}

pub(super) fn pseudonyms(store: &Store, other: &Store) -> Outcome {
    let name = store.audit().pseudonym("9000000009");
    same("again", &store.audit().pseudonym("9000000009"), &name)?;
    holds("another patient", store.audit().pseudonym("9000000017") != name)?;
    holds("another store", other.audit().pseudonym("9000000009") != name)?;
    holds("hexadecimal", name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(super) async fn backup(store: &Store) -> Outcome {
    let failed = |error: std::io::Error| Failure(error.to_string());
    let folder = std::env::temp_dir().join(format!("conformance-{}", std::process::id()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    commit(store, coloured("a", &["red"])).await?;
    store.commit(Transaction::new().access(access(1))).await?;
    let until = jiff::Timestamp::MAX;
    store.spent().spend("token", "a", until).await?;
    let (copy, restored) = (folder.join("copy"), folder.join("restored"));
    let keys = folder.join("keys");
    store.backup(&copy)?;
    store.spent().spend("token", "b", until).await?;
    store.copy_keys(&keys)?;
    commit(store, coloured("a", &["blue"])).await?;
    holds("a backup is never overwritten", store.backup(&copy).is_err())?;
    let without = Store::restore(&copy, &folder.join("no-keys"), &restored);
    holds("not without its keys", without.is_err())?;
    Store::restore(&copy, &keys, &restored)?;
    holds("nor is a store", Store::restore(&copy, &keys, &restored).is_err())?;
    let again = Store::open(&restored, base::Clock::System, &base::Dice::System)?;
    same("then", &super::index::found(&again, b"", b"\xff")?.len(), &1)?;
    same("version", &again.resources().get("thing", "a")?.map(|stored| stored.version), &Some(1))?;
    let spent = ["a", "b"].map(|key| again.spent().is_spent("token", key));
    same("used", &spent, &[true, false])?;
    same("lines", &again.audit().head()?.0, &1)?;
    same("key", &again.audit().pseudonym("x"), &store.audit().pseudonym("x"))?;
    sound(&again)?;
    drop(again);
    std::fs::remove_dir_all(&folder).map_err(failed)
}
