//! What only this engine does: files, locks, and stopping.

use std::ops::ControlFlow;
use std::path::Path;

use base::{Clock, Dice};
use bytes::Bytes;
use tempfile::TempDir;

use super::deliveries;
use crate::conformance::messages::{accept, id};
use crate::contents::ContentId;
use crate::{Entry, Expect, Key, Put, Store, StoreError, Term, Transaction, conformance};

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

#[test]
fn two_cannot_share_a_folder() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let refused = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).err();
    let Some(StoreError::Folder(why)) = refused else { panic!("{refused:?}") };
    assert!(why.contains("hint:"), "{why}");
    drop(store);
    open(folder.path());
}

#[test]
fn the_audit_key_is_made_once_and_kept_secret() {
    let folder = TempDir::new().unwrap();
    let name = open(folder.path()).audit().pseudonym("x");
    let again = Store::open(folder.path(), Clock::System, &Dice::seeded(2)).unwrap();
    assert_eq!(again.audit().pseudonym("x"), name);
    drop(again);
    let key = folder.path().join("audit.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Another key in its place would part every pseudonym from its patient without a word.
    std::fs::remove_file(&key).unwrap();
    let refused = Store::open(folder.path(), Clock::System, &Dice::seeded(2)).err();
    assert!(matches!(refused, Some(StoreError::Damaged(_))), "{refused:?}");
}

#[test]
fn a_load_that_was_cut_off_is_finished_on_opening() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    store.resources().begin_load().unwrap();
    store.resources().load(vec![put("a", "1"), put("b", "2")]).unwrap();
    drop(store);
    let store = open(folder.path());
    let mut seen = 0;
    let mut count = |_: Entry<'_>| {
        seen += 1;
        ControlFlow::Continue(())
    };
    store.resources().scan("thing-id", b"", b"\xff", &mut count).unwrap();
    assert_eq!(seen, 2);
    assert!(store.check(&mut |_, _| ()).unwrap().is_clean());
}

/// How many files of large bodies there are.
fn part_files(folder: &Path) -> usize {
    let Ok(drawers) = std::fs::read_dir(folder.join("contents")) else { return 0 };
    drawers.map(|drawer| std::fs::read_dir(drawer.unwrap().path()).unwrap().count()).sum()
}

#[tokio::test]
async fn files_of_large_bodies_come_and_go_with_their_rows() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let message = id(1);
    let content = ContentId(message.0);
    let write = |number| {
        let mut writer = store.contents().write(content, number).unwrap();
        writer.write(b"bytes").unwrap();
        writer.finish(String::new()).unwrap()
    };
    let first = write(1);
    assert_eq!(part_files(folder.path()), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = std::fs::read_dir(folder.path().join("contents")).unwrap().next().unwrap();
        let file = std::fs::read_dir(path.unwrap().path()).unwrap().next().unwrap().unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(first);
    assert_eq!(part_files(folder.path()), 0, "given up");
    let begun = Transaction::new().begin_content(content, 2).part(write(1)).part(write(2));
    store.commit(begun).await.unwrap();
    store.commit(Transaction::new().part(write(1))).await.unwrap();
    drop(store);
    assert_eq!(part_files(folder.path()), 2, "replaced");
    // What a crash leaves: a file whose commit never came.
    let store = open(folder.path());
    std::fs::create_dir_all(folder.path().join("contents/ff")).unwrap();
    std::fs::write(folder.path().join("contents/ff/0000000000000400-1-00000000000000ff"), "x")
        .unwrap();
    assert_eq!(part_files(folder.path()), 3);
    assert_eq!(store.contents().sweep().unwrap(), 1);
    assert_eq!(part_files(folder.path()), 2, "swept");
    store.commit(Transaction::new().erase(message)).await.unwrap();
    store.close();
    assert_eq!(part_files(folder.path()), 0, "erased");
}

#[tokio::test]
async fn parts_that_vanish_during_a_backup_by_another_process_are_left_out() {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = open(folder.path());
    for n in [1, 2] {
        let content = ContentId(id(n).0);
        let mut writer = store.contents().write(content, 1).unwrap();
        writer.write(b"bytes").unwrap();
        let part = writer.finish(String::new()).unwrap();
        let begun = Transaction::new().accept(accept(n, "a")).begin_content(content, 1).part(part);
        store.commit(begun).await.unwrap();
    }
    // As the database was when the other process copied it, and as the files were a moment later.
    let copy = elsewhere.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    super::backup::copy_database(&folder.path().join("vertebra.db"), &copy.join("vertebra.db"))
        .unwrap();
    store.commit(Transaction::new().erase(id(1))).await.unwrap();
    store.contents().sweep().unwrap();
    super::backup::copy_contents(folder.path(), &copy).unwrap();
    std::fs::copy(folder.path().join("audit.key"), copy.join("audit.key")).unwrap();
    let target = elsewhere.path().join("target");
    let keys = folder.path().join("keys");
    Store::restore(&copy, &keys, &target).unwrap();
    let restored = open(&target);
    assert!(restored.contents().read(ContentId(id(1).0), 1).unwrap().is_none());
    assert!(restored.contents().read(ContentId(id(2).0), 1).unwrap().is_some());
    // A file that is missing though nobody erased it is damage, and nothing to be silent about.
    std::fs::remove_dir_all(folder.path().join("contents")).unwrap();
    let refused = Store::backup_of(folder.path(), &elsewhere.path().join("other"));
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
}

#[tokio::test]
async fn lists_and_wake_ups_are_found_by_their_indexes() {
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()));
    let rows = rusqlite::Connection::open(folder.path().join("vertebra.db")).unwrap();
    for (query, due) in [
        (deliveries::WAITING, "USING INDEX delivery_listed (recipient=? AND rowid>?)"),
        (deliveries::DUE, "USING INDEX delivery_due (lane=? AND wake>? AND wake<?)"),
        (deliveries::COUNT_WAITING, "USING COVERING INDEX delivery_listed (recipient=?)"),
        (deliveries::NEXT_WAKE, "USING COVERING INDEX delivery_due (lane=? AND wake>?)"),
    ] {
        let mut statement = rows.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let plan: Vec<String> =
            statement.raw_query().mapped(|row| row.get(3)).map(Result::unwrap).collect();
        assert!(plan.iter().any(|step| step.contains(due)), "{query}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{query}: {plan:?}");
    }
}

#[tokio::test]
async fn the_log_is_gone_after_closing() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    store.commit(Transaction::new().put(put("a", "one"))).await.unwrap();
    store.close();
    let log = folder.path().join("vertebra.db-wal");
    assert_eq!(std::fs::metadata(log).map_or(0, |log| log.len()), 0);
}

/// Readers keep snapshots, and a snapshot keeps the log from starting over: both must give way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stays_small_under_constant_reading_and_writing() {
    const LOG_BYTES_MAX: u64 = 32 * 1024 * 1024;
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let work = |id: u32| {
        let store = store.clone();
        tokio::spawn(async move {
            let id = id.to_string();
            for round in 0..1_500 {
                let body = format!("{round} {}", "x".repeat(4_000));
                store.commit(Transaction::new().put(put(&id, &body))).await.unwrap();
                let seen = store.resources().get("thing", &id).unwrap().unwrap();
                assert_eq!(seen.body, body, "a reader saw an old snapshot");
            }
        })
    };
    let workers: Vec<_> = (0..8).map(work).collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let log = std::fs::metadata(folder.path().join("vertebra.db-wal")).unwrap().len();
    assert!(log < LOG_BYTES_MAX, "the log has {log} bytes");
}
