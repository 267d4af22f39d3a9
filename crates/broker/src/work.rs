//! The worker: looks at every delivery when its time has come.
//!
//! What is due stands in the order of time in each lane. A round takes the first page of it in
//! hand: what can begin begins, what has to wait for a place at its endpoint joins the endpoint's
//! queue, and goes as soon as a push there ends. A long queue at one endpoint may fill the first
//! page with what there is no room for; so a round also looks on behind it, page by page, from
//! where the last one came to, or from where a queue left the first that it had no room for.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use store::Transaction;
use store::messages::{Delivery, DeliveryId, Mark, Step};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::broker::{Broker, delivery_of};
use crate::directory::Endpoint;
use crate::handover::{Hold, Job};
use crate::health::Sign;
use crate::lane::Held;
use crate::need::{Need, What};
use crate::plan::endpoint_of;
use crate::push::{Pusher, Turn};
use crate::queue::{QUEUE_MAX, Queues};
use crate::refused::Refused;
use crate::retry::{spread_ms, wait};
use crate::state::State;

/// The most deliveries of a lane that are read at once: as many as may be in hand for one endpoint.
const A_PAGE: usize = QUEUE_MAX + IN_HAND_MAX;
/// The most deliveries that are in hand at once.
const IN_HAND_MAX: usize = 512;
/// The pause when there is work that has to wait for other work, in milliseconds.
const PAUSE_MS_FULL: i64 = 20;
/// How long those whose endpoint is paused or not well are put aside beyond that, at most, in
/// milliseconds.
const ASIDE_MS: i64 = 2_000;
/// How long a delivery that could not be attended to waits, in milliseconds.
const POSTPONED_MS: i64 = 60_000;
/// How far ahead a new worker looks for what its predecessor was pushing, and for what waits for a
/// push that ended with it, in milliseconds.
const ORPHANS_MS: i64 = 660_000;
/// The most pages of a lane that it looks through for that.
const ORPHAN_PAGES_MAX: usize = 16;
/// How long a stopping worker waits for its pushes, in seconds.
const STOP_S_MAX: u64 = 10;

/// How often a worker looks at every lane, in milliseconds, whatever it was told.
const LOOK_MS: i64 = 1_000;
/// How often it looks through all that is due in them, in milliseconds, whatever it saw before.
const LOOK_THROUGH_MS: i64 = 60_000;

/// A worker: the lanes that it holds and the deliveries that it has in hand.
pub(crate) struct Worker {
    broker: Broker,
    carry: Pusher,
    held: Held,
    /// Whether something failed since the worker last looked.
    trouble: Arc<AtomicBool>,
    /// Each ends with the endpoint that has a place again, if any.
    tasks: JoinSet<Option<String>>,
    queues: Queues,
    /// How far each lane was looked through behind its first page: what is before that is in hand,
    /// or was left in the ledger by a queue, which knows where.
    looked: HashMap<u16, Mark>,
    /// When to forget that.
    look_through: Timestamp,
    /// When to look at each lane again.
    again: HashMap<u16, Timestamp>,
    /// When to look at all of them again; nothing in the first round.
    everywhere: Option<Timestamp>,
}

impl Broker {
    /// Works until told to stop: expires, reports, erases, and pushes with what is given.
    pub async fn run(&self, carry: Pusher, stop: CancellationToken) {
        let mut worker = Worker::new(self.clone(), carry);
        while !stop.is_cancelled() {
            let pause = worker.round().await;
            worker.rest(pause, &stop).await;
        }
        worker.stop().await;
    }

    /// Does everything that is due now, and waits until it is done. For tests and tools; a
    /// running exchange uses [`Broker::run`].
    pub async fn work_once(&self, carry: &Pusher) {
        let mut worker = Worker::new(self.clone(), Arc::clone(carry));
        worker.round().await;
        while let Some(ended) = worker.tasks.join_next().await {
            worker.ended(ended.ok().flatten());
        }
    }
}

/// How long to wait for the next round.
struct Pause {
    length: Duration,
    /// Whether as much is in hand as may be, so that what ends makes room for what is due.
    full: bool,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.broker.inner.handover.off_duty();
    }
}

impl Worker {
    fn new(broker: Broker, carry: Pusher) -> Self {
        Self {
            look_through: wait(broker.now(), LOOK_THROUGH_MS),
            broker,
            carry,
            held: Held::new(),
            trouble: Arc::default(),
            tasks: JoinSet::new(),
            queues: Queues::default(),
            looked: HashMap::new(),
            again: HashMap::new(),
            everywhere: None,
        }
    }

    /// Waits for the next round. What ends meanwhile makes room for what waits in hand.
    async fn rest(&mut self, pause: Pause, stop: &CancellationToken) {
        let broker = self.broker.clone();
        let mut over = std::pin::pin!(tokio::time::sleep(pause.length));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = broker.inner.handover.told() => return,
                () = &mut over => return,
                Some(ended) = self.tasks.join_next() => {
                    let low = self.ended(ended.ok().flatten());
                    let room = pause.full && self.tasks.len() < IN_HAND_MAX / 2;
                    if room {
                        self.everywhere = Some(self.broker.now());
                    }
                    if low || room {
                        return;
                    }
                }
            }
        }
    }

    /// Something ended. Returns whether a lane is to be looked at again.
    fn ended(&mut self, endpoint: Option<String>) -> bool {
        endpoint.is_some_and(|endpoint| self.serve(&endpoint))
    }

    /// Begins what waits in hand for an endpoint, as far as there are places. Returns whether a
    /// lane is to be looked at again, since more was left there than is in hand.
    fn serve(&mut self, endpoint: &str) -> bool {
        let now = self.broker.now();
        while self.tasks.len() < IN_HAND_MAX {
            let Some(job) = self.queues.next(endpoint) else { break };
            if let Some(waits) = self.attend(job, now) {
                self.queues.rejoin(endpoint, waits);
                break;
            }
        }
        let left = self.queues.low(endpoint);
        for (lane, from) in &left {
            self.again.insert(*lane, now);
            if let Some(looked) = self.looked.get_mut(lane) {
                *looked = (*looked).min(*from);
            }
        }
        !left.is_empty()
    }

    /// Begins everything that is due, as far as the worker was told or it is time to look.
    async fn round(&mut self) -> Pause {
        while let Some(ended) = self.tasks.try_join_next() {
            self.ended(ended.ok().flatten());
        }
        let news = self.broker.inner.handover.news();
        let now = self.broker.now();
        let first = self.everywhere.is_none();
        let everywhere = news.everywhere || self.everywhere.is_none_or(|at| at <= now);
        if everywhere {
            self.everywhere = Some(wait(now, LOOK_MS));
            self.look_everywhere(now).await;
        }
        for job in news.given {
            self.begin(job, now);
        }
        for (lane, (epoch, _)) in self.held.clone() {
            let asked = everywhere || news.lanes.contains(&lane);
            if asked || self.again.get(&lane).is_some_and(|at| *at <= now) {
                self.look(Turn { lane, epoch }, now, asked, first);
            }
        }
        self.pause(now)
    }

    /// Gets ready to look at every lane.
    async fn look_everywhere(&mut self, now: Timestamp) {
        if self.look_through <= now {
            self.look_through = wait(now, LOOK_THROUGH_MS);
            self.looked.clear();
        }
        for endpoint in self.queues.endpoints() {
            self.serve(&endpoint);
        }
        if let Err(error) = self.broker.hold(&mut self.held).await {
            tracing::error!(?error, "lanes cannot be held");
            self.trouble.store(true, Ordering::Release);
        }
        self.broker.inner.handover.on_duty(&self.held);
    }

    /// Begins what is due in a lane, from the top or from where the last look came to, and notes
    /// when to look at it again.
    fn look(&mut self, turn: Turn, now: Timestamp, top: bool, first: bool) {
        self.again.remove(&turn.lane);
        let orphans = if first { self.orphans(turn, now) } else { Ok(()) };
        match orphans.and_then(|()| self.lane(turn, now, top)) {
            Ok(true) => drop(self.again.insert(turn.lane, wait(now, PAUSE_MS_FULL))),
            Ok(false) => match self.broker.inner.store.messages().next_wake(turn.lane) {
                Ok(Some(wake)) if wake > now => drop(self.again.insert(turn.lane, wake)),
                // Overdue: in hand, or it comes with the end of what is in hand.
                Ok(_) => {}
                Err(error) => tracing::error!(%error, turn.lane, "a lane cannot be read"),
            },
            Err(error) => {
                tracing::error!(?error, turn.lane, "a lane cannot be worked");
                self.trouble.store(true, Ordering::Release);
            }
        }
    }

    /// How long there is nothing to do but what is told.
    fn pause(&self, now: Timestamp) -> Pause {
        let ours = self.again.iter().filter(|(lane, _)| self.held.contains_key(lane));
        let next = ours.map(|(_, at)| *at).chain(self.everywhere).min();
        let next = next.unwrap_or(now).min(wait(now, LOOK_MS));
        let mut pause_ms = next.as_millisecond().saturating_sub(now.as_millisecond()).max(0);
        let mut full = self.tasks.len() >= IN_HAND_MAX;
        if full {
            pause_ms = pause_ms.min(PAUSE_MS_FULL);
        }
        if self.trouble.swap(false, Ordering::AcqRel) {
            // What failed may fail again: no hurry, whatever is due.
            (pause_ms, full) = (LOOK_MS, false);
        }
        Pause { length: Duration::from_millis(u64::try_from(pause_ms).unwrap_or(0)), full }
    }

    /// Begins what is due in a lane. Returns whether there is more to look at than was.
    fn lane(&mut self, turn: Turn, now: Timestamp, top: bool) -> Result<bool, Refused> {
        let looked = self.looked.get(&turn.lane).copied();
        let mut mark = looked.unwrap_or_default();
        if top || looked.is_none() {
            let Some(first) = self.page(turn, now, None)? else {
                self.looked.remove(&turn.lane);
                return Ok(false);
            };
            mark = mark.max(first);
            self.looked.insert(turn.lane, mark);
        }
        let last = self.page(turn, now, Some(mark))?;
        self.looked.insert(turn.lane, last.unwrap_or(mark));
        Ok(last.is_some())
    }

    /// Begins what is due in one page of a lane. Returns where it ends, if it is full.
    fn page(
        &mut self,
        turn: Turn,
        now: Timestamp,
        after: Option<Mark>,
    ) -> Result<Option<Mark>, Refused> {
        let due = self.broker.inner.store.messages().due(turn.lane, now, after, A_PAGE)?;
        let last = due.last().filter(|_| due.len() == A_PAGE);
        let mark =
            last.map(|last| Mark { wake: last.status.wake.unwrap_or(now), delivery: last.id });
        for delivery in due {
            self.take(turn, delivery, now);
        }
        Ok(mark)
    }

    /// Takes a delivery of the ledger in hand and begins what it needs.
    fn take(&mut self, turn: Turn, delivery: Delivery, now: Timestamp) {
        if let Some(hold) = self.broker.inner.handover.take(delivery.id) {
            self.begin(Job { turn, delivery, letter: None, hold }, now);
        }
    }

    /// Begins what a delivery needs. It waits in hand when too much is under way.
    fn begin(&mut self, job: Job, now: Timestamp) {
        let full = self.tasks.len() >= IN_HAND_MAX;
        if full {
            // Never later than it was to be: that look keeps the lanes held.
            let soon = wait(now, PAUSE_MS_FULL);
            self.everywhere = self.everywhere.map(|at| at.min(soon));
        }
        if let Some(waits) = if full { Some(job) } else { self.attend(job, now) } {
            let endpoint = endpoint_of(&waits.delivery.status.recipient).0.to_owned();
            self.queues.join(&endpoint, waits);
        }
    }

    /// Takes in hand what another worker was pushing when it went away: nobody but the holder of a
    /// lane can complete anything in it, so there is nothing to wait for. Also what waits for an
    /// earlier delivery that ended, if the worker was gone before it could say so.
    fn orphans(&mut self, turn: Turn, now: Timestamp) -> Result<(), Refused> {
        let by = wait(now, ORPHANS_MS);
        let mut after = Some(Mark { wake: now, delivery: DeliveryId(u64::MAX >> 1) });
        for _ in 0..ORPHAN_PAGES_MAX {
            let later = self.broker.inner.store.messages().due(turn.lane, by, after, A_PAGE)?;
            let last = later.last().filter(|_| later.len() == A_PAGE);
            after =
                last.map(|last| Mark { wake: last.status.wake.unwrap_or(by), delivery: last.id });
            for delivery in later {
                let left = match Broker::state(&delivery)? {
                    State::Leased => true,
                    State::Blocked => self.broker.is_first_of_its_key(&delivery)?,
                    _ => false,
                };
                if left {
                    self.take(turn, delivery, now);
                }
            }
            if after.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Begins what a delivery needs. Gives it back if its endpoint has no place for it now.
    fn attend(&mut self, job: Job, now: Timestamp) -> Option<Job> {
        let (broker, turn) = (self.broker.clone(), job.turn);
        match broker.need(&job.delivery, now) {
            Ok(Need::Place) => return Some(job),
            Ok(Need::Push(endpoint)) => self.push(job, endpoint),
            Ok(Need::Rest(until)) => self.put_aside(job, until),
            Ok(Need::Attention(what)) => self.spawn(job, async move |delivery| match what {
                What::Forget => broker.forget(turn, &delivery).await,
                What::Complete => broker.completed(delivery.id.message()).await.map(|_| ()),
                What::Expire => broker.expire(turn, &delivery).await,
                What::Nowhere => broker.nowhere(turn, &delivery).await,
                What::Block => broker.block(turn, &delivery).await,
            }),
            Err(error) => self.spawn(job, async move |_| Err(error)),
        }
        None
    }

    fn push(&mut self, job: Job, endpoint: Endpoint) {
        let carry = Arc::clone(&self.carry);
        // Made here and not in the task: one that is dropped before it begins gives it back too.
        let broker = self.broker.clone();
        let name = endpoint.name.clone();
        let mut permit = GivenBack { broker, endpoint, sign: Sign::Unknown };
        let Job { turn, delivery, letter, hold } = job;
        // In a box: it is large, and handed on from here to where it runs.
        let work = Box::pin(async move {
            let (broker, endpoint) = (permit.broker.clone(), permit.endpoint.clone());
            permit.note(broker.push(turn, delivery, letter, endpoint, &carry).await?);
            Ok(())
        });
        self.spawn_at(turn, hold, Some(name), work);
    }

    fn put_aside(&mut self, job: Job, until: Timestamp) {
        let (broker, turn) = (self.broker.clone(), job.turn);
        self.spawn(job, async move |delivery| {
            let mut detail = Broker::detail(&delivery)?;
            detail.parked += 1;
            let until = wait(until, spread_ms(ASIDE_MS, &broker.inner.dice)).min(detail.deadline());
            let why = "its endpoint is paused, busy or not well";
            let transaction = Broker::aside(&delivery, State::Parked, until, &detail, why)?;
            broker.commit_in_turn(turn, transaction).await.map(|_| ())
        });
    }

    /// Does something about a delivery that is in hand. When it fails, the delivery waits a while,
    /// so that it does not keep others from their turn, and so does the worker.
    fn spawn<W, F>(&mut self, job: Job, work: W)
    where
        W: FnOnce(Delivery) -> F,
        F: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        self.spawn_at(job.turn, job.hold, None, work(job.delivery));
    }

    /// The same, for work that takes a place at an endpoint.
    fn spawn_at<F>(&mut self, turn: Turn, hold: Hold, endpoint: Option<String>, work: F)
    where
        F: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        let (broker, trouble) = (self.broker.clone(), Arc::clone(&self.trouble));
        self.tasks.spawn(async move {
            if let Err(error) = work.await {
                let id = hold.id();
                tracing::error!(?error, delivery = id.0, "a delivery could not be attended to");
                trouble.store(true, Ordering::Release);
                if let Err(error) = broker.postpone(turn, id).await {
                    tracing::error!(?error, delivery = id.0, "a delivery could not be postponed");
                }
            }
            drop(hold);
            endpoint
        });
    }

    /// Lets what is in hand end, for a while.
    async fn stop(mut self) {
        self.broker.inner.handover.off_duty();
        let longest = Duration::from_secs(STOP_S_MAX);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(longest, all).await.is_err() {
            tracing::warn!("some pushes did not end in time; they are tried again after the start");
        }
    }
}

/// Gives an endpoint's permit back, however the push ends.
struct GivenBack {
    broker: Broker,
    endpoint: Endpoint,
    sign: Sign,
}

impl GivenBack {
    /// How the push ended, once that is known.
    fn note(&mut self, sign: Sign) {
        self.sign = sign;
    }
}

impl Drop for GivenBack {
    fn drop(&mut self) {
        let (inner, endpoint) = (&self.broker.inner, &self.endpoint);
        let now = self.broker.now();
        inner.endpoints.ended(&endpoint.name, endpoint.pushes_max, now, self.sign, &inner.dice);
    }
}

impl Broker {
    /// Lets a delivery wait that nobody could do anything about, whatever the reason.
    async fn postpone(&self, turn: Turn, id: DeliveryId) -> Result<(), Refused> {
        let Delivery { version, mut status, .. } = delivery_of(self, id)?;
        let now = self.now();
        if status.wake.is_none_or(|wake| wake > now) {
            return Ok(());
        }
        status.wake = Some(wait(now, spread_ms(POSTPONED_MS, &self.inner.dice)));
        let step = Step { delivery: id, expect: version, status, event: None };
        self.commit_in_turn(turn, Transaction::new().step(step)).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests;
