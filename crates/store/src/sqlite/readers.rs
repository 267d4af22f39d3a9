//! The pool of connections that read.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, TryLockError};

use rusqlite::Connection;

use super::schema;
use crate::error::StoreError;

/// How many connections are kept open. Each costs a page cache.
const READERS: usize = 4;

/// Connections that only read.
pub(super) struct Readers {
    file: PathBuf,
    kept: Vec<Mutex<Connection>>,
}

impl Readers {
    /// Opens the pool.
    pub(super) fn open(file: &Path) -> Result<Self, StoreError> {
        let kept: Result<Vec<_>, StoreError> =
            (0..READERS).map(|_| Ok(Mutex::new(schema::open_reader(file)?))).collect();
        Ok(Self { file: file.to_owned(), kept: kept? })
    }

    /// Reads with a connection that nobody else is using. A visitor of a scan may read again
    /// while its scan holds a connection; so when all are taken, this never waits for one (two
    /// such visitors could wait for each other for ever) but opens another for the occasion.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Always from the first: SQLite drops a connection's cache after each commit of another,
        // so a few that are used often are warmer than many that are used in turn.
        for slot in &self.kept {
            match slot.try_lock() {
                Ok(connection) => return work(&connection),
                Err(TryLockError::Poisoned(poison)) => {
                    return work(&poison.into_inner());
                }
                Err(TryLockError::WouldBlock) => {}
            }
        }
        work(&schema::open_reader(&self.file)?)
    }
}
