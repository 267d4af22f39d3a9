//! Verifies the audit chain against every checkpoint there is. It only reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::audit;
use super::folder::SIGNING_PUBLIC;
use super::subjects::{self, Comparison};
use super::{schema, seals};
use crate::audit::checkpoint::{Checkpoint, PublicKey};
use crate::audit::verdict::{Verdict, Witness};
use crate::audit::{FIRST_LINK, Link, link};
use crate::error::StoreError;

/// The checkpoints in a folder, in file order. Read before the snapshot of the database is taken:
/// each must then fit it, whatever goes on meanwhile.
pub(super) struct Sealed {
    lines: Vec<String>,
}

impl Sealed {
    pub(super) fn read(folder: &Path) -> Result<Self, StoreError> {
        Ok(Self { lines: seals::lines(folder)? })
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
    if any && let Some(key) = key(folder, witness, &mut notes)? {
        verdict.sealed = own(&sealed.lines, &recorded, &key, &mut signed, &mut notes);
        verdict.checkpoints = signed.len() as u64;
        for checkpoint in &witness.kept {
            let name = format!("the kept checkpoint of {}", checkpoint.at);
            sort_out(checkpoint.clone(), name, &key, &mut signed, &mut notes);
        }
    }
    in_both(folder, &sealed.lines, &recorded, &mut notes)?;
    signed.sort_by_key(|signed| signed.checkpoint.count);
    let broken = walk(snapshot, due, &signed, &mut verdict, tell)?;
    verdict.problems.splice(0..0, broken);
    verdict.problems.extend(notes);
    Ok(verdict)
}

/// The key that checkpoints must be signed by.
fn key(
    folder: &Path,
    witness: &Witness,
    notes: &mut Vec<String>,
) -> Result<Option<PublicKey>, StoreError> {
    let path = folder.join(SIGNING_PUBLIC);
    if !path.exists() {
        notes.push(format!("{SIGNING_PUBLIC} is missing"));
        return Ok(witness.public_key);
    }
    let Ok(own) = PublicKey::from_pem(&fs::read_to_string(path)?) else {
        notes.push(format!("{SIGNING_PUBLIC} is no key"));
        return Ok(witness.public_key);
    };
    if witness.public_key.is_some_and(|known| known != own) {
        notes.push(format!("{SIGNING_PUBLIC} is not the public key that was given"));
    }
    Ok(Some(witness.public_key.unwrap_or(own)))
}

/// Sorts out the checkpoints of the folder. Returns how many lines the newest covers.
fn own(
    filed: &[String],
    recorded: &[String],
    key: &PublicKey,
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
            Ok(checkpoint) => sort_out(checkpoint, name, key, signed, notes),
            Err(_) => notes.push(format!("{name} is no checkpoint")),
        }
    }
    signed.iter().map(|signed| signed.checkpoint.count).max().unwrap_or_default()
}

/// Keeps a checkpoint if it is signed, and notes it if not.
fn sort_out(
    checkpoint: Checkpoint,
    name: String,
    key: &PublicKey,
    signed: &mut Vec<Signed>,
    notes: &mut Vec<String>,
) {
    if checkpoint.is_signed_by(key) {
        signed.push(Signed { checkpoint, name });
    } else {
        notes.push(format!("{name} is not signed by the key {}", key.name()));
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
    due: u64,
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
