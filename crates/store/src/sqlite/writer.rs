//! The one thread that commits. It takes what waits, writes all of it in one `SQLite`
//! transaction, syncs once, and only then answers everybody.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use base::limit::{COMMITS_A_SYNC_MAX, COMMITS_WAITING_MAX};
use jiff::Timestamp;
use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::sync::oneshot;

use super::core::Core;
use super::prepare::Parcel;
use super::{
    audit, contents, deliveries, directory, jobs, lanes, messages, puts, seal, steps, travels,
};
use crate::answers;
use crate::audit::Link;
use crate::error::StoreError;
use crate::messages::MessageId;

type Outcome = Result<u64, StoreError>;
type Asker = oneshot::Sender<Outcome>;

/// Something to write, and where to say how it went: how many rows were forgotten, for those who
/// asked for that.
struct Work {
    task: Task,
    answer: Asker,
    /// Where the asker runs.
    runtime: Option<Handle>,
}

enum Task {
    Commit(Box<Parcel>),
    ForgetJobs { before_us: i64 },
    ForgetConversations { before_us: i64 },
}

impl Task {
    fn changes_resources(&self) -> bool {
        matches!(self, Self::Commit(parcel) if !parcel.puts.is_empty())
    }

    fn changes_directory(&self) -> bool {
        matches!(self, Self::Commit(parcel) if !parcel.records.is_empty())
    }
}

/// The writer thread, as its callers see it.
pub(super) struct Writer {
    core: Arc<Core>,
    /// Taken away on closing: then the thread finishes what waits, and ends.
    queue: RwLock<Option<mpsc::Sender<Work>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(core: &Arc<Core>) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::channel(COMMITS_WAITING_MAX);
        let shared = Arc::clone(core);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&shared, waiting))?;
        Ok(Self {
            core: Arc::clone(core),
            queue: RwLock::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Commits a parcel; returns when it is on disk.
    pub(super) async fn commit(&self, parcel: Parcel) -> Result<(), StoreError> {
        self.give(Task::Commit(Box::new(parcel))).await.map(|_| ())
    }

    /// Forgets some conversations without a leg since an instant. Returns how many.
    pub(super) async fn forget_conversations(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.give(Task::ForgetConversations { before_us: before.as_microsecond() }).await
    }

    /// Forgets some answered jobs taken on before an instant. Returns how many.
    pub(super) async fn forget(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.give(Task::ForgetJobs { before_us: before.as_microsecond() }).await
    }

    async fn give(&self, task: Task) -> Result<u64, StoreError> {
        self.core.alive()?;
        let (answer, answered) = oneshot::channel();
        let sent = match &*self.queue.read().unwrap_or_else(PoisonError::into_inner) {
            Some(queue) => {
                queue.try_send(Work { task, answer, runtime: Handle::try_current().ok() })
            }
            None => return Err(StoreError::Stopped),
        };
        match sent {
            Ok(()) => answered.await.unwrap_or(Err(StoreError::Stopped)),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(TrySendError::Closed(_)) => Err(StoreError::Stopped),
        }
    }

    /// Finishes what waits, and ends.
    pub(super) fn close(&self) {
        drop(self.queue.write().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the writer of the store came to a bad end");
        }
        if self.core.alive().is_ok()
            && let Err(error) = seal::now(&self.core)
        {
            tracing::warn!(%error, "the audit chain could not be sealed at the end");
        }
        self.core.stop();
    }
}

fn run(core: &Core, mut waiting: mpsc::Receiver<Work>) {
    let mut group = Vec::with_capacity(COMMITS_A_SYNC_MAX);
    while waiting.blocking_recv_many(&mut group, COMMITS_A_SYNC_MAX) > 0 {
        let runtime = group.first().and_then(|work| work.runtime.clone());
        let (tasks, answers): (Vec<_>, Vec<_>) =
            group.drain(..).map(|work| (work.task, work.answer)).unzip();
        let results = write_group(core, &tasks);
        answers::give(runtime.as_ref(), answers.into_iter().zip(results).collect());
    }
}

/// Writes a group of tasks with one sync. Each gets its own answer: one whose expectations do not
/// hold fails alone, but when the disk fails all of them do.
fn write_group(core: &Core, tasks: &[Task]) -> Vec<Outcome> {
    if core.alive().is_err() {
        return tasks.iter().map(|_| Err(StoreError::Stopped)).collect();
    }
    let connection = core.writing_in_turn();
    let start = Instant::now();
    let written = match begin_and_write(core, &connection, tasks) {
        Ok(written) => written,
        Err(error) => {
            roll_back(core, &connection);
            tracing::error!(%error, "a group of commits failed");
            return fail_all(tasks, &error);
        }
    };
    // Said before the commit: when nobody knows how that ended, the files must stay.
    keep_files(tasks, &written.results, true);
    if let Err(error) = connection.execute_batch("COMMIT") {
        return commit_failed(core, &connection, tasks, &written.results, &error.into());
    }
    core.set_head(written.head);
    core.contents.doom(written.doomed);
    core.commits.fetch_add(1, Ordering::Release);
    if tasks.iter().any(Task::changes_resources) {
        core.readers.changed();
    }
    if tasks.iter().any(Task::changes_directory) {
        core.records.fetch_add(1, Ordering::Release);
    }
    metrics::counter!("store_commits_total").increment(tasks.len() as u64);
    metrics::histogram!("store_sync_seconds").record(start.elapsed());
    written.results
}

/// A full disk is noticed before the record that makes a commit one is whole: nothing has
/// happened, and the store goes on. After anything else nobody knows what the disk holds.
fn commit_failed(
    core: &Core,
    connection: &Connection,
    tasks: &[Task],
    results: &[Outcome],
    error: &StoreError,
) -> Vec<Outcome> {
    if matches!(error, StoreError::Full) {
        roll_back(core, connection);
        keep_files(tasks, results, false);
        tracing::error!("the disk is full: a group of commits was taken back");
    } else {
        core.stop();
        tracing::error!(%error, "a commit failed: the store takes no more writes");
        // Lets go of the file; what the disk holds stays unknown either way.
        roll_back(core, connection);
    }
    fail_all(tasks, error)
}

fn roll_back(core: &Core, connection: &Connection) {
    if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
        core.stop();
    }
}

/// Says of the files of new parts whether a commit takes them on.
fn keep_files(tasks: &[Task], results: &[Outcome], kept: bool) {
    for (task, result) in tasks.iter().zip(results) {
        if let (Task::Commit(parcel), Ok(_)) = (task, result) {
            parcel.parts.iter().for_each(|part| part.file.keep(kept));
        }
    }
}

/// What a group wrote, short of the COMMIT.
struct Written {
    results: Vec<Outcome>,
    /// The head of the audit chain.
    head: (u64, Link),
    /// Files that no row names any more.
    doomed: Vec<String>,
}

/// Does everything but the COMMIT. An error here is the disk's or the engine's, not a task's.
fn begin_and_write(
    core: &Core,
    connection: &Connection,
    tasks: &[Task],
) -> Result<Written, StoreError> {
    let at_us = core.clock.now().as_microsecond();
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let (mut results, mut doomed) = (Vec::with_capacity(tasks.len()), Vec::new());
    for task in tasks {
        results.push(match write_task(core, connection, task, at_us, &mut doomed) {
            Err(error) if error.is_of_one() => Err(error),
            other => Ok(other?),
        });
    }
    let lines =
        tasks.iter().zip(&results).filter(|(_, result)| result.is_ok()).flat_map(|(task, _)| {
            match task {
                Task::Commit(parcel) => parcel.lines.as_slice(),
                Task::ForgetJobs { .. } | Task::ForgetConversations { .. } => &[],
            }
        });
    let head = audit::append(connection, core.head(), lines)?;
    Ok(Written { results, head, doomed })
}

fn write_task(
    core: &Core,
    connection: &Connection,
    task: &Task,
    at_us: i64,
    doomed: &mut Vec<String>,
) -> Result<u64, StoreError> {
    match task {
        Task::Commit(parcel) => write_parcel(core, connection, parcel, at_us, doomed).map(|()| 0),
        Task::ForgetJobs { before_us } => jobs::forget(connection, *before_us),
        Task::ForgetConversations { before_us } => travels::forget(connection, *before_us),
    }
}

/// Writes a parcel, once all that it expects has been found to hold. Files that no row names any
/// more are added to `doomed`.
fn write_parcel(
    core: &Core,
    connection: &Connection,
    parcel: &Parcel,
    at_us: i64,
    doomed: &mut Vec<String>,
) -> Result<(), StoreError> {
    lanes::check(connection, &parcel.guards, &parcel.leases)?;
    puts::check(connection, &parcel.puts)?;
    messages::check(connection, &parcel.accepts)?;
    let plans = steps::check(connection, &parcel.accepts, &parcel.steps)?;
    contents::check(connection, &parcel.contents, &parcel.parts)?;
    for put in &parcel.puts {
        puts::apply(connection, put, at_us)?;
    }
    for (kind, record) in &parcel.records {
        directory::apply(core, connection, *kind, record)?;
    }
    for job in &parcel.jobs {
        jobs::apply(connection, job)?;
    }
    for accept in &parcel.accepts {
        messages::apply(connection, accept, at_us)?;
    }
    for (step, plan) in parcel.steps.iter().zip(&plans) {
        steps::apply(connection, step, plan, at_us)?;
    }
    for (lease, _) in &parcel.leases {
        lanes::apply(connection, lease)?;
    }
    for (id, parts) in &parcel.contents {
        contents::begin(connection, *id, *parts)?;
    }
    for part in &parcel.parts {
        doomed.extend(contents::add(connection, part)?);
    }
    for id in &parcel.erasures {
        doomed.extend(erase(connection, *id)?);
    }
    for id in &parcel.erasures_at_rest {
        if !deliveries::any_wakes(connection, *id)? {
            doomed.extend(erase(connection, *id)?);
        }
    }
    for leg in &parcel.legs {
        travels::apply(connection, leg)?;
    }
    Ok(())
}

/// Erases the body of a message. Returns the files that no row names any more.
fn erase(connection: &Connection, id: MessageId) -> Result<Vec<String>, StoreError> {
    messages::erase(connection, id)?;
    contents::erase(connection, id)
}

fn fail_all(tasks: &[Task], error: &StoreError) -> Vec<Outcome> {
    let fail = |_| match error {
        StoreError::Full => Err(StoreError::Full),
        other => Err(StoreError::Engine(other.to_string())),
    };
    tasks.iter().map(fail).collect()
}

#[cfg(test)]
mod tests;
