//! The pool of connections that read.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, TryLockError};
use std::thread::available_parallelism;

use rusqlite::Connection;

use super::schema;
use crate::error::StoreError;

/// The fewest connections that are kept, where there is use for them.
const READERS_MIN: usize = 4;

/// Connections that only read, each opened when it is first needed.
pub(super) struct Readers {
    file: PathBuf,
    kept: Vec<Mutex<Option<Connection>>>,
}

impl Readers {
    /// A pool with room for two connections a processor: one for a scan, one for its visitor.
    pub(super) fn new(file: &Path) -> Self {
        let room = available_parallelism().map_or(0, |processors| 2 * processors.get());
        let kept = (0..room.max(READERS_MIN)).map(|_| Mutex::new(None)).collect();
        Self { file: file.to_owned(), kept }
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
            let mut slot = match slot.try_lock() {
                Ok(slot) => slot,
                Err(TryLockError::Poisoned(poison)) => poison.into_inner(),
                Err(TryLockError::WouldBlock) => continue,
            };
            let connection = match slot.take() {
                Some(connection) => connection,
                None => schema::open_reader(&self.file)?,
            };
            return work(slot.insert(connection));
        }
        work(&schema::open_reader(&self.file)?)
    }
}
