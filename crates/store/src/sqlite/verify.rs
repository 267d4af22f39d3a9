//! Verifies the audit chain against every checkpoint there is. It only reads.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rusqlite::Connection;

use super::audit;
use super::folder::{SIGNING_NEXT, SIGNING_PUBLIC};
use super::signing_keys::{self, Keys, retired_file};
use super::subjects::{self, Comparison};
use super::{schema, seals};
use crate::audit::checkpoint::{Checkpoint, PublicKey};
use crate::audit::succession;
use crate::audit::verdict::{Verdict, Witness};
use crate::audit::{FIRST_LINK, Link, link};
use crate::error::StoreError;

/// The checkpoints in a folder, in file order. Read before the snapshot of the database is taken:
/// each must then fit it, whatever goes on meanwhile.
pub(super) struct Sealed {
    lines: Vec<String>,
    /// The public key that signs.
    own: Own,
}

/// The public key in a folder.
#[derive(PartialEq)]
enum Own {
    Missing,
    Unreadable,
    Key(PublicKey),
}

impl Sealed {
    pub(super) fn read(folder: &Path) -> Result<Self, StoreError> {
        Ok(Self { lines: seals::lines(folder)?, own: Own::read(folder)? })
    }
}

/// A checkpoint that is signed as it should be, and how to speak of it.
struct Signed {
    checkpoint: Checkpoint,
    name: String,
}

/// Verifies the chain in a snapshot. `due` is how many lines it must have at least, where that is
/// known. `tell` is told how many lines have been looked at.
pub(super) fn verify(
    folder: &Path,
    snapshot: &Connection,
    sealed: &Sealed,
    due: u64,
    witness: &Witness,
    tell: &mut dyn FnMut(u64),
) -> Result<Verdict, StoreError> {
    let mut verdict = Verdict::default();
    let mut notes = Vec::new();
    let recorded = recorded(snapshot)?;
    let mut signed = Vec::new();
    let any = !sealed.lines.is_empty() || !recorded.is_empty() || !witness.kept.is_empty();
    let keys = if any { keys(folder, snapshot, &sealed.own, witness, &mut notes)? } else { None };
    if let Some(keys) = &keys {
        verdict.sealed = own(&sealed.lines, &recorded, keys, &mut signed, &mut notes);
        verdict.checkpoints = signed.len() as u64;
        notes.extend(witness.public_key.and_then(|known| unsigned_since(keys, &known, &signed)));
        for checkpoint in &witness.kept {
            let name = format!("the kept checkpoint of {}", checkpoint.at);
            sort_out(checkpoint.clone(), name, keys, &mut signed, &mut notes);
        }
    }
    in_both(folder, &sealed.lines, &recorded, &mut notes)?;
    signed.sort_by_key(|signed| signed.checkpoint.count);
    let broken = walk(snapshot, (due, keys.as_ref()), &signed, &mut verdict, tell)?;
    verdict.problems.splice(0..0, broken);
    verdict.problems.extend(notes);
    Ok(verdict)
}

impl Own {
    fn read(folder: &Path) -> Result<Self, StoreError> {
        match fs::read_to_string(folder.join(SIGNING_PUBLIC)) {
            Ok(text) => Ok(PublicKey::from_pem(&text).map_or(Self::Unreadable, Self::Key)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// The key, or what is wrong with it.
    fn key(&self) -> Result<PublicKey, String> {
        match self {
            Self::Key(key) => Ok(*key),
            Self::Missing => Err(format!("{SIGNING_PUBLIC} is missing")),
            Self::Unreadable => Err(format!("{SIGNING_PUBLIC} is no key")),
        }
    }
}

/// The keys that checkpoints must be signed by. `own` is the folder's from before the snapshot.
fn keys(
    folder: &Path,
    snapshot: &Connection,
    own: &Own,
    witness: &Witness,
    notes: &mut Vec<String>,
) -> Result<Option<Keys>, StoreError> {
    let (changes, wrong) = signing_keys::changes(snapshot)?;
    notes.extend(wrong);
    let found = own.key().map_err(|problem| notes.push(problem)).ok();
    let (changed, given) = (!changes.is_empty(), witness.public_key);
    let last = changes.last().map(|change| change.after);
    // Without a change on the chain, what was given counts and not what is found.
    let Some(newest) = last.or(given).or(found) else { return Ok(None) };
    let keys = Keys::new(newest, changes);
    if given.is_some_and(|given| keys.since(&given).is_none())
        || (!changed && found.is_some_and(|found| found != newest))
    {
        notes.push(format!("{SIGNING_PUBLIC} is not the public key that was given"));
    }
    if changed {
        follows(folder, &keys, found, notes)?;
    }
    Ok(Some(keys))
}

/// The files have followed the changes on the chain; while one is under way, they may lag behind.
fn follows(
    folder: &Path,
    keys: &Keys,
    found: Option<PublicKey>,
    notes: &mut Vec<String>,
) -> Result<(), StoreError> {
    if folder.join(SIGNING_NEXT).exists() {
        return Ok(());
    }
    let newest = keys.newest();
    let is_newest = found == Some(newest) || Own::read(folder)? == Own::Key(newest);
    if found.is_some() && !is_newest {
        notes.push(format!("{SIGNING_PUBLIC} is not the last key of the audit chain"));
    }
    for key in keys.retired() {
        let text = fs::read_to_string(retired_file(folder, &key)).unwrap_or_default();
        if PublicKey::from_pem(&text).ok() != Some(key) {
            notes.push(format!("the file of the retired key {} does not hold it", key.name()));
        }
    }
    Ok(())
}

/// What is wrong where a public key was given that came into force later: anybody could have put it
/// there, if it signed nothing since.
fn unsigned_since(keys: &Keys, given: &PublicKey, signed: &[Signed]) -> Option<String> {
    let since = keys.since(given).filter(|since| *since > 0)?;
    let any = signed.iter().any(|signed| signed.checkpoint.count >= since);
    let name = given.name();
    (!any).then(|| format!("the key {name}, which was given, has signed nothing of this chain"))
}

/// Sorts out the checkpoints of the folder. Returns how many lines the newest covers.
fn own(
    filed: &[String],
    recorded: &[String],
    keys: &Keys,
    signed: &mut Vec<Signed>,
    notes: &mut Vec<String>,
) -> u64 {
    let known: BTreeSet<&String> = filed.iter().collect();
    let in_file =
        filed.iter().zip(1..).map(|(line, n)| (line, format!("line {n} of {}", seals::FILE)));
    let others = recorded.iter().filter(|line| !known.contains(line));
    let in_table = others.map(|line| (line, "a checkpoint in the store".to_owned()));
    for (line, name) in in_file.chain(in_table) {
        match Checkpoint::from_line(line) {
            Ok(checkpoint) => sort_out(checkpoint, name, keys, signed, notes),
            Err(_) => notes.push(format!("{name} is no checkpoint")),
        }
    }
    signed.iter().map(|signed| signed.checkpoint.count).max().unwrap_or_default()
}

/// Keeps a checkpoint if it is signed, and notes it if not.
fn sort_out(
    checkpoint: Checkpoint,
    name: String,
    keys: &Keys,
    signed: &mut Vec<Signed>,
    notes: &mut Vec<String>,
) {
    let key = keys.in_force(checkpoint.count);
    if checkpoint.is_signed_by(&key) {
        signed.push(Signed { checkpoint, name });
    } else {
        let (key, lines) = (key.name(), checkpoint.count);
        notes.push(format!(
            "{name} is not signed by the key {key}, as one of {lines} lines must be"
        ));
    }
}

/// The checkpoints in the table, oldest first; none in a store from before there were any.
fn recorded(snapshot: &Connection) -> Result<Vec<String>, StoreError> {
    if !schema::has_checkpoints(snapshot)? {
        return Ok(Vec::new());
    }
    let mut statement = snapshot.prepare("SELECT line FROM audit_checkpoint ORDER BY count")?;
    let lines = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(lines)
}

/// What the table has is in the file, as it is by now; what the file had is in the table, but
/// perhaps for the last one.
fn in_both(
    folder: &Path,
    filed: &[String],
    recorded: &[String],
    notes: &mut Vec<String>,
) -> Result<(), StoreError> {
    let table: BTreeSet<&String> = recorded.iter().collect();
    let file = seals::lines(folder)?;
    let file: BTreeSet<&String> = file.iter().collect();
    let lost = table.difference(&file).count();
    if lost > 0 {
        notes.push(format!("{lost} checkpoints of the store are not in {}", seals::FILE));
    }
    let settled = filed.split_last().map_or(&[][..], |(_, settled)| settled);
    let lost = settled.iter().filter(|line| !table.contains(line)).count();
    if lost > 0 {
        notes.push(format!("{lost} checkpoints of {} are not in the store", seals::FILE));
    }
    Ok(())
}

/// Walks the chain to its end or first break, and holds it against the checkpoints on the way.
/// Returns the break.
fn walk(
    snapshot: &Connection,
    (due, keys): (u64, Option<&Keys>),
    signed: &[Signed],
    verdict: &mut Verdict,
    tell: &mut dyn FnMut(u64),
) -> Result<Option<String>, StoreError> {
    let mut statement = snapshot.prepare("SELECT first FROM audit_block ORDER BY first")?;
    let mut rows = statement.query([])?;
    let (mut last, mut waiting) = (FIRST_LINK, signed);
    let mut index = Comparison::of(snapshot)?;
    while let Some(row) = rows.next()? {
        let first = row.get::<_, i64>(0)? as u64;
        let found = match audit::all_seen(verdict.lines, first) {
            Ok(()) => audit::block(snapshot, first),
            Err(error) => Err(error),
        };
        let block = match found {
            Ok(Some(block)) => block,
            Ok(None) => continue,
            Err(error) => return broken(error).map(Some),
        };
        let text = match audit::verify(&block, &last) {
            Ok(text) => text,
            Err(error) => return broken(error).map(Some),
        };
        let end = block.first + block.count;
        for (number, line) in (block.first..end).zip(text.split('\n')) {
            index.line(number, subjects::keys_of(line))?;
            if succession::is_change(line) && keys.is_none_or(|keys| !keys.changed_at(number)) {
                verdict.problems.push(format!(
                    "line {number} of the audit chain replaces the signing key, and the store does \
                     not know of it"
                ));
            }
        }
        if waiting.first().is_none_or(|signed| signed.checkpoint.count >= end) {
            (last, verdict.lines) = (block.link, end);
        } else {
            for line in text.split('\n') {
                waiting = compare(waiting, verdict, &last);
                last = link(&last, line.as_bytes());
                verdict.lines += 1;
            }
        }
        tell(verdict.lines);
    }
    if let Err(error) = audit::all_seen(verdict.lines, due) {
        return broken(error).map(Some);
    }
    for Signed { checkpoint, name } in compare(waiting, verdict, &last) {
        let (lines, Checkpoint { count, at, .. }) = (verdict.lines, checkpoint);
        verdict.problems.push(format!(
            "the audit chain ends at {lines} lines and had {count} at {at}, as {name} says"
        ));
    }
    verdict.problems.extend(index.end()?);
    Ok(None)
}

/// Damage is what was looked for; any other error means that one could not look.
fn broken(error: StoreError) -> Result<String, StoreError> {
    match error {
        StoreError::Damaged(problem) => Ok(problem),
        other => Err(other),
    }
}

/// Holds the chain against the checkpoints of just so many lines. Returns those of more.
fn compare<'a>(waiting: &'a [Signed], verdict: &mut Verdict, last: &Link) -> &'a [Signed] {
    let here = waiting.partition_point(|signed| signed.checkpoint.count <= verdict.lines);
    let (here, later) = waiting.split_at(here);
    for Signed { checkpoint, name } in here.iter().filter(|signed| !signed.checkpoint.fits(last)) {
        let Checkpoint { count, at, .. } = checkpoint;
        verdict.problems.push(format!(
            "something before line {count} of the audit chain was changed after {at}: {name} does \
             not fit it"
        ));
    }
    later
}
