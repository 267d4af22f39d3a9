//! The audit chain of a folder that nobody serves from, or that another process serves from, or of
//! a backup. It only reads.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::verify::{Sealed, verify};
use super::{audit, folder, schema, seals, subjects};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::pseudonym;
use crate::audit::verdict::{Verdict, Witness};
use crate::error::StoreError;

/// The audit chain of a folder, read only: a backup, or a data folder that may be serving.
pub struct AuditFolder {
    folder: PathBuf,
    connection: Connection,
}

impl AuditFolder {
    /// Looks into a folder.
    ///
    /// # Errors
    /// When it has no store that can be read.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(folder::DATABASE);
        if !file.exists() {
            return Err(StoreError::Folder(format!("{} has no store", folder.display())));
        }
        Ok(Self { folder: folder.to_owned(), connection: schema::open_witness(&file)? })
    }

    /// The keyed hash that stands for a patient's identifier on this chain.
    ///
    /// # Errors
    /// When the folder's key cannot be read.
    pub fn pseudonym(&self, identifier: &str) -> Result<String, StoreError> {
        Ok(pseudonym(&folder::existing_audit_key(&self.folder)?, identifier))
    }

    /// The newest checkpoint, to be kept elsewhere; none when nothing was sealed yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn newest_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        seals::newest_in_file(&self.folder)
    }

    /// How many lines the chain has.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn lines(&self) -> Result<u64, StoreError> {
        Ok(audit::last(&self.connection)?.0)
    }

    /// Shows the lines, the last one first, until the visitor says stop by returning false.
    ///
    /// # Errors
    /// When they cannot be read, or [`StoreError::Damaged`] where the chain does not hold.
    pub fn read_back(&self, visit: &mut dyn FnMut(u64, &str) -> bool) -> Result<(), StoreError> {
        let (lines, _) = audit::last(&self.connection)?;
        let blocks = &mut |end| audit::block_before(&self.connection, end);
        audit::read_back(blocks, lines, visit)
    }

    /// Like [`AuditFolder::read_back`], but only the lines about a subject, given by the
    /// [`AuditFolder::pseudonym`]: by the index, where every line is in it.
    ///
    /// # Errors
    /// When they cannot be read, or [`StoreError::Damaged`] where the chain does not hold.
    pub fn read_back_of(
        &self,
        subject: &str,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<(), StoreError> {
        let rows = &self.connection;
        if !subjects::is_whole(rows)? {
            return self
                .read_back(&mut |number, line| !line.contains(subject) || visit(number, line));
        }
        let key = subjects::key(subject);
        let in_span = &mut |span, end| subjects::in_span(rows, span, key, end);
        let blocks = &mut |end| audit::block_before(rows, end);
        let (mut left, mut more) = (Some(self.lines()?), true);
        while let Some(end) = left.filter(|_| more) {
            left = subjects::read_back(in_span, blocks, subject, end, &mut |number, line| {
                more = visit(number, line);
                more
            })?;
        }
        Ok(())
    }

    /// Verifies the chain, every checkpoint and its signature. Calls `progress` now and then with
    /// how many lines are done, and of how many.
    ///
    /// # Errors
    /// When it cannot be read. What is wrong with it is no error but in the verdict.
    pub fn verify(
        &self,
        witness: &Witness,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Verdict, StoreError> {
        let sealed = Sealed::read(&self.folder)?;
        self.connection.execute_batch("BEGIN")?;
        let (total, _) = audit::last(&self.connection)?;
        let tell = &mut |done| progress(done, total);
        let verdict = verify(&self.folder, &self.connection, &sealed, total, witness, tell);
        self.connection.execute_batch("COMMIT")?;
        verdict
    }
}

#[cfg(test)]
mod tests;
