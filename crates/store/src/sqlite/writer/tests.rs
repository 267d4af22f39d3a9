//! What the writer does when something is in its way.

use std::sync::Arc;

use base::{Clock, Dice};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::*;
use crate::audit::Access;
use crate::conformance::messages::accept;
use crate::contents::ContentId;
use crate::sqlite::Sqlite;
use crate::sqlite::tests::put;
use crate::transaction::Transaction;

fn engine(folder: &TempDir) -> Sqlite {
    Sqlite::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap()
}

fn access() -> Access {
    Access { at: Timestamp::UNIX_EPOCH, outcome: 200, ..Access::default() }
}

#[tokio::test]
async fn a_failed_commit_is_the_last() {
    let folder = TempDir::new().unwrap();
    let engine = engine(&folder);
    engine.commit(Transaction::new().put(put("before", "1"))).await.unwrap();
    // A reference that leads nowhere is only noticed by the COMMIT.
    let broken = "PRAGMA foreign_keys = ON;
        CREATE TABLE t (x REFERENCES word (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER s AFTER INSERT ON resource BEGIN INSERT INTO t VALUES (-1); END;";
    engine.core.writing().execute_batch(broken).unwrap();
    let failed = engine.commit(Transaction::new().put(put("a", "1")).access(access())).await;
    assert!(matches!(failed, Err(StoreError::Engine(_))), "{failed:?}");
    let after = engine.commit(Transaction::new().access(access())).await;
    assert!(matches!(after, Err(StoreError::Stopped)), "{after:?}");
    let after = engine.load(vec![put("b", "1")]);
    assert!(matches!(after, Err(StoreError::Stopped)), "{after:?}");
    assert_eq!(engine.audit_head().0, 0);
    assert!(engine.get("thing", "before").unwrap().is_some());
    assert!(engine.get("thing", "a").unwrap().is_none());
}

#[tokio::test]
async fn a_failed_statement_takes_its_group_back_and_no_more() {
    let folder = TempDir::new().unwrap();
    let engine = engine(&folder);
    let broken = "CREATE TRIGGER s BEFORE INSERT ON job BEGIN SELECT raise(FAIL, 'no'); END;";
    engine.core.writing().execute_batch(broken).unwrap();
    let job = crate::jobs::Job {
        key: "j".to_owned(),
        digest: [0; 32],
        at: Timestamp::UNIX_EPOCH,
        request: "x".into(),
        answer: None,
    };
    let failed = engine.commit(Transaction::new().put(put("a", "1")).job(job)).await;
    assert!(matches!(failed, Err(StoreError::Engine(_))), "{failed:?}");
    assert!(engine.get("thing", "a").unwrap().is_none());
    engine.commit(Transaction::new().put(put("a", "1")).access(access())).await.unwrap();
    assert_eq!(engine.audit_head().0, 1);
}

#[tokio::test]
async fn a_full_disk_is_told_and_the_store_goes_on() {
    let folder = TempDir::new().unwrap();
    let engine = engine(&folder);
    engine.commit(Transaction::new().put(put("before", "1"))).await.unwrap();
    let pages = |most: u32| {
        let sql = format!("PRAGMA max_page_count = {most}");
        engine.core.writing().query_row(&sql, [], |row| row.get::<_, u32>(0)).unwrap()
    };
    pages(1); // No more than there are.
    let large = "x".repeat(100).repeat(100);
    let mut message = accept(1, "a");
    message.message.body = large.into();
    let content = ContentId(message.message.id.0);
    let part = {
        let mut writer = engine.part_write(content, 1).unwrap();
        writer.write(b"bytes").unwrap();
        writer.finish(String::new()).unwrap()
    };
    let file = engine.core.contents.path(part.file.name()).unwrap();
    let transaction = Transaction::new().begin_content(content, 1).part(part).accept(message);
    let full = engine.commit(transaction.clone().access(access())).await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert_eq!(engine.audit_head().0, 0);
    assert!(engine.message_get(accept(1, "a").message.id).unwrap().is_none());
    assert!(engine.get("thing", "before").unwrap().is_some());
    pages(u32::MAX - 1);
    engine.commit(transaction).await.unwrap();
    assert!(engine.message_get(accept(1, "a").message.id).unwrap().is_some());
    assert!(file.exists());
}

#[tokio::test]
async fn parts_of_a_failed_commit_stay_and_parts_of_a_refused_one_go() {
    let folder = TempDir::new().unwrap();
    let engine = engine(&folder);
    let part = |number| {
        let mut writer = engine.part_write(ContentId(1), number).unwrap();
        writer.write(b"bytes").unwrap();
        let part = writer.finish(String::new()).unwrap();
        let file = engine.core.contents.path(part.file.name()).unwrap();
        assert!(file.exists());
        (Transaction::new().part(part), file)
    };
    let (refused, gone) = part(9);
    engine.commit(refused).await.unwrap_err();
    engine.commit(Transaction::new().begin_content(ContentId(1), 3)).await.unwrap();
    let (taken, there) = part(1);
    engine.commit(taken).await.unwrap();
    let broken = "PRAGMA foreign_keys = ON;
        CREATE TABLE t (x REFERENCES word (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER s AFTER INSERT ON content_part BEGIN INSERT INTO t VALUES (-1); END;";
    engine.core.writing().execute_batch(broken).unwrap();
    let (unknown, kept) = part(2);
    let failed = engine.commit(unknown).await;
    assert!(matches!(failed, Err(StoreError::Engine(_))), "{failed:?}");
    assert!(engine.part_write(ContentId(1), 3).is_err(), "a stopped store takes no more");
    assert!(matches!(engine.contents_sweep(), Err(StoreError::Stopped)));
    engine.close();
    assert_eq!([gone, there, kept].map(|file| file.exists()), [false, true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_waiting_are_told_to_come_back() {
    let folder = TempDir::new().unwrap();
    let engine = Arc::new(engine(&folder));
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (hold, held) = oneshot::channel();
    let core = Arc::clone(&engine.core);
    let holder = thread::spawn(move || {
        let _guard = core.writing();
        hold.send(()).unwrap();
        let _ = released.recv();
    });
    held.await.unwrap();
    let mut tasks = JoinSet::new();
    let asked = COMMITS_WAITING_MAX + COMMITS_A_SYNC_MAX + 100;
    for _ in 0..asked {
        let engine = Arc::clone(&engine);
        tasks.spawn(async move { engine.commit(Transaction::new().access(access())).await });
    }
    let first = tasks.join_next().await.unwrap().unwrap();
    assert!(matches!(first, Err(StoreError::Busy)), "{first:?}");
    drop(release);
    holder.join().unwrap();
    let results = tasks.join_all().await;
    let written = results.iter().filter(|result| result.is_ok()).count();
    assert!(written >= COMMITS_WAITING_MAX, "{written}");
    assert_eq!(engine.audit_head().0, written as u64);
}
