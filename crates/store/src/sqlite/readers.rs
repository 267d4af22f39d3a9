//! The pool of connections that read.
//!
//! `SQLite` drops what a connection has cached whenever another one has committed, and every read
//! of a record is followed by a commit of its audit line. So a connection that reads resources
//! keeps its snapshot, cache and all, for as long as nothing but the audit chain has changed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::thread::available_parallelism;

use rusqlite::Connection;

use super::schema;
use crate::error::StoreError;

/// The fewest connections that are kept, where there is use for them.
const READERS_MIN: usize = 4;

/// Connections that only read, each opened when it is first needed.
pub(super) struct Readers {
    file: PathBuf,
    kept: Vec<Mutex<Option<Reader>>>,
    /// Commits that changed resources or their index: a snapshot from before is out of date.
    changes: AtomicU64,
}

/// A connection, and what its open snapshot has seen of [`Readers::changes`].
struct Reader {
    connection: Connection,
    snapshot: Option<u64>,
}

impl Readers {
    /// A pool with room for two connections a processor: one for a scan, one for its visitor.
    pub(super) fn new(file: &Path) -> Self {
        let room = available_parallelism().map_or(0, |processors| 2 * processors.get());
        let kept = (0..room.max(READERS_MIN)).map(|_| Mutex::new(None)).collect();
        Self { file: file.to_owned(), kept, changes: AtomicU64::new(0) }
    }

    /// Says that resources have changed. Call it after the commit and before anybody is told.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Release);
    }

    /// Reads what is there now.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.with_reader(|reader| {
            reader.let_go()?;
            work(&reader.connection)
        })
    }

    /// Reads resources or their index as they are now; not for anything else, which may have
    /// changed since the snapshot.
    pub(super) fn read_resources<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Looked at before the snapshot is taken: what comes in between is seen twice, not missed.
        let changes = self.changes.load(Ordering::Acquire);
        self.with_reader(|reader| {
            if reader.snapshot != Some(changes) {
                reader.let_go()?;
                reader.connection.prepare_cached("BEGIN DEFERRED")?.execute([])?;
                reader.snapshot = Some(changes);
            }
            work(&reader.connection)
        })
    }

    /// Ends every open snapshot, so that the log can be written home and start over.
    pub(super) fn let_go(&self) -> Result<(), StoreError> {
        for slot in &self.kept {
            if let Some(reader) = slot.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                reader.let_go()?;
            }
        }
        Ok(())
    }

    /// Works with a connection that nobody else is using. A visitor of a scan may read again
    /// while its scan holds a connection; so when all are taken, this never waits for one (two
    /// such visitors could wait for each other for ever) but opens another for the occasion.
    fn with_reader<T>(
        &self,
        work: impl FnOnce(&mut Reader) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Always from the first: a few that are used often are warmer than many used in turn.
        for slot in &self.kept {
            let mut slot = match slot.try_lock() {
                Ok(slot) => slot,
                Err(TryLockError::Poisoned(poison)) => poison.into_inner(),
                Err(TryLockError::WouldBlock) => continue,
            };
            let reader = match slot.take() {
                Some(reader) => reader,
                None => Reader::open(&self.file)?,
            };
            return work(slot.insert(reader));
        }
        work(&mut Reader::open(&self.file)?)
    }
}

impl Reader {
    fn open(file: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: schema::open_reader(file)?, snapshot: None })
    }

    /// Ends the snapshot, if one is open.
    fn let_go(&mut self) -> Result<(), StoreError> {
        if self.snapshot.take().is_some() {
            self.connection.prepare_cached("COMMIT")?.execute([])?;
        }
        Ok(())
    }
}
