//! A check finds whatever is wrong, and nothing where nothing is.

use rusqlite::Connection;
use tempfile::TempDir;

use crate::sqlite::folder::DATABASE;
use crate::sqlite::tests::{open, put};
use crate::{Access, Store, StoreError, Transaction};

async fn fill(store: &Store) {
    for turn in 0..4 {
        let access = Access {
            at: jiff::Timestamp::UNIX_EPOCH,
            service: "things".to_owned(),
            interaction: "read".to_owned(),
            mode: String::new(),
            client: String::new(),
            organisation: String::new(),
            user: String::new(),
            subjects: Vec::new(),
            outcome: 200,
            request: turn.to_string(),
        };
        let body = format!("{turn}{}", "x".repeat(1000));
        store.commit(Transaction::new().put(put("a", &body)).access(access)).await.unwrap();
        store.commit(Transaction::new().put(put(&format!("b{turn}"), "{}"))).await.unwrap();
    }
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
    let refused = Store::restore(&copy, &target);
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
    assert!(!target.join(DATABASE).exists());
    let refused = Store::restore(&elsewhere.path().join("nothing"), &target);
    assert!(matches!(refused, Err(StoreError::Folder(_))), "{refused:?}");
}

#[tokio::test]
async fn progress_ends_where_it_should() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    fill(&store).await;
    let mut last = (0, 0);
    let report = store.check(&mut |done, total| last = (done, total)).unwrap();
    assert_eq!(last, (9, 9));
    assert_eq!((report.resources, report.versions, report.terms, report.accesses), (5, 8, 5, 4));
}
