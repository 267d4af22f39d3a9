//! What is under way in this process, and who waits for it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::Fault;
use bytes::Bytes;
use service::Reply;
use store::jobs::Job;
use tokio::sync::watch;

/// How far work has got.
#[derive(Clone)]
pub(super) enum Progress {
    /// It was begun.
    Begun,
    /// The request is on disk: its answer will come, whatever happens to this process.
    Promised,
    /// This is the answer.
    Done(Reply),
}

/// What is under way. Cheap to clone; all clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Running {
    begun: Arc<Mutex<HashMap<String, Begun>>>,
}

struct Begun {
    digest: [u8; 32],
    progress: watch::Receiver<Progress>,
}

/// What became of an attempt to begin.
pub(super) enum Begin {
    /// The same name was given to another request.
    Other,
    /// Somebody is at it.
    Running(Watch),
    /// It was answered.
    Answered(Bytes),
    /// It is the caller's to do. `promised` when the ledger has the request.
    Mine { reporter: Reporter, watch: Watch, promised: bool },
}

impl Running {
    /// Whether work with this key is under way.
    pub(super) fn has(&self, key: &str) -> bool {
        self.lock().contains_key(key)
    }

    /// Begins work, unless it is under way or was done. `look` reads the ledger; it is called with
    /// the lock held, because work leaves here only after its answer is in the ledger.
    pub(super) fn begin(
        &self,
        key: &str,
        digest: [u8; 32],
        look: impl FnOnce() -> Result<Option<Job>, Fault>,
    ) -> Result<Begin, Fault> {
        let mut begun = self.lock();
        let vacant = match begun.entry(key.to_owned()) {
            Entry::Occupied(known) if known.get().digest != digest => return Ok(Begin::Other),
            Entry::Occupied(known) => {
                return Ok(Begin::Running(Watch(known.get().progress.clone())));
            }
            Entry::Vacant(vacant) => vacant,
        };
        let promised = match look()? {
            None => false,
            Some(job) if job.digest != digest => return Ok(Begin::Other),
            Some(Job { answer: Some(answer), .. }) => return Ok(Begin::Answered(answer)),
            Some(_) => true,
        };
        let (sender, progress) = watch::channel(Progress::Begun);
        vacant.insert(Begun { digest, progress: progress.clone() });
        let reporter = Reporter { running: self.clone(), key: key.to_owned(), sender };
        Ok(Begin::Mine { reporter, watch: Watch(progress), promised })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Begun>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by whoever does the work. When it goes, by whatever end, the work is no longer under way.
pub(super) struct Reporter {
    running: Running,
    key: String,
    sender: watch::Sender<Progress>,
}

impl Reporter {
    /// Tells everybody who waits.
    pub(super) fn report(&self, progress: Progress) {
        self.sender.send_replace(progress);
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        self.running.lock().remove(&self.key);
    }
}

/// Held by whoever waits.
pub(super) struct Watch(watch::Receiver<Progress>);

impl Watch {
    /// Waits for the answer, or for the promise of one if that will do. Work that ended without
    /// either is still only begun.
    pub(super) async fn answer_or_promise(&mut self, promise_will_do: bool) -> Progress {
        let enough = |progress: &Progress| match progress {
            Progress::Begun => false,
            Progress::Promised => promise_will_do,
            Progress::Done(_) => true,
        };
        match self.0.wait_for(enough).await {
            Ok(progress) => progress.clone(),
            Err(_) => Progress::Begun,
        }
    }
}
