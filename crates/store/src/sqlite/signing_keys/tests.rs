//! Keys follow one another by the chain alone, and whatever is done to that is found.

use base::Clock;
use tempfile::TempDir;

use super::*;
use crate::audit::checkpoint::Checkpoint;
use crate::audit::{FIRST_LINK, Link, link};
use crate::sqlite::folder::DATABASE;
use crate::sqlite::{AuditFolder, seals};
use crate::{Access, KeyChange, Store, Transaction, Witness};

fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(folder, Clock::System, &Dice::seeded(1))
}

fn rotate(store: &Store) -> KeyChange {
    let access = Access { interaction: "rotate-audit-key".into(), ..Access::default() };
    store.audit().rotate_signing_key(access).unwrap()
}

async fn look(store: &Store) {
    let subjects = vec![store.audit().pseudonym("1")];
    let access = Access { subjects, ..Access::default() };
    store.commit(Transaction::new().access(access)).await.unwrap();
}

fn public(folder: &Path) -> PublicKey {
    PublicKey::from_pem(&fs::read_to_string(folder.join(SIGNING_PUBLIC)).unwrap()).unwrap()
}

/// Line 0, the key replaced by line 1, lines 2 and 3, replaced by line 4, line 5; sealed at 1, 2,
/// 4, 5 and 6 lines. Returns the three keys.
async fn fill(folder: &Path) -> [PublicKey; 3] {
    let store = open(folder).unwrap();
    let first = public(folder);
    look(&store).await;
    assert_eq!(rotate(&store).line, 1);
    let second = public(folder);
    look(&store).await;
    look(&store).await;
    let change = rotate(&store);
    let third = public(folder);
    assert_eq!((change.line, change.before, change.after), (4, second.name(), third.name()));
    look(&store).await;
    store.close();
    [first, second, third]
}

fn problems(folder: &Path, key: Option<PublicKey>, kept: &[Checkpoint]) -> Vec<String> {
    let chain = AuditFolder::open(folder).unwrap();
    let witness = Witness { public_key: key, kept: kept.to_vec() };
    chain.verify(&witness, &mut |_, _| ()).unwrap().problems
}

fn checkpoints(folder: &Path) -> Vec<Checkpoint> {
    let lines = seals::lines(folder).unwrap();
    lines.iter().map(|line| Checkpoint::from_line(line).unwrap()).collect()
}

fn put_checkpoints(folder: &Path, checkpoints: &[Checkpoint]) {
    let text: String = checkpoints.iter().map(|made| made.to_line() + "\n").collect();
    fs::write(folder.join(seals::FILE), text).unwrap();
    let rows = rows(folder);
    rows.execute("DELETE FROM audit_checkpoint", []).unwrap();
    for checkpoint in checkpoints {
        let insert = "INSERT INTO audit_checkpoint VALUES (?1, ?2)";
        rows.execute(insert, (checkpoint.count.cast_signed(), checkpoint.to_line())).unwrap();
    }
}

fn rows(folder: &Path) -> Connection {
    Connection::open(folder.join(DATABASE)).unwrap()
}

#[tokio::test]
async fn every_checkpoint_stays_verifiable_by_any_key_that_somebody_kept() {
    let folder = TempDir::new().unwrap();
    let keys = fill(folder.path()).await;
    let made = checkpoints(folder.path());
    let due = [(1, 0), (2, 1), (4, 1), (5, 2), (6, 2)];
    assert_eq!(made.len(), due.len());
    for (checkpoint, (count, key)) in made.iter().zip(due) {
        assert_eq!(checkpoint.count, count);
        assert!(checkpoint.is_signed_by(&keys[key]), "{count} lines");
    }
    for key in [None, Some(keys[0]), Some(keys[1]), Some(keys[2])] {
        assert_eq!(problems(folder.path(), key, &made), Vec::<String>::new());
    }
    let stranger = SigningKey::from_seed(&[9; 32]).unwrap().public();
    let found = problems(folder.path(), Some(stranger), &made);
    assert_eq!(found, ["audit-signing.pub is not the public key that was given"]);
    let store = open(folder.path()).unwrap();
    assert_eq!(store.check(&mut |_, _| ()).unwrap().problems, Vec::<String>::new());
    rotate(&store);
    assert_eq!(problems(folder.path(), Some(keys[0]), &made), Vec::<String>::new(), "it serves");
}

#[tokio::test]
async fn the_key_is_replaced_while_others_commit() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).unwrap();
    let others = (0..4).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                look(&store).await;
            }
        })
    });
    let others: Vec<_> = others.collect();
    for _ in 0..5 {
        let store = store.clone();
        tokio::task::spawn_blocking(move || rotate(&store)).await.unwrap();
    }
    for other in others {
        other.await.unwrap();
    }
    store.close();
    assert_eq!(store.audit().head().unwrap().0, 205);
    drop(store);
    assert_eq!(problems(folder.path(), None, &[]), Vec::<String>::new());
    open(folder.path()).unwrap();
}

#[tokio::test]
async fn a_backup_has_every_key_and_goes_on_with_the_last() {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let [first, _, third] = fill(folder.path()).await;
    let (copy, restored) = (elsewhere.path().join("copy"), elsewhere.path().join("restored"));
    Store::backup_of(folder.path(), &copy).unwrap();
    assert_eq!(problems(&copy, Some(first), &[]), Vec::<String>::new());
    Store::restore(&copy, &folder.path().join("keys"), &restored).unwrap();
    let store = open(&restored).unwrap();
    look(&store).await;
    store.close();
    assert_eq!(public(&restored), third);
    assert_eq!(problems(&restored, Some(first), &[]), Vec::<String>::new());
    // The key of a folder whose last key the copied chain does not have.
    fs::write(folder.path().join(SIGNING_KEY), [9; 32]).unwrap();
    let refused = Store::backup_of(folder.path(), &elsewhere.path().join("again"));
    assert!(matches!(refused, Err(StoreError::Folder(why)) if why.contains("back up again")));
}

/// Takes a line out of the chain, and numbers and links what is left anew.
fn drop_line(folder: &Path, line: i64) {
    let rows = rows(folder);
    rows.execute("DELETE FROM audit_block WHERE first = ?1", [line]).unwrap();
    rows.execute("DELETE FROM audit_key WHERE line = ?1", [line]).unwrap();
    rows.execute("UPDATE audit_key SET line = line - 1 WHERE line > ?1", [line]).unwrap();
    let mut blocks = rows.prepare("SELECT first, body FROM audit_block ORDER BY first").unwrap();
    let blocks = blocks.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let blocks: Vec<(i64, Vec<u8>)> = blocks.map(Result::unwrap).collect();
    let mut last = FIRST_LINK;
    for (place, (first, body)) in blocks.into_iter().enumerate() {
        last = link(&last, &body);
        let set = "UPDATE audit_block SET first = ?2, link = ?3 WHERE first = ?1";
        rows.execute(set, (first, place as i64, last)).unwrap();
    }
}

/// A checkpoint of the whole chain by a key.
fn sign(folder: &Path, key: &SigningKey, count: u64) {
    let link: Link = audit::link_at(&rows(folder), count).unwrap().unwrap();
    let mut made = checkpoints(folder);
    made.retain(|made| made.count != count);
    made.push(key.sign(count, &link, jiff::Timestamp::UNIX_EPOCH));
    put_checkpoints(folder, &made);
}

struct Case {
    name: &'static str,
    /// What is done, by somebody who stole the first key before it was replaced.
    harm: fn(&Path, &SigningKey),
    /// What is found in the folder alone.
    found: &'static str,
    opens: bool,
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { name: "nothing", harm: |_, _| (), found: "", opens: true },
    Case {
        name: "the public key is swapped",
        harm: |folder, stolen| fs::write(folder.join(SIGNING_PUBLIC), stolen.public().to_pem()).unwrap(),
        found: "audit-signing.pub is not the last key of the audit chain", opens: false,
    },
    Case {
        name: "both keys are swapped",
        harm: |folder, stolen| {
            fs::write(folder.join(SIGNING_PUBLIC), stolen.public().to_pem()).unwrap();
            fs::write(folder.join(SIGNING_KEY), [7; 32]).unwrap();
        },
        found: "audit-signing.pub is not the last key of the audit chain", opens: false,
    },
    Case {
        name: "a retired public key is swapped",
        harm: |folder, stolen| {
            let other = SigningKey::from_seed(&[9; 32]).unwrap().public();
            fs::write(retired_file(folder, &stolen.public()), other.to_pem()).unwrap();
        },
        found: "the file of the retired key", opens: true,
    },
    Case {
        name: "a retired public key is taken away",
        harm: |folder, stolen| fs::remove_file(retired_file(folder, &stolen.public())).unwrap(),
        found: "the file of the retired key", opens: true,
    },
    Case {
        name: "the line that replaces the key is dropped",
        harm: |folder, _| { rows(folder).execute("DELETE FROM audit_block WHERE first = 1", []).unwrap(); },
        found: "line 1 of the audit chain is missing", opens: false,
    },
    Case {
        name: "the line that replaces the key is dropped, and the chain linked anew",
        harm: |folder, _| drop_line(folder, 1),
        found: "does not replace the key that was in force before it", opens: false,
    },
    Case {
        name: "the store is made to forget that the key was replaced",
        harm: |folder, _| { rows(folder).execute("DELETE FROM audit_key", []).unwrap(); },
        found: "line 1 of the audit chain replaces the signing key, and the store does not know of it", opens: true,
    },
    Case {
        name: "another line is said to replace the key",
        harm: |folder, _| { rows(folder).execute("INSERT INTO audit_key VALUES (2)", []).unwrap(); },
        found: "line 2 of the audit chain does not replace the key", opens: false,
    },
    Case {
        name: "a checkpoint by a retired key after its retirement",
        harm: |folder, stolen| sign(folder, stolen, 6),
        found: "is not signed by the key", opens: false,
    },
    Case {
        name: "a checkpoint by a retired key in the middle",
        harm: |folder, stolen| {
            sign(folder, stolen, 3);
            let mut made = checkpoints(folder);
            made.sort_by_key(|made| made.count);
            put_checkpoints(folder, &made);
        },
        found: "as one of 3 lines must be", opens: true,
    },
    Case {
        name: "a checkpoint by the newest key from before its time",
        harm: |folder, _| {
            let key = SigningKey::from_seed(&fs::read(folder.join(SIGNING_KEY)).unwrap()).unwrap();
            sign(folder, &key, 3);
            let mut made = checkpoints(folder);
            made.sort_by_key(|made| made.count);
            put_checkpoints(folder, &made);
        },
        found: "as one of 3 lines must be", opens: true,
    },
];

#[tokio::test]
async fn whatever_is_done_to_the_keys_is_found() {
    for Case { name, harm, found, opens } in CASES {
        let folder = TempDir::new().unwrap();
        // Other dice than those that are thrown later: the same would make the same key again.
        drop(Store::open(folder.path(), Clock::System, &Dice::seeded(2)).unwrap());
        let stolen = fs::read(folder.path().join(SIGNING_KEY)).unwrap();
        let stolen = SigningKey::from_seed(&stolen).unwrap();
        let [first, ..] = fill(folder.path()).await;
        assert_eq!(first, stolen.public());
        harm(folder.path(), &stolen);
        for key in [None, Some(first)] {
            let problems = problems(folder.path(), key, &[]);
            let any = problems.iter().any(|problem| problem.contains(found));
            assert!(any || found.is_empty(), "{name}: {problems:?}");
            assert_eq!(problems.is_empty(), found.is_empty(), "{name}: {problems:?}");
        }
        let opened = open(folder.path());
        assert_eq!(opened.is_ok(), *opens, "{name}: {:?}", opened.err());
    }
}

#[tokio::test]
async fn a_chain_that_only_ends_with_the_key_that_was_kept_is_not_trusted_for_it() {
    let (folder, forged) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let [first, second, _] = fill(folder.path()).await;
    // Somebody makes a chain of their own whose last line says that the kept key is in force. They
    // have not got it, so no checkpoint is signed by it.
    fill(forged.path()).await;
    let changes = changes(&rows(forged.path())).unwrap().0;
    let keys = Keys::new(changes[0].before, changes);
    assert_eq!(keys.since(&first), Some(0), "the same dice, the same keys");
    put_checkpoints(forged.path(), &checkpoints(forged.path())[..1]);
    let found = problems(forged.path(), Some(second), &[]);
    assert!(found.iter().any(|found| found.contains("has signed nothing")), "{found:?}");
}
