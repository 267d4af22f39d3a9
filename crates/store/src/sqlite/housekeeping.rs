//! The thread that writes the log home, so that no commit has to, and keeps the log bounded. It
//! also removes the files of erased bodies, and learns dictionaries for kinds that have grown to
//! need one, and seals the audit chain.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::core::Core;
use super::{dictionaries, folder, schema, seal};
use crate::error::StoreError;

/// How often it looks.
const TICK: Duration = Duration::from_millis(100);
/// How many pages (of 4 KiB) may wait to be written home while commits keep coming.
/// Tests have less patience.
const PAGES_WAITING_MAX: i64 = if cfg!(test) { 64 } else { 16 * 1024 };
/// From how many pages the log is made to start over.
const LOG_PAGES_MAX: i64 = if cfg!(test) { 256 } else { 32 * 1024 };

/// The housekeeping thread, as its owner sees it.
pub(super) struct Housekeeper {
    closing: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Housekeeper {
    /// Starts the thread.
    pub(super) fn start(core: &Arc<Core>) -> Result<Self, StoreError> {
        let connection = schema::open_writer(&core.folder.join(folder::DATABASE))?;
        let closing = Arc::new(AtomicBool::new(false));
        let (shared, ending) = (Arc::clone(core), Arc::clone(&closing));
        let thread = thread::Builder::new()
            .name("store-housekeeper".to_owned())
            .spawn(move || run(&shared, &connection, &ending))?;
        Ok(Self { closing, thread: Mutex::new(Some(thread)) })
    }

    /// Writes the log home a last time, and ends.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            thread.thread().unpark();
            if thread.join().is_err() {
                tracing::error!("the housekeeper of the store came to a bad end");
            }
        }
    }
}

fn run(core: &Core, connection: &Connection, closing: &AtomicBool) {
    let (mut seen, mut written_home) = (0, 0);
    while !closing.load(Ordering::Acquire) {
        thread::park_timeout(TICK);
        clear(core);
        if let Err(error) = seal::when_due(core) {
            tracing::warn!(%error, "the audit chain could not be sealed");
        }
        let commits = core.commits.load(Ordering::Acquire);
        if commits == written_home {
            continue;
        }
        if let Err(error) = dictionaries::learn_due(core) {
            tracing::warn!(%error, "a dictionary could not be learnt");
        }
        let quiet = commits == seen;
        seen = commits;
        match checkpoint(core, connection, quiet) {
            Ok(true) => written_home = commits,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a checkpoint failed"),
        }
    }
    clear(core);
    let last = core.readers.let_go().and_then(|()| pragma(connection, "TRUNCATE"));
    if let Err(error) = last {
        tracing::warn!(%error, "the last checkpoint failed");
    }
}

/// Removes files of large bodies that no row names any more: here, since large files take a while.
fn clear(core: &Core) {
    if let Err(error) = core.contents.clear() {
        tracing::warn!(%error, "a file of an erased body stays until a sweep");
    }
}

/// Writes the log home when things are quiet or much has gathered. Returns whether it did so
/// while quiet, so that there is nothing left to do.
fn checkpoint(core: &Core, connection: &Connection, quiet: bool) -> Result<bool, StoreError> {
    let (log, home) = pragma(connection, "NOOP")?;
    if !quiet && log - home < PAGES_WAITING_MAX {
        return Ok(false);
    }
    core.readers.let_go()?;
    let (log, _) = pragma(connection, "PASSIVE")?;
    if log >= LOG_PAGES_MAX {
        // Commits that came meanwhile are in the log still, and the log starts over only when
        // all of it is home. What is left is little: hold the writer for that long.
        let writing = core.writing();
        // A snapshot from before would keep later pages from being written home, and one that
        // reads from the log at all would keep it from starting over.
        core.readers.let_go()?;
        pragma(&writing, "PASSIVE")?;
        core.readers.let_go()?;
    }
    Ok(quiet)
}

/// A checkpoint: pages in the log, and how many of them are home.
fn pragma(connection: &Connection, mode: &str) -> Result<(i64, i64), StoreError> {
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    Ok(connection.query_row(&sql, [], |row| Ok((row.get(1)?, row.get(2)?)))?)
}
