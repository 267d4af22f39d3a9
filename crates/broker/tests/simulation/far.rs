//! The far side: endpoints that are well, slow, lying, overloaded or dead, and what they must
//! never see.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base::Clock;
use broker::{BodyReader, Outcome, Push, Pusher, State, pusher};
use store::Store;
use store::contents::ContentId;
use store::messages::DeliveryId;
use tokio::sync::oneshot;

use crate::chance::Chance;
use crate::ledger::{Arrival, Shared};

/// How an endpoint behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// Anything may happen.
    Moody,
    Down,
}

/// The far side.
#[derive(Clone)]
pub(crate) struct Far {
    pub(crate) ledger: Shared,
    clock: Clock,
    seed: u64,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    truth: Option<Store>,
    moods: HashMap<String, Mood>,
    held: Vec<oneshot::Sender<()>>,
    /// Whether endpoints may let a push wait.
    may_hold: bool,
}

impl Far {
    pub(crate) fn new(ledger: Shared, clock: Clock, seed: u64) -> Self {
        Self { ledger, clock, seed, inner: Arc::default() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store without faults, to see what is so; nothing while there is none.
    pub(crate) fn see(&self, truth: Option<Store>) {
        self.lock().truth = truth;
    }

    pub(crate) fn mood(&self, endpoint: &str, mood: Mood) {
        self.lock().moods.insert(endpoint.to_owned(), mood);
    }

    /// Everybody is well, and nobody lets anything wait.
    pub(crate) fn fair_weather(&self) {
        self.lock().moods.clear();
        self.let_go(false);
    }

    /// Lets go of pushes that wait. Says whether others may wait from now on.
    pub(crate) fn let_go(&self, may_hold: bool) {
        let mut inner = self.lock();
        inner.may_hold = may_hold;
        for one in inner.held.drain(..) {
            let _ = one.send(());
        }
    }

    /// What carries messages here for a worker.
    pub(crate) fn pusher(&self, worker: &'static str) -> Pusher {
        let far = self.clone();
        pusher(move |push| {
            let far = far.clone();
            async move { far.arrive(worker, push).await }
        })
    }

    async fn arrive(&self, worker: &'static str, push: Push) -> Outcome {
        let (delivery, attempt) = (push.delivery, push.attempt);
        self.look_at(worker, &push);
        let mood = self.lock().moods.get(&push.endpoint.name).copied().unwrap_or(Mood::Well);
        let chance = Chance::new(self.seed ^ delivery.0 ^ u64::from(attempt));
        let outcome = self.behave(mood, &chance).await;
        let now = self.lock().truth.as_ref().and_then(|truth| epoch(truth, delivery));
        let mut ledger = self.ledger.lock();
        ledger.tell(format!("{worker} was told of {delivery:?}, attempt {attempt}: {outcome:?}"));
        if let Some(arrival) = ledger.arrivals.get_mut(&(delivery, attempt)) {
            arrival.outcome = Some(outcome.clone());
            arrival.stale = arrival.epoch.is_some() && now > arrival.epoch;
        }
        outcome
    }

    async fn behave(&self, mood: Mood, chance: &Chance) -> Outcome {
        let failed = |after_s| Outcome::Failed { why: "busy".to_owned(), after_s };
        match mood {
            Mood::Well => return Outcome::Delivered,
            Mood::Down => return failed(None),
            Mood::Moody => {}
        }
        if chance.percent(20) {
            self.wait().await;
        }
        if chance.percent(15) {
            self.clock.advance_ms(chance.below(90_000) as i64);
        }
        if chance.percent(30) {
            tokio::task::yield_now().await;
        }
        match chance.below(100) {
            0..55 => Outcome::Delivered,
            // Whether it arrived or not: nobody but the endpoint knows.
            55..75 => failed(None),
            75..80 => failed(Some(chance.below(10_000) as u32)),
            80 => failed(Some(u32::MAX)),
            81..93 => Outcome::Refused("not this one".to_owned()),
            // It dies, but makes no noise about it.
            _ => std::panic::resume_unwind(Box::new("a push that dies")),
        }
    }

    /// Waits until somebody lets it go.
    async fn wait(&self) {
        let waiting = {
            let mut inner = self.lock();
            if !inner.may_hold {
                return;
            }
            let (sender, waiting) = oneshot::channel();
            inner.held.push(sender);
            waiting
        };
        let _ = waiting.await;
    }

    /// What an endpoint must never see.
    fn look_at(&self, worker: &'static str, push: &Push) {
        let Some(truth) = self.lock().truth.clone() else { return };
        let mut wrong = self.out_of_order(&truth, push);
        wrong.extend(self.other_body(&truth, push));
        let mut ledger = self.ledger.lock();
        let (delivery, attempt) = (push.delivery, push.attempt);
        ledger.tell(format!("{worker} pushes {delivery:?}, attempt {attempt}"));
        let epoch = epoch(&truth, delivery);
        let arrival = Arrival { worker, epoch, stale: false, outcome: None };
        if let Some(first) = ledger.arrivals.insert((delivery, attempt), arrival) {
            wrong.push(format!("law 3: attempt {attempt} of {delivery:?} twice, {first:?}"));
        }
        ledger.wrong.extend(wrong);
    }

    /// No message before an earlier one of its key is over.
    fn out_of_order(&self, truth: &Store, push: &Push) -> Vec<String> {
        let envelope = &push.envelope;
        let key = &envelope.ordering_key;
        if key.is_empty() || push.delivery.number() > 1 {
            return Vec::new();
        }
        let mut ledger = self.ledger.lock();
        let earlier: Vec<_> =
            ledger.line(&envelope.to, key).range(..push.message).copied().collect();
        let halting = envelope.to == "HALTS";
        let mut wrong = Vec::new();
        for id in earlier {
            let first: DeliveryId = id.delivery(1);
            let Ok(Some(before)) = truth.messages().delivery(first) else { continue };
            let Some(state) = State::from_number(before.status.state) else { continue };
            let failed = matches!(state, State::Dead | State::Expired | State::Refused);
            if !state.is_end() || (halting && failed && !ledger.passable.contains(&first)) {
                let late = push.delivery;
                wrong.push(format!("order: {late:?} came while {first:?} is {}", state.name()));
            }
        }
        wrong
    }

    /// The body is what was sent.
    fn other_body(&self, truth: &Store, push: &Push) -> Vec<String> {
        let token = push.envelope.extra("token").and_then(|token| token.parse().ok());
        let Some(token) = token.filter(|_| !push.envelope.is_report()) else { return Vec::new() };
        let sent = match self.ledger.lock().letters.get(&token) {
            Some((letter, _)) => letter.whole(),
            None => return vec![format!("{:?} was never sent", push.message)],
        };
        let came = body(truth, &push.body, push.content);
        if came.as_deref() == Some(sent.as_str()) {
            return Vec::new();
        }
        vec![format!("law 1: {:?} came as {came:?}, sent as {sent:?}", push.delivery)]
    }
}

/// How often the lane of a delivery has changed hands.
fn epoch(truth: &Store, delivery: DeliveryId) -> Option<u64> {
    let lane = truth.messages().delivery(delivery).ok()??.status.lane;
    Some(truth.messages().lease(lane).ok()??.epoch)
}

/// All of a body, small or large; nothing when it is not there.
pub(crate) fn body(truth: &Store, inline: &[u8], content: Option<ContentId>) -> Option<String> {
    let Some(content) = content else { return String::from_utf8(inline.to_vec()).ok() };
    let mut reader = BodyReader::open(truth, content).ok()??;
    let mut all = Vec::new();
    while let Some(block) = reader.next_block().ok()? {
        all.extend_from_slice(&block);
    }
    String::from_utf8(all).ok()
}
