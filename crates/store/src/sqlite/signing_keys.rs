//! Which key signs checkpoints of how many lines, as the chain itself says, and the files of the
//! keys.
//!
//! The old key signs checkpoints of the lines before the one that replaces it, the new key those
//! that cover it. So a retired key signs nothing new, whoever has it.
//!
//! To replace the key, the new one is written to [`SIGNING_NEXT`]; the commit of the line puts it
//! in force; then the files follow, the one of the new key last. That may be cut off at any moment:
//! [`settle`] goes on from there when the store is opened.

use std::fs;
use std::path::{Path, PathBuf};

use base::Dice;
use rusqlite::Connection;

use super::folder::{SIGNING_KEY, SIGNING_NEXT, SIGNING_PUBLIC, SIGNING_RETIRED};
use super::{audit, schema};
use crate::audit::checkpoint::{PublicKey, SigningKey};
use crate::audit::succession::{self, Change};
use crate::disk::{sync_folder, write_open, write_secret};
use crate::error::StoreError;

/// The keys that a chain was signed by, one after the other.
pub(super) struct Keys {
    first: PublicKey,
    changes: Vec<Change>,
}

impl Keys {
    /// The keys of a chain. One whose key was never replaced has `own`.
    pub(super) fn new(own: PublicKey, changes: Vec<Change>) -> Self {
        Self { first: changes.first().map_or(own, |change| change.before), changes }
    }

    /// The key that signs checkpoints of so many lines.
    pub(super) fn in_force(&self, count: u64) -> PublicKey {
        let before = self.changes.iter().take_while(|change| change.line < count);
        before.last().map_or(self.first, |change| change.after)
    }

    /// The key that is in force after the last line.
    pub(super) fn newest(&self) -> PublicKey {
        self.in_force(u64::MAX)
    }

    /// From how many lines on a key signs, if it is one of them.
    pub(super) fn since(&self, key: &PublicKey) -> Option<u64> {
        let change = self.changes.iter().find(|change| change.after == *key);
        let first = (self.first == *key).then_some(0);
        first.or_else(|| change.map(|change| change.line + 1))
    }

    /// Whether a line is known to replace the key.
    pub(super) fn changed_at(&self, line: u64) -> bool {
        self.changes.iter().any(|change| change.line == line)
    }

    /// The keys that were replaced.
    pub(super) fn retired(&self) -> impl Iterator<Item = PublicKey> {
        self.changes.iter().map(|change| change.before)
    }
}

/// Every change of the key that the store knows of, in order, and what is wrong with them.
pub(super) fn changes(snapshot: &Connection) -> Result<(Vec<Change>, Vec<String>), StoreError> {
    let (mut found, mut wrong) = (Vec::<Change>::new(), Vec::new());
    if !schema::has_key_changes(snapshot)? {
        return Ok((found, wrong));
    }
    let mut statement = snapshot.prepare("SELECT line FROM audit_key ORDER BY line")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let line = row.get::<_, i64>(0)?.cast_unsigned();
        let follows = |change: &Change| found.last().is_none_or(|last| last.after == change.before);
        match change(snapshot, line)?.filter(follows) {
            Some(change) => found.push(change),
            None => wrong.push(format!(
                "line {line} of the audit chain does not replace the key that was in force before \
                 it, as the store says"
            )),
        }
    }
    Ok((found, wrong))
}

/// The change that a line makes. It is alone in its block.
fn change(snapshot: &Connection, line: u64) -> Result<Option<Change>, StoreError> {
    let block = match audit::block(snapshot, line) {
        Err(StoreError::Damaged(_)) => None,
        other => other?,
    };
    let (Some(block), Some(link)) = (block, audit::link_at(snapshot, line)?) else {
        return Ok(None);
    };
    Ok(succession::read(block.text(), line, &link))
}

/// The file of a key that was replaced, for those who verify by other tools.
pub(super) fn retired_file(folder: &Path, key: &PublicKey) -> PathBuf {
    folder.join(SIGNING_RETIRED).join(format!("{}.pub", key.name()))
}

/// Lets the files follow a change that is on the chain. The new key comes to its place last, so
/// that what was cut off is seen.
pub(super) fn follow(folder: &Path, change: &Change) -> Result<(), StoreError> {
    let retired = retired_file(folder, &change.before);
    fs::create_dir_all(folder.join(SIGNING_RETIRED))?;
    write_open(&retired, change.before.to_pem().as_bytes())?;
    retired.ancestors().skip(2).take(2).try_for_each(sync_folder)?;
    write_open(&folder.join(SIGNING_PUBLIC), change.after.to_pem().as_bytes())?;
    fs::rename(folder.join(SIGNING_NEXT), folder.join(SIGNING_KEY))?;
    sync_folder(folder)
}

/// Brings a change of the key to its end that was cut off: it is done if it is on the chain, and
/// was never begun if not.
pub(super) fn settle(folder: &Path, changes: &[Change]) -> Result<(), StoreError> {
    let next = folder.join(SIGNING_NEXT);
    if !next.exists() {
        return Ok(());
    }
    let key = SigningKey::from_seed(&fs::read(&next)?)?.public();
    if let Some(change) = changes.last().filter(|change| change.after == key) {
        tracing::info!("a change of the signing key was cut off: it is finished");
        return follow(folder, change);
    }
    fs::remove_file(next)?;
    sync_folder(folder)
}

/// A new key, in the file where it waits for its line.
pub(super) fn prepare(folder: &Path, dice: &Dice) -> Result<SigningKey, StoreError> {
    let mut seed = [0; 32];
    dice.fill(&mut seed);
    write_secret(&folder.join(SIGNING_NEXT), &seed)?;
    SigningKey::from_seed(&seed)
}

#[cfg(test)]
mod tests;
