//! The chain is sealed once a minute while there is something new, and at the start and the end.

use std::path::PathBuf;

use base::Clock;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::sqlite::folder::DATABASE;
use crate::sqlite::{AuditFolder, Sqlite};
use crate::{Access, Transaction, Witness};

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

fn key(engine: &Sqlite) -> PublicKey {
    engine.core.seal.state.lock().unwrap().key.public()
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
    let first = key(&trial.open());
    assert_eq!(key(&trial.open()), first);
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

/// What a crash leaves of a folder: the log first, so that what is written home meanwhile is in it.
fn as_after_a_crash(folder: &Path) -> TempDir {
    let left = TempDir::new().unwrap();
    let mut files: Vec<PathBuf> = walk(folder);
    files.sort_by_key(|file| !file.to_string_lossy().ends_with("-wal"));
    for file in files {
        let to = left.path().join(file.strip_prefix(folder).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(file, to).unwrap();
    }
    left
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

/// The folder as a crash leaves it at every step of a change of the key, and whether the change
/// counts there.
fn left_at_each_step(core: &Core, folder: &Path) -> (Vec<(TempDir, bool)>, Change) {
    let mut state = core.seal.state.lock().unwrap();
    let first = state.key.public();
    let mut left = vec![(as_after_a_crash(folder), false)];
    let next = signing_keys::prepare(folder, &core.seal.dice).unwrap();
    left.push((as_after_a_crash(folder), false));
    let line = put_in_force(core, Access::default(), &state.key, &next).unwrap();
    left.push((as_after_a_crash(folder), true));
    let change = Change { line, before: first, after: next.public() };
    let retired = signing_keys::retired_file(folder, &first);
    fs::create_dir_all(retired.parent().unwrap()).unwrap();
    write_open(&retired, first.to_pem().as_bytes()).unwrap();
    left.push((as_after_a_crash(folder), true));
    write_open(&folder.join(SIGNING_PUBLIC), next.public().to_pem().as_bytes()).unwrap();
    left.push((as_after_a_crash(folder), true));
    signing_keys::follow(folder, &change).unwrap();
    left.push((as_after_a_crash(folder), true));
    state.key = next;
    seal(core, &mut state).unwrap();
    left.push((as_after_a_crash(folder), true));
    (left, change)
}

#[tokio::test]
async fn a_change_of_the_key_that_was_cut_off_anywhere_is_done_or_was_never_begun() {
    let trial = Trial::new();
    let engine = trial.open();
    access(&engine).await;
    now(&engine.core).unwrap();
    let (left, change) = left_at_each_step(&engine.core, trial.folder.path());
    let first = change.before;
    for (step, (left, done)) in left.iter().enumerate() {
        let before = AuditFolder::open(left.path()).unwrap();
        let verdict = before.verify(&Witness::default(), &mut |_, _| ()).unwrap();
        assert!(verdict.is_clean(), "step {step}, as it was left: {verdict:?}");
        let opened = Sqlite::open(left.path(), trial.clock.clone(), &Dice::seeded(5)).unwrap();
        assert_eq!(key(&opened), if *done { change.after } else { first }, "step {step}");
        rotate(&opened.core, Access::default()).unwrap();
        access(&opened).await;
        opened.close();
        let after = AuditFolder::open(left.path()).unwrap();
        let witness = Witness { public_key: Some(first), kept: Vec::new() };
        let verdict = after.verify(&witness, &mut |_, _| ()).unwrap();
        assert!(verdict.is_clean(), "step {step}: {verdict:?}");
        assert_eq!(verdict.lines, if *done { 4 } else { 3 }, "step {step}");
        assert!(!left.path().join(crate::sqlite::folder::SIGNING_NEXT).exists());
    }
}
