//! The worker: looks at every delivery when its time has come.
//!
//! What is due stands in the order of time in each lane. A round takes the first page of it in
//! hand: what can begin begins, what has to wait for a place at its endpoint joins the endpoint's
//! queue, and goes as soon as a push there ends. A long queue at one endpoint may fill the first
//! page with what there is no room for; so a round also looks on behind it, page by page, from
//! where the last one came to.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use store::Transaction;
use store::messages::{Delivery, DeliveryId, Mark, Step};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::broker::{Broker, delivery_of};
use crate::directory::Endpoint;
use crate::envelope::{Envelope, Reason};
use crate::health::{Permit, Sign};
use crate::lane::Held;
use crate::plan::endpoint_of;
use crate::push::{Pusher, Turn};
use crate::queue::Queues;
use crate::refused::Refused;
use crate::retry::{spread_ms, wait};
use crate::state::State;

/// The most deliveries of a lane that are read at once.
const A_PAGE: usize = 256;
/// The most pages of a lane that are looked at in one round, behind the first one.
const PAGES_MAX: usize = 2;
/// The most deliveries that are in hand at once.
const IN_HAND_MAX: usize = 512;
/// The longest pause between two rounds, in milliseconds.
const PAUSE_MS_MAX: i64 = 1_000;
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

/// A worker: the lanes that it holds and the deliveries that it has in hand.
pub(crate) struct Worker {
    broker: Broker,
    carry: Pusher,
    held: Held,
    in_hand: Arc<Mutex<HashSet<DeliveryId>>>,
    /// Whether something failed since the worker last looked.
    trouble: Arc<AtomicBool>,
    /// Each ends with the endpoint that has a place again, if any.
    tasks: JoinSet<Option<String>>,
    queues: Queues,
    /// How far each lane was looked through behind its first page.
    looked: HashMap<u16, Mark>,
    /// Whether this is not its first round.
    begun: bool,
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

impl Worker {
    fn new(broker: Broker, carry: Pusher) -> Self {
        Self {
            broker,
            carry,
            held: Held::new(),
            in_hand: Arc::default(),
            trouble: Arc::default(),
            tasks: JoinSet::new(),
            queues: Queues::default(),
            looked: HashMap::new(),
            begun: false,
        }
    }

    /// Waits for the next round. What ends meanwhile makes room for what waits in hand.
    async fn rest(&mut self, pause: Pause, stop: &CancellationToken) {
        let broker = self.broker.clone();
        let mut over = std::pin::pin!(tokio::time::sleep(pause.length));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = broker.inner.wake.notified() => return,
                () = &mut over => return,
                Some(ended) = self.tasks.join_next() => {
                    let low = self.ended(ended.ok().flatten());
                    if low || (pause.full && self.tasks.len() < IN_HAND_MAX / 2) {
                        return;
                    }
                }
            }
        }
    }

    /// Something ended. Returns whether there may be more for its endpoint in the ledger than in
    /// hand.
    fn ended(&mut self, endpoint: Option<String>) -> bool {
        endpoint.is_some_and(|endpoint| self.serve(&endpoint))
    }

    /// Begins what waits in hand for an endpoint, as far as there are places.
    fn serve(&mut self, endpoint: &str) -> bool {
        let now = self.broker.now();
        while self.tasks.len() < IN_HAND_MAX {
            let Some((turn, delivery)) = self.queues.next(endpoint) else { break };
            let id = delivery.id;
            match self.attend(turn, delivery, now) {
                Ok(None) => {}
                Ok(Some(waits)) => {
                    self.queues.rejoin(endpoint, turn, waits);
                    break;
                }
                Err(error) => self.spawn(turn, id, async move { Err(error) }),
            }
        }
        self.queues.is_low(endpoint)
    }

    /// Begins everything that is due.
    async fn round(&mut self) -> Pause {
        while let Some(ended) = self.tasks.try_join_next() {
            self.ended(ended.ok().flatten());
        }
        for endpoint in self.queues.endpoints() {
            self.serve(&endpoint);
        }
        self.broker.inner.fresh.store(false, Ordering::Release);
        if let Err(error) = self.broker.hold(&mut self.held).await {
            tracing::error!(?error, "lanes cannot be held");
            self.trouble.store(true, Ordering::Release);
        }
        let now = self.broker.now();
        let mut pause = Pause { length: Duration::ZERO, full: false };
        let mut next = wait(now, PAUSE_MS_MAX);
        let (first, mut more) = (!std::mem::replace(&mut self.begun, true), false);
        for (lane, (epoch, _)) in self.held.clone() {
            let turn = Turn { lane, epoch };
            let orphans = if first { self.orphans(turn, now) } else { Ok(()) };
            match orphans.and_then(|()| self.lane(turn, now)) {
                Ok(behind) => more |= behind,
                Err(error) => {
                    tracing::error!(?error, lane, "a lane cannot be worked");
                    self.trouble.store(true, Ordering::Release);
                }
            }
            match self.broker.inner.store.messages().next_wake(lane) {
                Ok(Some(wake)) if wake > now => next = next.min(wake),
                // Overdue: in hand, or it comes with the end of what is in hand.
                Ok(_) => {}
                Err(error) => tracing::error!(%error, lane, "a lane cannot be read"),
            }
        }
        let mut pause_ms = next.as_millisecond().saturating_sub(now.as_millisecond());
        pause.full = self.tasks.len() >= IN_HAND_MAX;
        if pause.full || more {
            pause_ms = pause_ms.min(PAUSE_MS_FULL);
        }
        if self.broker.inner.fresh.load(Ordering::Acquire) {
            pause_ms = 0;
        }
        if self.trouble.swap(false, Ordering::AcqRel) {
            // What failed may fail again: no hurry, whatever is due.
            (pause_ms, pause.full) = (PAUSE_MS_MAX, false);
        }
        pause.length = Duration::from_millis(u64::try_from(pause_ms).unwrap_or(0));
        pause
    }

    /// Begins what is due in a lane. Returns whether there is more to look at than was.
    fn lane(&mut self, turn: Turn, now: Timestamp) -> Result<bool, Refused> {
        let Some(mut mark) = self.page(turn, now, None)? else {
            self.looked.remove(&turn.lane);
            return Ok(false);
        };
        mark = self.looked.get(&turn.lane).copied().unwrap_or_default().max(mark);
        for _ in 0..PAGES_MAX {
            self.looked.insert(turn.lane, mark);
            match self.page(turn, now, Some(mark))? {
                Some(last) => mark = last,
                None => return Ok(false),
            }
        }
        self.looked.insert(turn.lane, mark);
        Ok(true)
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
            self.begin(turn, delivery, now);
        }
        Ok(mark)
    }

    /// Takes a delivery in hand and begins what it needs, unless too much is in hand.
    fn begin(&mut self, turn: Turn, delivery: Delivery, now: Timestamp) {
        let id = delivery.id;
        if self.tasks.len() >= IN_HAND_MAX || !self.take(id) {
            return;
        }
        match self.attend(turn, delivery, now) {
            Ok(None) => {}
            Ok(Some(waits)) => {
                let endpoint = endpoint_of(&waits.status.recipient).0.to_owned();
                if self.queues.join(&endpoint, turn, waits).is_some() {
                    self.put_down(id);
                }
            }
            Err(error) => self.spawn(turn, id, async move { Err(error) }),
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
                    self.begin(turn, delivery, now);
                }
            }
            if after.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Begins what a delivery needs. Gives it back if its endpoint has no place for it now.
    fn attend(
        &mut self,
        turn: Turn,
        delivery: Delivery,
        now: Timestamp,
    ) -> Result<Option<Delivery>, Refused> {
        let state = Broker::state(&delivery)?;
        let late = Broker::detail(&delivery)?.deadline() <= now;
        let (broker, id) = (self.broker.clone(), delivery.id);
        if state.is_end() || late {
            self.spawn(turn, id, async move {
                if state.is_end() {
                    broker.forget(turn, &delivery).await
                } else if state == State::Receiving && broker.is_whole(&delivery)? {
                    broker.completed(delivery.id.message()).await.map(|_| ())
                } else {
                    broker.expire(turn, &delivery).await
                }
            });
            return Ok(None);
        }
        let table = self.broker.inner.directory.table();
        let name = endpoint_of(&delivery.status.recipient).0;
        let Some(endpoint) = table.endpoint(name).filter(|endpoint| !endpoint.closed) else {
            self.spawn(turn, id, async move { broker.nowhere(turn, &delivery).await });
            return Ok(None);
        };
        if table.is_parked(name) {
            self.put_aside(turn, delivery, wait(now, 600_000));
            return Ok(None);
        }
        // Before the permit: those that wait for an earlier one take no place at the endpoint.
        if !broker.is_first_of_its_key(&delivery)? {
            self.spawn(turn, id, async move { broker.block(turn, &delivery).await });
            return Ok(None);
        }
        match self.broker.inner.endpoints.begin(name, endpoint.pushes_max, now) {
            Permit::Go => self.push(turn, delivery, endpoint.clone()),
            Permit::Full => return Ok(Some(delivery)),
            Permit::Alone(until) => self.put_aside(turn, delivery, until),
        }
        Ok(None)
    }

    fn push(&mut self, turn: Turn, delivery: Delivery, endpoint: Endpoint) {
        let id = delivery.id;
        let carry = Arc::clone(&self.carry);
        // Made here and not in the task: one that is dropped before it begins gives it back too.
        let broker = self.broker.clone();
        let name = endpoint.name.clone();
        let mut permit = GivenBack { broker, endpoint, sign: Sign::Unknown };
        let work = async move {
            let (broker, endpoint) = (permit.broker.clone(), permit.endpoint.clone());
            permit.note(broker.push(turn, delivery, endpoint, &carry).await?);
            Ok(())
        };
        self.spawn_at(turn, id, Some(name), work);
    }

    fn put_aside(&mut self, turn: Turn, delivery: Delivery, until: Timestamp) {
        let broker = self.broker.clone();
        self.spawn(turn, delivery.id, async move {
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
    fn spawn<W>(&mut self, turn: Turn, id: DeliveryId, work: W)
    where
        W: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        self.spawn_at(turn, id, None, work);
    }

    /// The same, for work that takes a place at an endpoint.
    fn spawn_at<W>(&mut self, turn: Turn, id: DeliveryId, endpoint: Option<String>, work: W)
    where
        W: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        let (broker, in_hand) = (self.broker.clone(), Arc::clone(&self.in_hand));
        let trouble = Arc::clone(&self.trouble);
        let put_down = PutDown { in_hand, id };
        self.tasks.spawn(async move {
            let _put_down = put_down;
            if let Err(error) = work.await {
                tracing::error!(?error, delivery = id.0, "a delivery could not be attended to");
                trouble.store(true, Ordering::Release);
                if let Err(error) = broker.postpone(turn, id).await {
                    tracing::error!(?error, delivery = id.0, "a delivery could not be postponed");
                }
            }
            endpoint
        });
    }

    fn take(&self, id: DeliveryId) -> bool {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    fn put_down(&self, id: DeliveryId) {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Lets what is in hand end, for a while.
    async fn stop(mut self) {
        let longest = Duration::from_secs(STOP_S_MAX);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(longest, all).await.is_err() {
            tracing::warn!("some pushes did not end in time; they are tried again after the start");
        }
    }
}

/// Takes a delivery out of hand, however the work on it ends.
struct PutDown {
    in_hand: Arc<Mutex<HashSet<DeliveryId>>>,
    id: DeliveryId,
}

impl Drop for PutDown {
    fn drop(&mut self) {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
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
    /// All parts of a message that is being received are there.
    fn is_whole(&self, delivery: &Delivery) -> Result<bool, Refused> {
        let content = store::contents::ContentId(delivery.id.message().0);
        let content = self.inner.store.contents().get(content)?;
        Ok(content.is_some_and(|content| content.is_whole()))
    }

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

    /// A delivery's endpoint is gone.
    async fn nowhere(&self, turn: Turn, delivery: &Delivery) -> Result<(), Refused> {
        let id = delivery.id.message();
        let message = self.inner.store.messages().get(id)?.ok_or(Refused::NotFound)?;
        let envelope = Envelope::read(&message.envelope)?;
        let why = "there is no such endpoint any more";
        let transaction =
            self.give_up(delivery, &envelope, State::Dead, Reason::NotDelivered, why)?;
        self.end(turn, delivery, transaction).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests;
