//! Writing down what travelled, without anybody having to wait for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::Clock;
use base::limit::LEGS_WAITING_MAX;
use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError, Transaction, travels};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::leg::Leg;

/// How long a conversation is kept after its latest leg, in days.
pub const KEPT_DAYS: i64 = 7;
/// How long legs are gathered before they are written, in milliseconds.
const GATHER_MS: u64 = 50;
/// The most legs that are written in one commit.
const GROUP_MAX: usize = 512;
/// How long a reader waits at most for what was told before, in milliseconds.
const SETTLE_MS_MAX: u64 = 1_000;
/// How often old conversations are forgotten, in seconds.
const FORGET_EVERY_S: u64 = 3_600;

/// Takes down what travelled. Cheap to clone; all clones write into the same book.
#[derive(Clone)]
pub struct Recorder {
    store: Store,
    clock: Clock,
    told: mpsc::Sender<travels::Leg>,
    /// The other end, until somebody runs the recorder.
    waiting: Arc<Mutex<Option<mpsc::Receiver<travels::Leg>>>>,
    /// How many legs were told, and how many of them are written or given up.
    count: Arc<AtomicU64>,
    done: watch::Sender<u64>,
}

impl Recorder {
    /// A recorder that writes into a store once it [runs](Self::run).
    pub fn new(store: Store, clock: Clock) -> Self {
        let (told, waiting) = mpsc::channel(LEGS_WAITING_MAX);
        let waiting = Arc::new(Mutex::new(Some(waiting)));
        let (count, done) = (Arc::default(), watch::Sender::new(0));
        Self { store, clock, told, waiting, count, done }
    }

    /// Takes down a leg that set out at an instant. Returns at once; when too many wait to be
    /// written this one is left out, and counted.
    pub fn tell(&self, conversation: &str, at: Timestamp, leg: &Leg) {
        let Ok(body) = serde_json::to_vec(leg) else { return };
        let conversation = conversation.to_ascii_lowercase();
        let leg = travels::Leg { conversation, at, body: body.into() };
        if self.told.try_send(leg).is_err() {
            metrics::counter!("travel_legs_left_out_total").increment(1);
        } else {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what was told before is written, for a while at most: who looks right after a
    /// call of their own shall find it.
    pub async fn settled(&self) {
        let (told, mut done) = (self.count.load(Ordering::Relaxed), self.done.subscribe());
        let longest = Duration::from_millis(SETTLE_MS_MAX);
        // It is no mistake to be too slow: the reader is shown what there is.
        let _ = tokio::time::timeout(longest, done.wait_for(|done| *done >= told)).await;
    }

    /// The legs of a conversation in the order in which they set out.
    ///
    /// # Errors
    /// When the store fails.
    pub fn read(&self, conversation: &str) -> Result<Vec<(Timestamp, Leg)>, StoreError> {
        let most = usize::try_from(travels::LEGS_MAX).unwrap_or(usize::MAX);
        let conversation = conversation.to_ascii_lowercase();
        let kept = self.store.travels().legs(&conversation, most)?;
        let read = |one: travels::Leg| Some((one.at, serde_json::from_slice(&one.body).ok()?));
        let mut legs: Vec<_> = kept.into_iter().filter_map(read).collect();
        legs.sort_by_key(|(at, _)| *at);
        Ok(legs)
    }

    /// The conversations with the latest legs, the latest one first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn latest(&self, most: usize) -> Result<Vec<travels::Conversation>, StoreError> {
        self.store.travels().latest(most)
    }

    /// Writes down what is told until told to stop, and then what is left.
    pub async fn run(self, stop: CancellationToken) {
        let taken = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut waiting) = taken else { return };
        let mut forget = tokio::time::interval(Duration::from_secs(FORGET_EVERY_S));
        let mut group = Vec::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = forget.tick() => self.forget().await,
                _ = waiting.recv_many(&mut group, GROUP_MAX) => {
                    tokio::time::sleep(Duration::from_millis(GATHER_MS)).await;
                    take_more(&mut waiting, &mut group);
                    self.write(&mut group).await;
                }
            }
        }
        take_more(&mut waiting, &mut group);
        self.write(&mut group).await;
    }

    async fn write(&self, group: &mut Vec<travels::Leg>) {
        let legs = group.len() as u64;
        let all = group.drain(..).fold(Transaction::new(), Transaction::leg);
        if let Err(error) = self.store.commit(all).await {
            metrics::counter!("travel_legs_left_out_total").increment(legs);
            tracing::warn!(%error, legs, "what travelled could not be written down");
        }
        self.done.send_modify(|done| *done += legs);
    }

    async fn forget(&self) {
        let before = self.clock.now() - SignedDuration::from_hours(24 * KEPT_DAYS);
        match self.store.travels().forget_before(before).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old conversations forgotten"),
            Err(error) => tracing::warn!(%error, "old conversations could not be forgotten"),
        }
    }
}

/// Takes what else is waiting, up to a full group.
fn take_more(waiting: &mut mpsc::Receiver<travels::Leg>, group: &mut Vec<travels::Leg>) {
    while group.len() < GROUP_MAX {
        let Ok(leg) = waiting.try_recv() else { return };
        group.push(leg);
    }
}

#[cfg(test)]
mod tests;
