//! The ledger at work: memory that answers, and one thread that writes, with one sync for all who
//! wait. It works the same beneath every engine.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};

use base::Clock;
use base::limit::{SPENDING_WAITING_MAX, SPENT_A_SYNC_MAX, SPENT_REMEMBERED_MAX};
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::files::Files;
use super::memory::{Memory, Taken};
use super::record::{Digest, Record};
use crate::answers;
use crate::error::StoreError;

const HOUR_S: i64 = 3600;

type Outcome = Result<(), StoreError>;

/// A record to write, and who waits for that.
struct Work {
    record: Record,
    /// Nobody waits for what is given back.
    answer: Option<oneshot::Sender<Outcome>>,
    runtime: Option<Handle>,
}

/// The ledger, as its engine sees it.
pub(crate) struct Book {
    memory: Arc<Memory>,
    clock: Clock,
    /// Taken away on closing: then the thread finishes what waits, and ends.
    queue: RwLock<Option<SyncSender<Work>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Book {
    /// Reads what a data folder remembers, and starts the thread that adds to it.
    pub(crate) fn open(data: &Path, clock: Clock) -> Result<Self, StoreError> {
        Self::remembering(SPENT_REMEMBERED_MAX, data, clock)
    }

    /// The same with room for so many.
    pub(super) fn remembering(most: usize, data: &Path, clock: Clock) -> Result<Self, StoreError> {
        let memory = Arc::new(Memory::new(most));
        let now_hour = hour_of(clock.now());
        let files = Files::load(data, now_hour, &mut |record| {
            if record.until_hour >= now_hour {
                memory.replay(record);
            }
        })?;
        let (queue, waiting) = sync_channel(SPENDING_WAITING_MAX);
        let mut writer = Writer { memory: Arc::clone(&memory), clock: clock.clone(), files };
        let thread = thread::Builder::new()
            .name("store-spent".to_owned())
            .spawn(move || writer.run(&waiting))?;
        let (queue, thread) = (RwLock::new(Some(queue)), Mutex::new(Some(thread)));
        Ok(Self { memory, clock, queue, thread })
    }

    /// Uses something; returns when that is on disk.
    pub(crate) async fn spend(&self, digest: Digest, until: Timestamp) -> Result<bool, StoreError> {
        let until_hour = hour_of(until);
        match self.memory.take(digest, until_hour, hour_of(self.clock.now())) {
            Taken::Again => return Ok(false),
            Taken::Full => return Err(StoreError::Busy),
            Taken::First => {}
        }
        let (answer, answered) = oneshot::channel();
        let record = Record { digest, until_hour, used: true };
        let runtime = Handle::try_current().ok();
        if let Err(error) = self.give(Work { record, answer: Some(answer), runtime }) {
            self.memory.forget(&digest);
            return Err(error);
        }
        answered.await.unwrap_or(Err(StoreError::Stopped)).map(|()| true)
    }

    /// Whether something was used.
    pub(crate) fn is_spent(&self, digest: &Digest) -> bool {
        self.memory.until_hour(digest).is_some()
    }

    /// Lets something be used again.
    pub(crate) fn give_back(&self, digest: &Digest) {
        let Some(until_hour) = self.memory.until_hour(digest) else { return };
        let record = Record { digest: *digest, until_hour, used: false };
        // First in the queue, then in memory: whoever uses it next comes behind this.
        if self.give(Work { record, answer: None, runtime: None }).is_ok() {
            self.memory.forget(digest);
        }
    }

    fn give(&self, work: Work) -> Outcome {
        match &*self.queue.read().unwrap_or_else(PoisonError::into_inner) {
            None => Err(StoreError::Stopped),
            Some(queue) => queue.try_send(work).map_err(|error| match error {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => StoreError::Stopped,
            }),
        }
    }

    /// Finishes what waits, and ends.
    pub(crate) fn close(&self) {
        drop(self.queue.write().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the ledger of single use came to a bad end");
        }
    }
}

/// The one thread that writes.
struct Writer {
    memory: Arc<Memory>,
    clock: Clock,
    files: Files,
}

impl Writer {
    /// Writes what comes, until nobody can send more or the disk fails. A full disk is no failure:
    /// it may have room again.
    fn run(&mut self, waiting: &Receiver<Work>) {
        while let Ok(first) = waiting.recv() {
            let group: Vec<Work> =
                std::iter::once(first).chain(waiting.try_iter()).take(SPENT_A_SYNC_MAX).collect();
            let records: Vec<Record> = group.iter().map(|work| work.record).collect();
            let written = self.files.append(&records, hour_of(self.clock.now()));
            let failed = written.as_ref().is_err_and(|error| !matches!(error, StoreError::Full));
            self.answer(group, &written);
            if failed {
                tracing::error!("the ledger of single use takes no more: a write failed");
                return;
            }
        }
    }

    fn answer(&self, group: Vec<Work>, written: &Outcome) {
        let runtime = group.first().and_then(|work| work.runtime.clone());
        let mut answers = Vec::with_capacity(group.len());
        for work in group {
            if matches!(written, Err(StoreError::Full)) && work.record.used {
                self.memory.forget(&work.record.digest);
            }
            answers.extend(work.answer.map(|answer| (answer, again(written))));
        }
        answers::give(runtime.as_ref(), answers);
    }
}

/// The same outcome, for one more who waits for it.
fn again(outcome: &Outcome) -> Outcome {
    match outcome {
        Ok(()) => Ok(()),
        Err(StoreError::Full) => Err(StoreError::Full),
        Err(other) => Err(StoreError::Engine(other.to_string())),
    }
}

/// The hour since 1970.
fn hour_of(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().div_euclid(HOUR_S)).unwrap_or_default()
}

impl Drop for Book {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests;
