//! The chain is sealed once a minute while there is something new, and at the start and the end.

use std::path::PathBuf;

use base::Clock;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::sqlite::Sqlite;
use crate::sqlite::folder::DATABASE;
use crate::{Access, Transaction};

/// An engine on a clock that a test moves, and its folder.
struct Trial {
    folder: TempDir,
    clock: Clock,
}

impl Trial {
    fn new() -> Self {
        let clock = Clock::stopped("2026-11-22T10:00:00Z".parse().unwrap());
        Self { folder: TempDir::new().unwrap(), clock }
    }

    fn open(&self) -> Sqlite {
        Sqlite::open(self.folder.path(), self.clock.clone(), &Dice::seeded(1)).unwrap()
    }

    /// How many lines each checkpoint covers, in the file and in the table.
    fn sealed(&self) -> (Vec<u64>, Vec<u64>) {
        let count = |line: &String| Checkpoint::from_line(line).unwrap().count;
        let rows = Connection::open(self.database()).unwrap();
        let mut table = rows.prepare("SELECT line FROM audit_checkpoint ORDER BY count").unwrap();
        let table = table.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap);
        let table: Vec<String> = table.collect();
        let file = seals::lines(self.folder.path()).unwrap();
        (file.iter().map(count).collect(), table.iter().map(count).collect())
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }
}

async fn access(engine: &Sqlite) {
    engine.commit(Transaction::new().access(Access::default())).await.unwrap();
}

fn both(counts: &[u64]) -> (Vec<u64>, Vec<u64>) {
    (counts.to_vec(), counts.to_vec())
}

#[tokio::test]
async fn a_chain_is_sealed_each_minute_while_there_is_something_new() {
    let trial = Trial::new();
    let engine = trial.open();
    access(&engine).await;
    when_due(&engine.core).unwrap();
    assert_eq!(trial.sealed(), both(&[]), "not yet");
    trial.clock.advance_ms(SEAL_S * 1000);
    when_due(&engine.core).unwrap();
    assert_eq!(trial.sealed(), both(&[1]));
    trial.clock.advance_ms(SEAL_S * 1000);
    when_due(&engine.core).unwrap();
    assert_eq!(trial.sealed(), both(&[1]), "nothing new");
    access(&engine).await;
    trial.clock.advance_ms(-2 * SEAL_S * 1000);
    when_due(&engine.core).unwrap();
    assert_eq!(trial.sealed(), both(&[1, 2]), "though the clock was set back");
}

#[tokio::test]
async fn the_housekeeper_seals_by_itself() {
    let trial = Trial::new();
    let engine = trial.open();
    access(&engine).await;
    trial.clock.advance_ms(SEAL_S * 1000);
    while trial.sealed() != both(&[1]) {
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn a_chain_is_sealed_at_the_end_and_after_a_crash_at_the_start() {
    let trial = Trial::new();
    let engine = trial.open();
    access(&engine).await;
    engine.close();
    assert_eq!(trial.sealed(), both(&[1]));
    drop(engine);
    // As a crash leaves it: a line that no checkpoint covers.
    let engine = trial.open();
    access(&engine).await;
    let crashed = TempDir::new().unwrap();
    let copy = crashed.path().join("copy");
    engine.backup(&copy).unwrap();
    assert_eq!(seals::lines(&copy).unwrap().len(), 1);
    let restored = crashed.path().join("restored");
    let keys = trial.folder.path().join("keys");
    Sqlite::restore(&copy, &keys, &restored).unwrap();
    drop(Sqlite::open(&restored, trial.clock.clone(), &Dice::seeded(2)).unwrap());
    assert_eq!(seals::lines(&restored).unwrap().len(), 2);
}

#[tokio::test]
async fn a_crash_between_file_and_table_is_made_good() {
    let trial = Trial::new();
    let engine = trial.open();
    access(&engine).await;
    engine.close();
    drop(engine);
    let rows = Connection::open(trial.database()).unwrap();
    rows.execute("DELETE FROM audit_checkpoint", []).unwrap();
    assert_eq!(trial.sealed(), (vec![1], vec![]));
    drop(trial.open());
    assert_eq!(trial.sealed(), both(&[1]));
}

#[tokio::test]
async fn a_table_that_takes_no_checkpoint_gets_it_later() {
    let trial = Trial::new();
    let engine = trial.open();
    let rows = Connection::open(trial.database()).unwrap();
    let refuse = "CREATE TRIGGER no BEFORE INSERT ON audit_checkpoint
        BEGIN SELECT RAISE(ABORT, 'no'); END";
    rows.execute_batch(refuse).unwrap();
    access(&engine).await;
    assert!(now(&engine.core).is_err());
    access(&engine).await;
    assert!(now(&engine.core).is_err());
    assert_eq!(trial.sealed(), (vec![1], vec![]), "no second one while the first waits");
    rows.execute_batch("DROP TRIGGER no").unwrap();
    now(&engine.core).unwrap();
    assert_eq!(trial.sealed(), both(&[1, 2]));
}

#[test]
fn the_key_is_made_once_and_only_its_owner_may_read_it() {
    let trial = Trial::new();
    let first = trial.open().core.seal.key.public();
    assert_eq!(trial.open().core.seal.key.public(), first);
    let path = trial.folder.path().join(SIGNING_KEY);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_empty_house_is_never_sealed() {
    let trial = Trial::new();
    drop(trial.open());
    assert_eq!(trial.sealed(), both(&[]));
}
