//! Nothing of the directory is on disk as it is, whatever happens to its keys.

use std::path::PathBuf;

use base::Clock;
use tempfile::TempDir;

use super::*;
use crate::directory::Record;
use crate::sqlite::Sqlite;
use crate::sqlite::folder::DATABASE;
use crate::{Store, Transaction};

const KIND: &str = "mailbox-secret";
const SECRET: &str = "correct-horse-battery-staple";

fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(folder, Clock::System, &Dice::System)
}

fn id(number: usize) -> String {
    format!("box-{number:04}")
}

/// A store with so many secrets.
async fn with_secrets(folder: &Path, count: usize) -> Store {
    let store = open(folder).unwrap();
    store.commit(secrets(count)).await.unwrap();
    store
}

fn secrets(count: usize) -> Transaction {
    let record = |number| Record { kind: KIND, id: id(number), body: Some(secret(number)) };
    (0..count).map(record).fold(Transaction::new(), Transaction::record)
}

fn secret(number: usize) -> String {
    format!("{{\"password\":\"{SECRET}-{number}\"}}")
}

fn all_are_there(store: &Store, count: usize) {
    let all = store.directory().all(KIND).unwrap();
    let due: Vec<(String, String)> = (0..count).map(|n| (id(n), secret(n))).collect();
    assert_eq!(all, due);
    assert_eq!(store.directory().get(KIND, &id(0)).unwrap(), Some(secret(0)));
}

/// The files below a folder that hold the secret as it is.
fn files_that_tell(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_that_tell(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            if bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()) {
                found.push(path);
            }
        }
    }
    found
}

fn kid(folder: &Path) -> Vec<String> {
    read(folder).unwrap().unwrap().shown().into_iter().map(|key| key.id).collect()
}

#[tokio::test]
async fn what_the_directory_holds_is_sealed_on_disk() {
    let folder = TempDir::new().unwrap();
    let store = with_secrets(folder.path(), 3).await;
    assert_eq!(files_that_tell(folder.path()), Vec::<PathBuf>::new(), "while it is open");
    all_are_there(&store, 3);
    store.close();
    drop(store);
    assert_eq!(files_that_tell(folder.path()), Vec::<PathBuf>::new());
    all_are_there(&open(folder.path()).unwrap(), 3);
    let rights = fs::metadata(folder.path().join(FILE)).unwrap().permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&rights) & 0o777, 0o600);
}

#[tokio::test]
async fn a_store_that_sealed_nothing_is_brought_up_to_date() {
    let folder = TempDir::new().unwrap();
    drop(with_secrets(folder.path(), 1).await);
    // As an older version left it: with more than one batch, and no keys.
    let rows = Connection::open(folder.path().join(DATABASE)).unwrap();
    rows.execute_batch("DELETE FROM directory").unwrap();
    let kind: i64 =
        rows.query_row("SELECT id FROM word WHERE text = ?1", [KIND], |row| row.get(0)).unwrap();
    let count = 2 * BATCH as usize + 7;
    for number in 0..count {
        rows.execute(
            "INSERT INTO directory VALUES (?1, ?2, ?3)",
            (kind, id(number), secret(number)),
        )
        .unwrap();
    }
    drop(rows);
    fs::remove_file(folder.path().join(FILE)).unwrap();
    assert_ne!(files_that_tell(folder.path()), Vec::<PathBuf>::new());
    let store = open(folder.path()).unwrap();
    all_are_there(&store, count);
    assert_eq!(files_that_tell(folder.path()), Vec::<PathBuf>::new(), "at the first start");
    assert_eq!(store.check(&mut |_, _| ()).unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_key_is_replaced_while_others_read_and_write() {
    let folder = TempDir::new().unwrap();
    let count = 2 * BATCH as usize + 7;
    let store = with_secrets(folder.path(), count).await;
    let first = kid(folder.path());
    let rotating = {
        let store = store.clone();
        std::thread::spawn(move || store.rotate_keys().unwrap())
    };
    while !rotating.is_finished() {
        store.commit(secrets(1)).await.unwrap();
        all_are_there(&store, count);
    }
    let sealed = rotating.join().unwrap();
    assert!(sealed >= count as u64 - 1, "{sealed} sealed anew");
    let second = kid(folder.path());
    assert!(second.len() == 1 && second != first, "the old key is gone: {first:?} {second:?}");
    drop(store);
    let store = open(folder.path()).unwrap();
    all_are_there(&store, count);
    assert_eq!(store.keys().len(), 1);
}

/// Each stage at which a power cut may come, and what is left to be done after it.
#[tokio::test]
async fn a_replacement_that_was_cut_off_goes_on_at_the_next_start() {
    let count = 2 * BATCH as usize + 7;
    for batches in 0..=3 {
        let folder = TempDir::new().unwrap();
        drop(with_secrets(folder.path(), count).await);
        let first = kid(folder.path());
        {
            let engine = Sqlite::open(folder.path(), Clock::System, &Dice::System).unwrap();
            let core = &engine.core;
            let mut ring = (*core.sealer.ring()).clone();
            ring.turn(core.clock.now(), &Dice::System);
            write(&core.folder, &ring).unwrap();
            *core.sealer.ring.write().unwrap() = Arc::new(ring.clone());
            let mut after = (i64::MIN, String::new());
            for _ in 0..batches {
                if let Some((last, _)) = batch(core, &beginning(&ring), &after).unwrap() {
                    after = last;
                }
            }
        }
        assert_eq!(kid(folder.path()).len(), 2, "cut off after {batches} batches");
        let store = open(folder.path()).unwrap();
        all_are_there(&store, count);
        let second = kid(folder.path());
        assert!(second.len() == 1 && second != first, "after {batches} batches");
    }
}

#[tokio::test]
async fn a_sealed_body_is_of_no_use_elsewhere() {
    let folder = TempDir::new().unwrap();
    drop(with_secrets(folder.path(), 2).await);
    let rows = Connection::open(folder.path().join(DATABASE)).unwrap();
    let swap = "UPDATE directory SET body = (SELECT body FROM directory WHERE id = 'box-0001')
                WHERE id = 'box-0000'";
    rows.execute_batch(swap).unwrap();
    drop(rows);
    let store = open(folder.path()).unwrap();
    assert!(matches!(store.directory().get(KIND, &id(0)), Err(StoreError::Damaged(_))));
    assert_eq!(store.directory().get(KIND, &id(1)).unwrap(), Some(secret(1)));
    let problems = store.check(&mut |_, _| ()).unwrap().problems;
    assert_eq!(
        problems,
        ["the directory: mailbox-secret box-0000 is sealed with a key that is \
                           not there"]
    );
}

#[tokio::test]
async fn without_its_keys_a_store_does_not_open() {
    let folder = TempDir::new().unwrap();
    drop(with_secrets(folder.path(), 1).await);
    let (file, kept) = (folder.path().join(FILE), folder.path().join("kept"));
    fs::rename(&file, &kept).unwrap();
    let refused = open(folder.path()).err();
    assert!(matches!(&refused, Some(StoreError::Folder(why)) if why.contains("is missing")));
    assert!(!file.exists(), "no new key is made in its place");
    fs::write(&file, "nonsense").unwrap();
    assert!(matches!(open(folder.path()).err(), Some(StoreError::Damaged(_))));
    fs::rename(&kept, &file).unwrap();
    all_are_there(&open(folder.path()).unwrap(), 1);
}

#[tokio::test]
async fn a_backup_holds_no_secret_and_is_restored_with_the_keys_of_its_time() {
    let folder = TempDir::new().unwrap();
    let (live, copy) = (folder.path().join("live"), folder.path().join("copy"));
    let store = with_secrets(&live, 3).await;
    let pseudonym = store.audit().pseudonym("9000000009");
    store.backup(&copy).unwrap();
    assert_eq!(files_that_tell(&copy), Vec::<PathBuf>::new());
    assert!(!copy.join("keys").exists());
    for key in ["audit.key", "audit-signing.key"] {
        assert!(!copy.join(key).exists() && copy.join(format!("{key}.sealed")).exists(), "{key}");
        let bytes = fs::read(live.join(key)).unwrap();
        let sealed = fs::read(copy.join(format!("{key}.sealed"))).unwrap();
        assert!(!sealed.windows(bytes.len()).any(|window| window == bytes), "{key}");
    }
    let kept = folder.path().join("kept");
    store.copy_keys(&kept).unwrap();
    store.rotate_keys().unwrap();

    let restored = folder.path().join("restored");
    let refused = Store::restore(&copy, &folder.path().join("none"), &restored).err();
    assert!(matches!(&refused, Some(StoreError::Folder(why)) if why.contains("is missing")));
    let refused = Store::restore(&copy, &live.join("keys"), &restored).err();
    assert!(matches!(&refused, Some(StoreError::Folder(why)) if why.contains("of its time")));
    assert!(!restored.join(DATABASE).exists());
    Store::restore(&copy, &kept, &restored).unwrap();
    let restored = open(&restored).unwrap();
    all_are_there(&restored, 3);
    assert_eq!(restored.audit().pseudonym("9000000009"), pseudonym);
}
