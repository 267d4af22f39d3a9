//! Floor 2: what the house remembers. A narrow waist: one [`Store`] that hands out ledgers in our
//! own words, and beneath it a private seam with the engines.
//!
//! * Reads are plain functions: a point read costs microseconds, and they run where they are
//!   called. A search may look at many entries; its caller bounds it.
//! * Writes are one value, a [`Transaction`], given to [`Store::commit`]. All of it happens or
//!   none. The answer comes only after the commit is on disk. Concurrent commits share one sync.
//! * The audit chain is part of the same commit.
//!
//! Bodies are bytes to the store: what they mean is the business of whoever put them there. The
//! index rows come from the caller too, as bytes in the order they should sort.

mod answers;
mod disk;
mod engine;
mod sqlite;

pub mod audit;
pub mod check;
pub mod conformance;
pub mod contents;
pub mod directory;
pub mod error;
pub mod faulty;
pub mod jobs;
pub mod messages;
pub mod resources;
pub mod spent;
pub mod transaction;
pub mod travels;

use std::path::Path;
use std::sync::Arc;

use base::{Clock, Dice};
use faulty::{Faulty, Script};

pub use audit::checkpoint::{Checkpoint, PublicKey};
pub use audit::verdict::{Verdict, Witness};
pub use audit::{Access, Audit, KeyChange};
pub use check::Report;
pub use contents::Contents;
pub use directory::Directory;
pub use disk::Room;
pub use error::StoreError;
pub use jobs::Jobs;
pub use messages::Messages;
pub use resources::{Entry, Expect, Key, Put, Resources, Stored, Term, Visit};
pub use spent::Spent;
pub use sqlite::AuditFolder;
pub use transaction::Transaction;
pub use travels::Travels;

use engine::Engine;

/// What the house remembers. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
}

impl Store {
    /// Opens the store in a folder, making it when there is none and bringing an older one up to
    /// date.
    ///
    /// # Errors
    /// When the folder cannot be used, another process holds it, or it was written by a newer
    /// version.
    pub fn open(folder: &Path, clock: Clock, dice: &Dice) -> Result<Self, StoreError> {
        let engine = Engine::Sqlite(sqlite::Sqlite::open(folder, clock, dice)?);
        Ok(Self { engine: Arc::new(engine) })
    }

    /// Does everything in a transaction, or nothing. Returns when it is on disk.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when an expectation does not hold, [`StoreError::Repeated`] when a
    /// message was accepted before, [`StoreError::Invalid`] when something is too long,
    /// [`StoreError::Busy`] when too many commits wait, [`StoreError::Full`] when the disk is full,
    /// [`StoreError::Engine`] when it failed.
    pub async fn commit(&self, transaction: Transaction) -> Result<(), StoreError> {
        self.engine.commit(transaction).await
    }

    /// The ledger of resources: versions, history and index.
    pub fn resources(&self) -> Resources<'_> {
        Resources { engine: &self.engine }
    }

    /// The ledger of accesses: append-only and hash-chained.
    pub fn audit(&self) -> Audit<'_> {
        Audit { engine: &self.engine }
    }

    /// The ledger of organisations, systems and clients.
    pub fn directory(&self) -> Directory<'_> {
        Directory { engine: &self.engine }
    }

    /// The ledger of requests taken on and their answers.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs { engine: &self.engine }
    }

    /// The ledger of messages: what was accepted, on its way to whom, and all that happened.
    pub fn messages(&self) -> Messages<'_> {
        Messages { engine: &self.engine }
    }

    /// The ledger of large bodies.
    pub fn contents(&self) -> Contents<'_> {
        Contents { engine: &self.engine }
    }

    /// The ledger of what travelled, by conversation.
    pub fn travels(&self) -> Travels<'_> {
        Travels { engine: &self.engine }
    }

    /// The ledger of what may be used once.
    pub fn spent(&self) -> Spent<'_> {
        Spent { engine: &self.engine }
    }

    /// The keys that the directory is sealed with, the newest last. Nothing of them is secret.
    pub fn keys(&self) -> Vec<base::keyring::Shown> {
        self.engine.keys()
    }

    /// Copies the keys to a folder, which is to be kept apart from backups: these cannot be
    /// restored without it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn copy_keys(&self, to: &Path) -> Result<(), StoreError> {
        self.engine.copy_keys(to)
    }

    /// Like [`Store::copy_keys`], of a folder that another process may be serving from.
    ///
    /// # Errors
    /// When the folder has no keys, or the copy cannot be written.
    pub fn copy_keys_of(folder: &Path, to: &Path) -> Result<(), StoreError> {
        sqlite::Sqlite::copy_keys_of(folder, to)
    }

    /// Replaces the key that the directory is sealed with: everything is sealed anew, in batches
    /// between other commits, and the old key goes. What was cut off goes on when the store is
    /// opened next. Returns how many records were sealed anew. Blocks.
    ///
    /// # Errors
    /// When the file of the keys cannot be written, or the engine fails.
    pub fn rotate_keys(&self) -> Result<u64, StoreError> {
        self.engine.rotate_keys()
    }

    /// How much room the file system of the data folder has.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn room(&self) -> Result<Room, StoreError> {
        self.engine.room()
    }

    /// Looks at everything: the file, every version, every index row both ways, every message
    /// with its deliveries and their history, every block of every part, what was used once, the
    /// audit chain from its first line. Calls `progress` now and then with how much is done, and
    /// of how much.
    /// May run while the store serves.
    ///
    /// # Errors
    /// When the engine fails. What is wrong with the store is no error but in the report.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, StoreError> {
        self.engine.check(progress)
    }

    /// Copies the store, as it stands, into a new folder, which appears once all of it is on
    /// disk. The audit keys travel with it, sealed; the keys that open them and what the directory
    /// holds do not. May run while the store serves. Blocks.
    ///
    /// # Errors
    /// When `to` exists or cannot be written.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.engine.backup(to)
    }

    /// Like [`Store::backup`], of the store in a folder that another process may be serving from.
    ///
    /// # Errors
    /// When the folder has no store, or `to` exists or cannot be written.
    pub fn backup_of(folder: &Path, to: &Path) -> Result<(), StoreError> {
        sqlite::Sqlite::backup_of(folder, to)
    }

    /// Puts a backup into a folder that has no store yet, after checking all of it. `keys`
    /// is a folder with the keys that the backup was sealed with: what [`Store::copy_keys`] made
    /// then. Blocks.
    ///
    /// # Errors
    /// When the folder has a store, the keys are others, the backup cannot be read or is damaged.
    pub fn restore(from: &Path, keys: &Path, folder: &Path) -> Result<(), StoreError> {
        sqlite::Sqlite::restore(from, keys, folder)
    }

    /// The same store, but failing as the script says. For tests.
    #[must_use]
    pub fn faulty(store: Self, script: Script) -> Self {
        Self { engine: Arc::new(Engine::Faulty(Faulty::new(store.engine, script))) }
    }

    /// Finishes what is under way and closes. Later commits fail.
    pub fn close(&self) {
        self.engine.close();
    }
}
