//! A check finds whatever is wrong, and nothing where nothing is.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::conformance::messages::{accept, id};
use crate::contents::{BLOCK_BYTES, ContentId};
use crate::messages::{Accept, Repeat, Step};
use crate::sqlite::folder::DATABASE;
use crate::sqlite::tests::{open, put};
use crate::{Access, Store, StoreError, Transaction};

async fn fill(store: &Store) {
    for turn in 0..4 {
        let access = Access {
            at: jiff::Timestamp::UNIX_EPOCH,
            service: "things".to_owned(),
            interaction: "read".to_owned(),
            outcome: 200,
            request: turn.to_string(),
            ..Access::default()
        };
        let body = format!("{turn}{}", "x".repeat(1000));
        store.commit(Transaction::new().put(put("a", &body)).access(access)).await.unwrap();
        store.commit(Transaction::new().put(put(&format!("b{turn}"), "{}"))).await.unwrap();
    }
    mail(store).await;
}

/// Two messages with a delivery each, one with three lines of history, and a content of two parts.
async fn mail(store: &Store) {
    for n in [1, 2] {
        let repeat = Some(Repeat { label: n, key: [n as u8; 32], digest: [0; 32] });
        let labels = vec![5];
        let message = Accept { labels, repeat, ..accept(n, "a") };
        store.commit(Transaction::new().accept(message)).await.unwrap();
    }
    for expect in [1, 2] {
        let status = crate::conformance::messages::status("b");
        let event = Some("moved".into());
        let step = Step { delivery: id(1).delivery(1), expect, status, event };
        store.commit(Transaction::new().step(step)).await.unwrap();
    }
    let content = ContentId(id(2).0);
    let mut transaction = Transaction::new().begin_content(content, 2);
    for number in [1, 2] {
        let mut writer = store.contents().write(content, number).unwrap();
        writer.write(&vec![number as u8; BLOCK_BYTES + 1]).unwrap();
        transaction = transaction.part(writer.finish(String::new()).unwrap());
    }
    store.commit(transaction).await.unwrap();
}

/// The files of parts, in order of their parts.
fn part_files(folder: &Path) -> Vec<PathBuf> {
    let rows = Connection::open(folder.join(DATABASE)).unwrap();
    let mut statement = rows.prepare("SELECT file FROM content_part ORDER BY n").unwrap();
    let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let place = |name: String| folder.join("contents").join(&name[name.len() - 2..]).join(name);
    names.map(|name| place(name.unwrap())).collect()
}

#[tokio::test]
async fn whatever_is_wrong_is_found() {
    let cases = [
        ("SELECT 1", ""),
        ("UPDATE resource SET body = x'00' WHERE id = 'a'", "resource 1, version 4"),
        ("UPDATE resource SET body = substr(body, 1, 10) WHERE id = 'a'", "does not unpack"),
        ("UPDATE resource SET dictionary = 9 WHERE id = 'a'", "no dictionary 9"),
        ("UPDATE resource SET terms = x'05' WHERE id = 'a'", "index rows kept"),
        ("UPDATE resource SET version = 5 WHERE id = 'a'", "version 4 is not where"),
        ("UPDATE history SET body = x'00' WHERE version = 2", "resource 1, version 2"),
        ("DELETE FROM history WHERE version = 1", "version 1 should come, not 2"),
        ("DELETE FROM history WHERE version = 2", "version 2 should come, not 3"),
        ("DELETE FROM history WHERE version = 3", "version 3 is not where"),
        ("INSERT INTO history VALUES (99, 1, 0, -1, x'')", "resources that are not there"),
        ("DELETE FROM term WHERE resource = 1", "resource 1: index row 0 is missing"),
        ("UPDATE term SET cover = x'ff' WHERE resource = 1", "resource 1: index row 0 differs"),
        ("INSERT INTO term VALUES (1, x'01', 1, x'')", "should have"),
        ("INSERT INTO staged_term VALUES (1, x'01', 1, x'')", "not finished"),
        (
            "UPDATE audit_block SET body = replace(body, '200', '403') WHERE first = 1",
            "lines 1 to 2",
        ),
        ("UPDATE audit_block SET body = body || char(10) WHERE first = 3", "lines 3 to 4"),
        ("UPDATE audit_block SET link = zeroblob(32) WHERE first = 2", "lines 2 to 3"),
        ("DELETE FROM audit_block WHERE first = 0", "line 0 of the audit chain is missing"),
        ("DELETE FROM audit_block WHERE first = 2", "line 2 of the audit chain is missing"),
        ("DELETE FROM audit_block WHERE first = 3", "line 3 of the audit chain is missing"),
        ("DELETE FROM message WHERE id = 1024", "delivery 1025: its message is not there"),
        ("DELETE FROM message WHERE id = 2048", "a label leads to message 2048"),
        ("DELETE FROM message WHERE id = 1024", "a sender's name leads to message 1024"),
        ("DELETE FROM event WHERE n = 1 AND delivery = 1025", "2 lines of history from 2 to 3"),
        ("DELETE FROM event WHERE n = 2", "2 lines of history from 1 to 3, should be 3"),
        ("DELETE FROM event WHERE n = 3", "2 lines of history from 1 to 2, should be 3"),
        ("DELETE FROM event WHERE delivery = 2049", "0 lines of history from 0 to 0"),
        ("UPDATE event SET n = 4 WHERE n = 3", "3 lines of history from 1 to 4"),
        ("INSERT INTO event VALUES (9, 1, 0, 1, x'')", "history of deliveries that are not"),
        ("DELETE FROM delivery WHERE id = 1025", "history of deliveries that are not there"),
        ("UPDATE delivery SET state = 300 WHERE id = 1025", "delivery 1025"),
        ("DELETE FROM content", "part 1 of content 2048 belongs nowhere"),
        ("UPDATE content SET parts = 1", "part 2 of content 2048 belongs nowhere"),
        ("UPDATE content_part SET bytes = 7", "has 262145 bytes and should have 7"),
        ("UPDATE content_part SET checksums = x'' WHERE n = 2", "another number of checksums"),
        ("UPDATE content_part SET checksums = zeroblob(16)", "is not what was written, in block 0"),
        ("UPDATE content_part SET file = replace(file, '-', '')", "the name of a file"),
    ];
    for (sql, due) in cases {
        let folder = TempDir::new().unwrap();
        let store = open(folder.path());
        fill(&store).await;
        let other = Connection::open(folder.path().join(DATABASE)).unwrap();
        other.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let sql = sql.replace(
            "replace(body, '200', '403')",
            "CAST(replace(CAST(body AS TEXT), '200', '403') AS BLOB)",
        );
        let sql = sql.replace("body || char(10)", "CAST(CAST(body AS TEXT) || char(10) AS BLOB)");
        other.execute_batch(&sql).unwrap();
        let report = store.check(&mut |_, _| ()).unwrap();
        let found = report.problems.iter().any(|problem| problem.contains(due));
        assert_eq!(report.is_clean(), due.is_empty(), "{sql}: {report:?}");
        assert!(due.is_empty() || found, "{sql}: {report:?}");
    }
}

#[tokio::test]
async fn damaged_files_are_found_and_not_handed_out() {
    type Harm = fn(&Path);
    let harm: [(&str, Harm); 4] = [
        ("is not what was written, in block 1", |file| {
            let mut bytes = fs::read(file).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(file, bytes).unwrap();
        }),
        ("has 262144 bytes and should have 262145", |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() - 1]).unwrap();
        }),
        ("has 262146 bytes and should have 262145", |file| {
            let mut bytes = fs::read(file).unwrap();
            bytes.push(2);
            fs::write(file, bytes).unwrap();
        }),
        ("the file of part 2 of content 2048", |file| fs::remove_file(file).unwrap()),
    ];
    for (due, harm) in harm {
        let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let store = open(folder.path());
        mail(&store).await;
        let copy = elsewhere.path().join("copy");
        store.backup(&copy).unwrap();
        // The copy has second names for the same bytes: harm its own.
        let file = &part_files(folder.path())[1];
        let bytes = fs::read(file).unwrap();
        fs::remove_file(file).unwrap();
        fs::write(file, bytes).unwrap();
        harm(file);
        let problems = store.check(&mut |_, _| ()).unwrap().problems;
        assert!(problems.len() == 1 && problems[0].contains(due), "{due}: {problems:?}");
        let read = || -> Result<(), StoreError> {
            let mut reader = store.contents().read(ContentId(id(2).0), 2)?.unwrap();
            while let Some(bytes) = reader.next()? {
                assert!(bytes.iter().all(|byte| *byte == 2), "{due}");
            }
            Ok(())
        };
        assert!(matches!(read(), Err(StoreError::Damaged(_))), "{due}");
        // Nor is a damaged backup restored.
        harm(&part_files(&copy)[0]);
        let target = elsewhere.path().join("target");
        let refused = Store::restore(&copy, &folder.path().join("keys"), &target);
        assert!(matches!(refused, Err(StoreError::Damaged(_))), "{due}: {refused:?}");
        assert!(!target.join("contents").exists());
    }
}

#[tokio::test]
async fn a_damaged_backup_is_not_restored() {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = open(folder.path());
    fill(&store).await;
    let (copy, target) = (elsewhere.path().join("copy"), elsewhere.path().join("target"));
    store.backup(&copy).unwrap();
    let other = Connection::open(copy.join(DATABASE)).unwrap();
    other
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM history WHERE version = 2")
        .unwrap();
    drop(other);
    let keys = folder.path().join("keys");
    let refused = Store::restore(&copy, &keys, &target);
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
    assert!(!target.join(DATABASE).exists());
    let refused = Store::restore(&elsewhere.path().join("nothing"), &keys, &target);
    assert!(matches!(refused, Err(StoreError::Folder(_))), "{refused:?}");
}

#[tokio::test]
async fn progress_ends_where_it_should() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    fill(&store).await;
    let mut last = (0, 0);
    let report = store.check(&mut |done, total| last = (done, total)).unwrap();
    assert_eq!(last, (13, 13));
    assert_eq!((report.resources, report.versions, report.terms, report.accesses), (5, 8, 5, 4));
    assert_eq!((report.messages, report.deliveries), (2, 2));
}
