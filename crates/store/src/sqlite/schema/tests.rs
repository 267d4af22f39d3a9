//! Every store, however old, ends up with the same tables; and what is not ours is left alone.

use base::{Clock, Dice};
use rusqlite::StatementStatus;
use tempfile::TempDir;

use super::*;
use crate::Store;
use crate::conformance::messages::accept;
use crate::messages::{Accept, Repeat};
use crate::sqlite::folder::{AUDIT_KEY, DATABASE};
use crate::sqlite::tests::open;

/// What today's tables and indexes are called. A change here needs a step in `STEPS`.
const TODAY: &str = "audit_block audit_checkpoint audit_key audit_subject audit_unindexed content \
                     content_part conversation conversation_latest delivery delivery_due \
                     delivery_listed dictionary directory event history job job_answered \
                     job_unanswered lane leg message message_label message_repeat resource \
                     staged_term term word";

/// The tables and indexes with their columns, whatever way they came about.
fn tables(connection: &Connection) -> Vec<String> {
    let sql = "SELECT s.type || ' ' || s.name || ' ' || coalesce(x.name, '?') || ' '
                   || x.type || x.\"notnull\" || x.pk
               FROM sqlite_schema s, pragma_table_xinfo(s.name) x
               WHERE s.name NOT LIKE 'sqlite_%' ORDER BY s.name, x.cid";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn names(connection: &Connection) -> String {
    let sql = "SELECT group_concat(name, ' ') FROM
               (SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name)";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_statement_is_planned_once_whatever_is_bound_to_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(DATABASE);
    let writer = open_writer(&file).unwrap();
    let reader = open_reader(&file).unwrap();
    for connection in [&writer, &reader] {
        let mut statement = connection.prepare("SELECT id FROM delivery LIMIT ?1").unwrap();
        for most in [1, 2, 3] {
            assert!(statement.query([most]).unwrap().next().unwrap().is_none());
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}

#[test]
fn an_older_store_ends_up_like_a_new_one() {
    let mut new = Connection::open_in_memory().unwrap();
    step_up(&mut new, STEPS).unwrap();
    assert_eq!(names(&new), TODAY);
    for known in 1..STEPS.len() {
        let mut old = Connection::open_in_memory().unwrap();
        step_up(&mut old, &STEPS[..known]).unwrap();
        assert_ne!(tables(&old), tables(&new), "step {} changes nothing", known + 1);
        step_up(&mut old, STEPS).unwrap();
        assert_eq!(tables(&old), tables(&new), "from schema {known}");
        step_up(&mut old, STEPS).unwrap();
        assert_eq!(tables(&old), tables(&new), "stepping up twice");
    }
}

#[test]
fn what_an_old_store_holds_is_kept() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(AUDIT_KEY), [1; 32]).unwrap();
    let mut old = Connection::open(folder.path().join(DATABASE)).unwrap();
    step_up(&mut old, &STEPS[..1]).unwrap();
    old.execute_batch(
        "INSERT INTO word (id, text) VALUES (1, 'thing'), (2, 'colour');
         INSERT INTO resource (row, kind, id, version, at, terms, dictionary, body)
             VALUES (1, 1, 'a', 8, 0, x'020372656400', -1, x'38'),
                    (2, 1, 'b', 3, 0, x'', -1, x'33');
         INSERT INTO history VALUES (1, 7, 0, -1, x'37');
         INSERT INTO term VALUES (2, x'726564', 1, x'');
         INSERT INTO job VALUES ('j', zeroblob(32), 0, x'', NULL);",
    )
    .unwrap();
    drop(old);
    let store = open(folder.path());
    let history = store.resources().history("thing", "a", 9).unwrap();
    let bodies: Vec<_> = history.into_iter().map(|stored| (stored.version, stored.body)).collect();
    assert_eq!(bodies, [(8, "8".into()), (7, "7".into())]);
    assert_eq!(store.jobs().unanswered(9).unwrap().len(), 1);
    assert_eq!(store.check(&mut |_, _| ()).unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_store_from_before_messages_takes_them() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(AUDIT_KEY), [1; 32]).unwrap();
    let mut old = Connection::open(folder.path().join(DATABASE)).unwrap();
    step_up(&mut old, &STEPS[..4]).unwrap();
    old.execute_batch(
        "INSERT INTO word (id, text) VALUES (1, 'thing');
         INSERT INTO resource (row, kind, id, first, version, at, terms, dictionary, body)
             VALUES (1, 1, 'a', 1, 1, 0, x'', -1, x'38');",
    )
    .unwrap();
    drop(old);
    // What an older version serves holds secrets as they are, and so would a backup.
    let copy = folder.path().join("copy");
    let refused = Store::backup_of(folder.path(), &copy);
    assert!(matches!(refused, Err(StoreError::Folder(_))), "{refused:?}");
    let store = open(folder.path());
    Store::backup_of(folder.path(), &copy).unwrap();
    let keys = folder.path().join("keys");
    Store::restore(&copy, &keys, &folder.path().join("restored")).unwrap();
    assert!(store.resources().get("thing", "a").unwrap().is_some());
    let message = accept(1, "a");
    store.commit(crate::Transaction::new().accept(message.clone())).await.unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.messages().get(message.message.id).unwrap(), Some(message.message));
    assert_eq!(store.check(&mut |_, _| ()).unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn the_names_that_senders_gave_in_an_old_store_are_known() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(AUDIT_KEY), [1; 32]).unwrap();
    let mut old = Connection::open(folder.path().join(DATABASE)).unwrap();
    step_up(&mut old, &STEPS[..9]).unwrap();
    let before = accept(1, "a").message.id;
    let row = (before.0 as i64, [4; 32], [5; 32]);
    old.execute("INSERT INTO message VALUES (?1, NULL, x'', x'')", [row.0]).unwrap();
    old.execute("INSERT INTO message_label VALUES (7, ?1)", [row.0]).unwrap();
    old.execute("INSERT INTO message_repeat (message, key, digest) VALUES (?1, ?2, ?3)", row)
        .unwrap();
    drop(old);
    let store = open(folder.path());
    let repeat = Some(Repeat { label: 7, key: row.1, digest: [6; 32] });
    let again = Accept { repeat, ..accept(2, "a") };
    match store.commit(crate::Transaction::new().accept(again)).await {
        Err(StoreError::Repeated { message, digest }) => {
            assert_eq!((message, digest), (before, row.2));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(store.check(&mut |_, _| ()).unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_newer_store_is_refused() {
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()));
    let newer = Connection::open(folder.path().join(DATABASE)).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let refused = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).err();
    let known = STEPS.len() as u32;
    assert!(
        matches!(refused, Some(StoreError::Newer { found: 99, known: due }) if due == known),
        "{refused:?}"
    );
}

#[test]
fn another_programs_database_is_refused() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(AUDIT_KEY), [1; 32]).unwrap();
    let other = Connection::open(folder.path().join(DATABASE)).unwrap();
    other.execute_batch("CREATE TABLE photos (name TEXT)").unwrap();
    let refused = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).err();
    assert!(matches!(refused, Some(StoreError::Folder(_))), "{refused:?}");
    assert_eq!(names(&other), "photos");
}

#[test]
fn a_file_beside_which_nothing_can_be_made_is_looked_at_all_the_same() {
    let folder = tempfile::TempDir::new().unwrap();
    let (file, long) = (folder.path().join("plain.db"), folder.path().join("x".repeat(254)));
    open_writer(&file).unwrap().close().unwrap();
    // No name is left for the log, as in a folder that may not be written to.
    std::fs::rename(&file, &long).unwrap();
    let count = "SELECT count(*) FROM sqlite_schema";
    let look = |rows: Connection| rows.query_row(count, [], |row| row.get::<_, i64>(0));
    assert!(
        open_reader(&long).map_err(|_| ()).and_then(|rows| look(rows).map_err(|_| ())).is_err()
    );
    assert!(look(open_witness(&long).unwrap()).unwrap() > 0);
    assert!(open_witness(&folder.path().join("none.db")).is_err());
}
