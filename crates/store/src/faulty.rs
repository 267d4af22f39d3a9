//! An engine that fails on cue, so that other rooms can test what they do then.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::engine::Engine;
use crate::error::StoreError;
use crate::spent::Digest;
use crate::transaction::Transaction;

/// What shall fail, and when. Commits and reads are counted from 1, from when the faulty store
/// was made; loading a batch, forgetting jobs and using something once count as commits.
///
/// ```
/// use store::faulty::Script;
/// let script = Script::new().fail_commit(2).lose_answer(3).fail_read(1).stop_at_commit(10);
/// # let _ = script;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Script {
    failing_commits: BTreeSet<u64>,
    busy_commits: BTreeSet<u64>,
    lost_answers: BTreeSet<u64>,
    failing_reads: BTreeSet<u64>,
    stop: Option<u64>,
}

impl Script {
    /// A script in which nothing fails.
    pub fn new() -> Self {
        Self::default()
    }

    /// The nth commit fails, and nothing of it is written.
    #[must_use]
    pub fn fail_commit(mut self, nth: u64) -> Self {
        self.failing_commits.insert(nth);
        self
    }

    /// The nth commit finds that too many wait, and nothing of it is written.
    #[must_use]
    pub fn busy_commit(mut self, nth: u64) -> Self {
        self.busy_commits.insert(nth);
        self
    }

    /// The nth commit is written, and its caller is told that it failed.
    #[must_use]
    pub fn lose_answer(mut self, nth: u64) -> Self {
        self.lost_answers.insert(nth);
        self
    }

    /// The nth read, of whatever ledger, fails.
    #[must_use]
    pub fn fail_read(mut self, nth: u64) -> Self {
        self.failing_reads.insert(nth);
        self
    }

    /// From the nth commit on the store has stopped, as after a failed sync.
    #[must_use]
    pub fn stop_at_commit(mut self, nth: u64) -> Self {
        self.stop = Some(nth);
        self
    }
}

/// An engine that fails on cue, and otherwise does what the engine beneath it does.
pub(crate) struct Faulty {
    inner: Arc<Engine>,
    script: Script,
    commits: AtomicU64,
    reads: AtomicU64,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<Engine>, script: Script) -> Self {
        Self { inner, script, commits: AtomicU64::new(0), reads: AtomicU64::new(0) }
    }

    /// The engine beneath.
    pub(crate) fn inner(&self) -> &Engine {
        &self.inner
    }

    pub(crate) async fn commit(&self, transaction: Transaction) -> Result<(), StoreError> {
        let nth = self.write_begins()?;
        // Boxed, since this engine holds an engine.
        Box::pin(self.inner.commit(transaction)).await?;
        if self.script.lost_answers.contains(&nth) {
            return Err(StoreError::Engine(format!("commit {nth} failed on cue, once written")));
        }
        Ok(())
    }

    pub(crate) async fn spend(&self, digest: Digest, until: Timestamp) -> Result<bool, StoreError> {
        let nth = self.write_begins()?;
        let first = Box::pin(self.inner.spend(digest, until)).await?;
        if self.script.lost_answers.contains(&nth) {
            return Err(StoreError::Engine(format!("use {nth} failed on cue, once written")));
        }
        Ok(first)
    }

    /// Counts a commit that is about to begin, and fails it if it is its turn.
    pub(crate) fn write_begins(&self) -> Result<u64, StoreError> {
        let nth = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        if self.script.stop.is_some_and(|stop| nth >= stop) {
            return Err(StoreError::Stopped);
        }
        if self.script.busy_commits.contains(&nth) {
            return Err(StoreError::Busy);
        }
        if self.script.failing_commits.contains(&nth) {
            return Err(StoreError::Engine(format!("commit {nth} failed on cue, before writing")));
        }
        Ok(nth)
    }

    /// Reads from the engine beneath, unless it is this read's turn to fail.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Engine) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let nth = self.reads.fetch_add(1, Ordering::SeqCst) + 1;
        if self.script.failing_reads.contains(&nth) {
            return Err(StoreError::Engine(format!("read {nth} failed on cue")));
        }
        read(&self.inner)
    }
}

#[cfg(test)]
mod tests;
