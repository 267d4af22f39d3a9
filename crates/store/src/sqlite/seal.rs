//! Seals the audit chain: signs its head now and then, and keeps that in two places. So a chain
//! whose end was cut off is found out when the store is opened.
//!
//! A checkpoint goes to the file first and then to its table: the file has all that the table
//! has, and at most one more, left by a crash between the two.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::{fs, iter};

use base::Dice;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::core::Core;
use super::folder::{SIGNING_KEY, SIGNING_PUBLIC};
use super::signing_keys::{self, Keys};
use super::subjects::Line;
use super::{audit, seals};
use crate::audit::checkpoint::{Checkpoint, PublicKey, SigningKey};
use crate::audit::succession::{self, Change};
use crate::audit::{Access, KeyChange};
use crate::disk::{write_open, write_secret};
use crate::error::StoreError;

/// How long accesses may stay unsealed, in seconds, while the store runs.
pub(super) const SEAL_S: i64 = 60;

/// What seals the chain.
pub(super) struct Seal {
    dice: Dice,
    state: Mutex<State>,
}

struct State {
    key: SigningKey,
    /// How many lines the newest checkpoint covers.
    count: u64,
    /// When sealing was last tried.
    tried: Timestamp,
    /// A checkpoint that is in the file, and not in its table yet.
    unrecorded: Option<Checkpoint>,
}

impl Seal {
    /// Opens what seals the chain of a folder, once the newest checkpoints have been found to
    /// hold. The key is made where the chain was never sealed.
    pub(super) fn open(
        folder: &Path,
        connection: &Connection,
        dice: &Dice,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        seals::mend(folder)?;
        let filed = seals::newest_in_file(folder)?;
        let recorded = newest(connection)?;
        let (changes, wrong) = signing_keys::changes(connection)?;
        if let Some(wrong) = wrong.first() {
            return Err(cut(wrong));
        }
        signing_keys::settle(folder, &changes)?;
        let key = signing_key(folder, dice, filed.is_some() || recorded.is_some())?;
        let keys = Keys::new(key.public(), changes);
        if keys.newest() != key.public() {
            return Err(cut(&format!("{SIGNING_KEY} is not the key that the chain has last")));
        }
        for checkpoint in filed.iter().chain(&recorded) {
            holds(connection, checkpoint, &keys.in_force(checkpoint.count))?;
        }
        let (in_file, in_table) = (covered(filed.as_ref()), covered(recorded.as_ref()));
        if in_file < in_table {
            return Err(cut(&format!(
                "{} ends at {in_file} lines and the store has a checkpoint of {in_table}",
                seals::FILE
            )));
        }
        let unrecorded = filed.filter(|_| in_file > in_table);
        let state = State { key, count: in_file, tried: now, unrecorded };
        Ok(Self { dice: dice.clone(), state: Mutex::new(state) })
    }
}

/// Seals the chain if there is something new and the last time is long enough ago.
pub(super) fn when_due(core: &Core) -> Result<(), StoreError> {
    let tried = core.seal.state.lock().unwrap_or_else(PoisonError::into_inner).tried;
    // A clock that was set back must not keep the chain from being sealed.
    let ago = core.clock.now().duration_since(tried).abs();
    if ago < SignedDuration::from_secs(SEAL_S) { Ok(()) } else { now(core) }
}

/// Seals the chain as it stands, if there is something new.
pub(super) fn now(core: &Core) -> Result<(), StoreError> {
    let mut state = core.seal.state.lock().unwrap_or_else(PoisonError::into_inner);
    seal(core, &mut state)
}

fn seal(core: &Core, state: &mut State) -> Result<(), StoreError> {
    core.alive()?;
    state.tried = core.clock.now();
    if let Some(checkpoint) = &state.unrecorded {
        record(core, checkpoint)?;
        state.unrecorded = None;
    }
    let (count, link) = core.head();
    if count <= state.count {
        return Ok(());
    }
    let checkpoint = state.key.sign(count, &link, state.tried);
    seals::append(&core.folder, &checkpoint)?;
    state.count = count;
    let recorded = record(core, &checkpoint);
    if recorded.is_err() {
        state.unrecorded = Some(checkpoint);
    }
    recorded
}

/// Replaces the key that signs. All that stands is sealed by the old key, and the line that
/// replaces it by the new one.
pub(super) fn rotate(core: &Core, access: Access) -> Result<KeyChange, StoreError> {
    let mut state = core.seal.state.lock().unwrap_or_else(PoisonError::into_inner);
    seal(core, &mut state)?;
    let next = signing_keys::prepare(&core.folder, &core.seal.dice)?;
    let line = put_in_force(core, access, &state.key, &next)?;
    // From here on the chain has the new key, whatever becomes of the files.
    let old = std::mem::replace(&mut state.key, next);
    let change = Change { line, before: old.public(), after: state.key.public() };
    signing_keys::follow(&core.folder, &change)?;
    seal(core, &mut state)?;
    Ok(KeyChange { line, before: change.before.name(), after: change.after.name() })
}

/// Commits the line that replaces the key, in a block of its own. Returns its number.
fn put_in_force(
    core: &Core,
    access: Access,
    old: &SigningKey,
    next: &SigningKey,
) -> Result<u64, StoreError> {
    let mut connection = core.writing();
    core.alive()?;
    let (count, link) = core.head();
    let text = succession::line(access, (old, next), (count, &link));
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let line = Line { text, keys: Vec::new() };
    let head = audit::append(&transaction, (count, link), iter::once(&line))?;
    transaction.execute("INSERT INTO audit_key (line) VALUES (?1)", [count.cast_signed()])?;
    if let Err(error) = transaction.commit() {
        // Nobody knows what the disk holds then.
        core.stop();
        return Err(error.into());
    }
    core.set_head(head);
    core.commits.fetch_add(1, Ordering::Release);
    Ok(count)
}

fn record(core: &Core, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    let connection = core.writing();
    core.alive()?;
    connection.execute(
        "INSERT INTO audit_checkpoint (count, line) VALUES (?1, ?2)",
        (checkpoint.count as i64, checkpoint.to_line()),
    )?;
    Ok(())
}

/// The newest checkpoint in the table.
fn newest(connection: &Connection) -> Result<Option<Checkpoint>, StoreError> {
    let sql = "SELECT line FROM audit_checkpoint ORDER BY count DESC LIMIT 1";
    let line: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    line.map(|line| Checkpoint::from_line(&line)).transpose()
}

fn covered(checkpoint: Option<&Checkpoint>) -> u64 {
    checkpoint.map_or(0, |checkpoint| checkpoint.count)
}

/// Whether a checkpoint is the key's, and the chain is as it says.
fn holds(
    connection: &Connection,
    checkpoint: &Checkpoint,
    key: &PublicKey,
) -> Result<(), StoreError> {
    let Checkpoint { count, at, .. } = checkpoint;
    if !checkpoint.is_signed_by(key) {
        return Err(cut(&format!(
            "the checkpoint of {at} is not signed by the key {}",
            key.name()
        )));
    }
    match audit::link_at(connection, *count)? {
        Some(link) if checkpoint.fits(&link) => Ok(()),
        Some(_) => Err(cut(&format!("line {count} is not what was signed at {at}"))),
        None => {
            let (lines, _) = audit::last(connection)?;
            Err(cut(&format!("it has {lines} lines, and had {count} when it was signed at {at}")))
        }
    }
}

/// The error for a chain that is not what it was.
fn cut(what: &str) -> StoreError {
    StoreError::Damaged(format!(
        "the audit chain was changed or cut off: {what}; hint: `vertebra audit verify` says where; \
         keep the folder as evidence, and restore a backup elsewhere"
    ))
}

/// The signing key of a folder: read, or made once.
fn signing_key(folder: &Path, dice: &Dice, sealed: bool) -> Result<SigningKey, StoreError> {
    let missing =
        |name| StoreError::Damaged(format!("{name} is missing; hint: restore it from a backup"));
    let path = folder.join(SIGNING_KEY);
    if !path.exists() {
        if sealed {
            return Err(missing(SIGNING_KEY));
        }
        let mut seed = [0; 32];
        dice.fill(&mut seed);
        write_secret(&path, &seed)?;
    }
    let key = SigningKey::from_seed(&fs::read(&path)?)?;
    let public = folder.join(SIGNING_PUBLIC);
    if public.exists() {
        if PublicKey::from_pem(&fs::read_to_string(&public)?)? != key.public() {
            return Err(cut(&format!("{SIGNING_PUBLIC} does not belong to {SIGNING_KEY}")));
        }
    } else {
        write_open(&public, key.public().to_pem().as_bytes())?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests;
