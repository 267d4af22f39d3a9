//! Whatever is done to an audit chain is found: by the folder alone, or where that cannot know,
//! against what was kept elsewhere.

use std::fs;

use base::{Clock, Dice};
use tempfile::TempDir;

use super::*;
use crate::audit::checkpoint::{PublicKey, SigningKey};
use crate::audit::{FIRST_LINK, link};
use crate::sqlite::folder::{DATABASE, SIGNING_KEY, SIGNING_PUBLIC};
use crate::sqlite::seals;
use crate::{Access, Store, Transaction};

fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(folder, Clock::System, &Dice::seeded(1))
}

/// Six blocks of two lines, sealed after the third and the last.
async fn fill(folder: &Path) {
    for part in 0..2 {
        let store = open(folder).unwrap();
        for block in 0..3 {
            let access = |n: u32| Access {
                client: format!("client {}", part * 6 + block * 2 + n),
                outcome: 200,
                ..Access::default()
            };
            store.commit(Transaction::new().access(access(0)).access(access(1))).await.unwrap();
        }
        store.close();
    }
}

fn rows(folder: &Path) -> Connection {
    Connection::open(folder.join(DATABASE)).unwrap()
}

fn sql(folder: &Path, sql: &str) {
    rows(folder).execute_batch(sql).unwrap();
}

/// Changes the text of the whole chain, block by block, and leaves the links as they are.
fn edit(folder: &Path, change: impl Fn(i64, String) -> String) {
    let rows = rows(folder);
    let mut blocks = rows.prepare("SELECT first, body FROM audit_block").unwrap();
    let blocks = blocks.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let blocks: Vec<(i64, Vec<u8>)> = blocks.map(Result::unwrap).collect();
    for (first, body) in blocks {
        let text = change(first, String::from_utf8(body).unwrap());
        let set = "UPDATE audit_block SET body = ?2 WHERE first = ?1";
        rows.execute(set, (first, text.into_bytes())).unwrap();
    }
}

/// Numbers and links the blocks anew, so that the chain holds in itself.
fn rechain(folder: &Path) {
    let rows = rows(folder);
    let mut blocks = rows.prepare("SELECT rowid, body FROM audit_block ORDER BY first").unwrap();
    let blocks = blocks.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let blocks: Vec<(i64, Vec<u8>)> = blocks.map(Result::unwrap).collect();
    let (mut first, mut last) = (0_i64, FIRST_LINK);
    for (row, body) in blocks {
        let text = String::from_utf8(body).unwrap();
        last = text.split('\n').fold(last, |last, line| link(&last, line.as_bytes()));
        let count = text.split('\n').count() as i64;
        let set = "UPDATE audit_block SET first = ?2, count = ?3, link = ?4 WHERE first = ?1";
        rows.execute(set, (row, first, count, last)).unwrap();
        first += count;
    }
}

fn checkpoints(folder: &Path) -> Vec<Checkpoint> {
    let lines = seals::lines(folder).unwrap();
    lines.iter().map(|line| Checkpoint::from_line(line).unwrap()).collect()
}

/// Puts these checkpoints into the file and the table, and no others.
fn put_checkpoints(folder: &Path, checkpoints: &[Checkpoint]) {
    put_filed(folder, checkpoints);
    let rows = rows(folder);
    rows.execute("DELETE FROM audit_checkpoint", []).unwrap();
    for checkpoint in checkpoints {
        let insert = "INSERT INTO audit_checkpoint VALUES (?1, ?2)";
        rows.execute(insert, (checkpoint.count as i64, checkpoint.to_line())).unwrap();
    }
}

/// Puts these checkpoints into the file, and no others.
fn put_filed(folder: &Path, checkpoints: &[Checkpoint]) {
    let text: String = checkpoints.iter().map(|made| made.to_line() + "\n").collect();
    fs::write(folder.join(seals::FILE), text).unwrap();
}

/// Signs the chain anew at the same places, by a key.
fn sign_anew(folder: &Path, key: &SigningKey) {
    let rows = rows(folder);
    let anew = |old: &Checkpoint| {
        let link = audit::link_at(&rows, old.count).unwrap()?;
        Some(key.sign(old.count, &link, old.at))
    };
    put_checkpoints(folder, &checkpoints(folder).iter().filter_map(anew).collect::<Vec<_>>());
}

fn stolen_key(folder: &Path) -> SigningKey {
    SigningKey::from_seed(&fs::read(folder.join(SIGNING_KEY)).unwrap()).unwrap()
}

fn other_key(folder: &Path) -> SigningKey {
    let key = SigningKey::from_seed(&[9; 32]).unwrap();
    fs::write(folder.join(SIGNING_KEY), [9; 32]).unwrap();
    fs::write(folder.join(SIGNING_PUBLIC), key.public().to_pem()).unwrap();
    key
}

fn cut_tail(folder: &Path) {
    sql(folder, "DELETE FROM audit_block WHERE first >= 10");
}

fn drop_line(folder: &Path) {
    let second = |first, text: String| match first {
        4 => text.split('\n').next().unwrap().to_owned(),
        _ => text,
    };
    edit(folder, second);
}

fn flip(folder: &Path) {
    edit(folder, |_, text| text.replace("client 4", "client 5"));
}

fn swap_lines(folder: &Path) {
    let swap = |first, text: String| match (first, text.split_once('\n')) {
        (4, Some((a, b))) => format!("{b}\n{a}"),
        _ => text,
    };
    edit(folder, swap);
}

struct Case {
    name: &'static str,
    harm: fn(&Path),
    /// What is found in the folder alone; empty when it cannot know.
    alone: &'static str,
    /// What is found against a kept checkpoint and the public key.
    kept: &'static str,
    /// Whether the store opens all the same: that looks at the newest checkpoints only.
    opens: bool,
}

const DOES_NOT_HOLD: &str = "does not hold in lines 4 to 6";
const MISSING: &str = "line 4 of the audit chain is missing";
const CHANGED: &str = "something before line 6 of the audit chain was changed";
const CHANGED_END: &str = "something before line 12 of the audit chain was changed";
const CUT: &str = "ends at 10 lines and had 12";

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { name: "nothing", harm: |_| (), alone: "", kept: "", opens: true },
    Case { name: "flip a byte", harm: flip, alone: DOES_NOT_HOLD, kept: DOES_NOT_HOLD, opens: true },
    Case { name: "drop a line", harm: drop_line, alone: DOES_NOT_HOLD, kept: DOES_NOT_HOLD, opens: true },
    Case { name: "swap lines", harm: swap_lines, alone: DOES_NOT_HOLD, kept: DOES_NOT_HOLD, opens: true },
    Case {
        name: "swap blocks",
        harm: |folder| sql(folder, "UPDATE audit_block SET first = 99 WHERE first = 4;
            UPDATE audit_block SET first = 4 WHERE first = 6;
            UPDATE audit_block SET first = 6 WHERE first = 99"),
        alone: DOES_NOT_HOLD, kept: DOES_NOT_HOLD, opens: true,
    },
    Case {
        name: "drop a block",
        harm: |folder| sql(folder, "DELETE FROM audit_block WHERE first = 4"),
        alone: MISSING, kept: MISSING, opens: true,
    },
    Case {
        name: "add a block", harm: |folder| {
            sql(folder, "INSERT INTO audit_block SELECT 12, count, link, dictionary, body
                FROM audit_block WHERE first = 4");
        },
        alone: "does not hold in lines 12 to 14", kept: "does not hold in lines 12 to 14", opens: true,
    },
    Case {
        name: "flip a byte and link anew", harm: |folder| { flip(folder); rechain(folder); },
        alone: CHANGED, kept: CHANGED, opens: false,
    },
    Case {
        name: "drop a line and link anew", harm: |folder| { drop_line(folder); rechain(folder); },
        alone: CHANGED, kept: CHANGED, opens: false,
    },
    Case {
        name: "swap lines and link anew", harm: |folder| { swap_lines(folder); rechain(folder); },
        alone: CHANGED, kept: CHANGED, opens: false,
    },
    Case { name: "cut the tail", harm: cut_tail, alone: CUT, kept: CUT, opens: false },
    Case {
        name: "cut the tail and the table",
        harm: |folder| { cut_tail(folder); sql(folder, "DELETE FROM audit_checkpoint WHERE count = 12"); },
        alone: CUT, kept: CUT, opens: false,
    },
    Case {
        name: "cut the tail and the file",
        harm: |folder| { cut_tail(folder); put_filed(folder, &checkpoints(folder)[..1]); },
        alone: CUT, kept: CUT, opens: false,
    },
    Case {
        name: "cut the tail, the table and the file",
        harm: |folder| { cut_tail(folder); put_checkpoints(folder, &checkpoints(folder)[..1]); },
        alone: "", kept: CUT, opens: true,
    },
    Case {
        name: "cut the tail, and sign what is left by another key",
        harm: |folder| { cut_tail(folder); sign_anew(folder, &other_key(folder)); },
        alone: "", kept: "is not the public key that was given", opens: true,
    },
    Case {
        name: "a checkpoint forged by another key",
        harm: |folder| {
            let forged = SigningKey::from_seed(&[9; 32]).unwrap().sign(12, &[0; 32], jiff::Timestamp::UNIX_EPOCH);
            put_checkpoints(folder, &[checkpoints(folder).remove(0), forged]);
        },
        alone: "is not signed by", kept: "line 2 of audit/checkpoints.jsonl is not signed by", opens: false,
    },
    Case {
        name: "a rewrite by somebody who has the key",
        harm: |folder| { flip(folder); rechain(folder); sign_anew(folder, &stolen_key(folder)); },
        alone: "", kept: CHANGED_END, opens: true,
    },
    Case {
        name: "a checkpoint taken from the file",
        harm: |folder| put_filed(folder, &checkpoints(folder)[1..]),
        alone: "1 checkpoints of the store are not in", kept: "1 checkpoints of the store", opens: true,
    },
    Case {
        name: "a checkpoint taken from the table",
        harm: |folder| sql(folder, "DELETE FROM audit_checkpoint WHERE count = 6"),
        alone: "are not in the store", kept: "are not in the store", opens: true,
    },
    Case {
        name: "rubbish in the file",
        harm: |folder| {
            let text = fs::read_to_string(folder.join(seals::FILE)).unwrap();
            fs::write(folder.join(seals::FILE), text.replacen("count", "kount", 1)).unwrap();
        },
        alone: "line 1 of audit/checkpoints.jsonl is no checkpoint", kept: "is no checkpoint", opens: true,
    },
    Case {
        name: "a line that a power cut left unfinished",
        harm: |folder| {
            let text = fs::read_to_string(folder.join(seals::FILE)).unwrap();
            fs::write(folder.join(seals::FILE), text + "{\"count\":13,").unwrap();
        },
        alone: "", kept: "", opens: true,
    },
    Case {
        name: "no public key", harm: |folder| fs::remove_file(folder.join(SIGNING_PUBLIC)).unwrap(),
        alone: "audit-signing.pub is missing", kept: "audit-signing.pub is missing", opens: true,
    },
    Case {
        name: "no signing key", harm: |folder| fs::remove_file(folder.join(SIGNING_KEY)).unwrap(),
        alone: "", kept: "", opens: false,
    },
    Case {
        name: "another signing key", harm: |folder| fs::write(folder.join(SIGNING_KEY), [9; 32]).unwrap(),
        alone: "", kept: "", opens: false,
    },
];

#[tokio::test]
async fn whatever_is_done_to_the_chain_is_found() {
    for Case { name, harm, alone, kept, opens } in CASES {
        let folder = TempDir::new().unwrap();
        fill(folder.path()).await;
        let newest = AuditFolder::open(folder.path()).unwrap().newest_checkpoint().unwrap();
        let public = fs::read_to_string(folder.path().join(SIGNING_PUBLIC)).unwrap();
        let witness = Witness {
            public_key: Some(PublicKey::from_pem(&public).unwrap()),
            kept: newest.into_iter().collect(),
        };
        assert_eq!(witness.kept[0].count, 12);
        harm(folder.path());
        for (witness, due) in [(Witness::default(), alone), (witness, kept)] {
            let chain = AuditFolder::open(folder.path()).unwrap();
            let problems = chain.verify(&witness, &mut |_, _| ()).unwrap().problems;
            let found = problems.iter().any(|problem| problem.contains(due));
            assert!(found || due.is_empty(), "{name}: {problems:?}");
            assert_eq!(problems.is_empty(), due.is_empty(), "{name}: {problems:?}");
        }
        let opened = open(folder.path());
        assert_eq!(opened.is_ok(), *opens, "{name}: {:?}", opened.err());
        if let Err(error) = opened {
            assert!(error.to_string().contains("hint"), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn a_verdict_says_what_was_looked_at() {
    let folder = TempDir::new().unwrap();
    fill(folder.path()).await;
    let chain = AuditFolder::open(folder.path()).unwrap();
    let mut told = (0, 0);
    let verdict = chain.verify(&Witness::default(), &mut |done, all| told = (done, all)).unwrap();
    let due = Verdict { lines: 12, checkpoints: 2, sealed: 12, problems: Vec::new() };
    assert_eq!((verdict, told), (due, (12, 12)));
    flip(folder.path());
    let verdict = chain.verify(&Witness::default(), &mut |_, _| ()).unwrap();
    assert_eq!(verdict.lines, 4, "as far as it holds");
}

#[tokio::test]
async fn lines_are_read_from_the_newest_back_and_never_past_a_break() {
    let folder = TempDir::new().unwrap();
    fill(folder.path()).await;
    let read = |most: usize| {
        let mut seen = Vec::new();
        let chain = AuditFolder::open(folder.path()).unwrap();
        let ended = chain.read_back(&mut |number, line| {
            assert!(line.contains(&format!("client {number}")), "{number}: {line}");
            seen.push(number);
            seen.len() < most
        });
        (seen, ended.is_ok())
    };
    assert_eq!(read(99), ((0..12).rev().collect(), true));
    assert_eq!(read(3), (vec![11, 10, 9], true));
    edit(folder.path(), |_, text| text.replace("client 4", "client 7"));
    assert_eq!(read(99), ((6..12).rev().collect(), false));
    sql(folder.path(), "DELETE FROM audit_block WHERE first = 8");
    assert_eq!(read(99), (Vec::new(), false), "the block before the last is not there");
}

#[tokio::test]
async fn a_chain_can_be_verified_while_its_store_serves_and_in_a_backup() {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fill(folder.path()).await;
    let store = open(folder.path()).unwrap();
    let access = Access { client: "client 12".into(), ..Access::default() };
    store.commit(Transaction::new().access(access)).await.unwrap();
    let copy = elsewhere.path().join("copy");
    store.backup(&copy).unwrap();
    let kept = AuditFolder::open(folder.path()).unwrap().newest_checkpoint().unwrap().unwrap();
    for place in [folder.path(), &copy] {
        let chain = AuditFolder::open(place).unwrap();
        let witness = Witness { public_key: None, kept: vec![kept.clone()] };
        let verdict = chain.verify(&witness, &mut |_, _| ()).unwrap();
        assert!(verdict.is_clean() && verdict.lines == 13 && verdict.sealed == 12, "{verdict:?}");
    }
    let chain = AuditFolder::open(folder.path()).unwrap();
    assert_eq!(chain.pseudonym("x").unwrap(), store.audit().pseudonym("x"));
    let why = AuditFolder::open(&copy).unwrap().pseudonym("x").unwrap_err().to_string();
    assert!(why.contains("restore it first"), "{why}");
}

#[tokio::test]
async fn a_restored_backup_goes_on_where_it_was_sealed() {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fill(folder.path()).await;
    let (copy, restored) = (elsewhere.path().join("copy"), elsewhere.path().join("restored"));
    Store::backup_of(folder.path(), &copy).unwrap();
    Store::restore(&copy, &folder.path().join("keys"), &restored).unwrap();
    let store = open(&restored).unwrap();
    store.commit(Transaction::new().access(Access::default())).await.unwrap();
    store.close();
    assert!(store.check(&mut |_, _| ()).unwrap().is_clean());
    let made = checkpoints(&restored);
    assert_eq!(made.iter().map(|made| made.count).collect::<Vec<_>>(), [6, 12, 13]);
    assert!(made.iter().all(|one| one.key == made[0].key));
}

#[test]
fn a_folder_without_a_store_has_no_chain() {
    let folder = TempDir::new().unwrap();
    assert!(AuditFolder::open(folder.path()).is_err());
    assert!(!folder.path().join(DATABASE).exists());
}
