//! What the engine's threads and its callers share.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::{Clock, Dice};
use rusqlite::Connection;

use super::dictionaries::Dictionaries;
use super::readers::Readers;
use super::seal::Seal;
use super::sealer::Sealer;
use super::words::Words;
use super::{audit, folder, schema};
use crate::audit::Link;
use crate::contents::folder::Folder;
use crate::error::StoreError;

/// What the engine's threads and its callers share.
pub(super) struct Core {
    /// The data folder.
    pub(super) folder: PathBuf,
    /// The key of the audit chain's pseudonyms.
    pub(super) key: [u8; 32],
    /// What seals the audit chain.
    pub(super) seal: Seal,
    /// What seals the directory.
    pub(super) sealer: Sealer,
    pub(super) clock: Clock,
    pub(super) words: Words,
    pub(super) dictionaries: Dictionaries,
    pub(super) readers: Readers,
    /// The files of large bodies.
    pub(super) contents: Arc<Folder>,
    /// Commits since the start, so that housekeeping knows whether there is anything to do.
    pub(super) commits: AtomicU64,
    /// Commits since the start that wrote to the directory.
    pub(super) records: AtomicU64,
    /// A load is under way: index rows are set aside, and nobody else may put.
    pub(super) loading: AtomicBool,
    /// Somebody other than the writer thread wants to write: the thread lets them by.
    wanted: AtomicU64,
    /// The one connection that writes.
    writing: Mutex<Connection>,
    /// How many lines the audit chain has, and its last link. Changed after each commit.
    head: Mutex<(u64, Link)>,
    stopped: AtomicBool,
    /// Held for as long as the store lives, so that no other process opens the folder.
    _lock: File,
}

impl Core {
    /// Opens or makes the files of a store.
    pub(super) fn open(folder: &Path, clock: Clock, dice: &Dice) -> Result<Self, StoreError> {
        let lock = folder::lock(folder)?;
        let key = folder::audit_key(folder, dice)?;
        let file = folder.join(folder::DATABASE);
        let writing = schema::open_writer(&file)?;
        let words = Words::read(&writing)?;
        let dictionaries = Dictionaries::read(&writing)?;
        let head = audit::last(&writing)?;
        let seal = Seal::open(folder, &writing, dice, clock.now())?;
        let sealer = Sealer::open(folder, &writing, dice, clock.now())?;
        let readers = Readers::new(&file);
        Ok(Self {
            folder: folder.to_owned(),
            key,
            seal,
            sealer,
            clock,
            words,
            dictionaries,
            readers,
            contents: Arc::new(Folder::new(folder, dice.clone())),
            commits: AtomicU64::new(0),
            records: AtomicU64::new(0),
            loading: AtomicBool::new(false),
            wanted: AtomicU64::new(0),
            writing: Mutex::new(writing),
            head: Mutex::new(head),
            stopped: AtomicBool::new(false),
            _lock: lock,
        })
    }

    /// Whether the store still takes writes.
    pub(super) fn alive(&self) -> Result<(), StoreError> {
        if self.stopped.load(Ordering::Acquire) { Err(StoreError::Stopped) } else { Ok(()) }
    }

    /// Takes no more writes, ever: after a failed sync nobody knows what the disk holds, and a
    /// second sync may say yes to pages that the first one lost.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// The writing connection, for anybody but the writer thread.
    pub(super) fn writing(&self) -> MutexGuard<'_, Connection> {
        self.wanted.fetch_add(1, Ordering::AcqRel);
        let guard = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.wanted.fetch_sub(1, Ordering::AcqRel);
        guard
    }

    /// The writing connection, for the writer thread. A mutex is not fair, and a busy writer
    /// would take it again before a sleeper wakes: it steps back while somebody else wants it.
    pub(super) fn writing_in_turn(&self) -> MutexGuard<'_, Connection> {
        while self.wanted.load(Ordering::Acquire) > 0 {
            std::thread::sleep(std::time::Duration::from_micros(50));
        }
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lines the audit chain has, and its last link.
    pub(super) fn head(&self) -> (u64, Link) {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the head of the audit chain on, once the commit that did it is on disk.
    pub(super) fn set_head(&self, head: (u64, Link)) {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }
}
