//! Pushing one message to one endpoint: a lease, an attempt, and what came of it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use store::contents::ContentId;
use store::messages::{Delivery, DeliveryId, Message, MessageId, Status};
use store::{StoreError, Transaction};

use crate::broker::{Broker, json, later, step};
use crate::detail::{Detail, Note};
use crate::directory::Endpoint;
use crate::envelope::{Envelope, Reason};
use crate::handover::Letter;
use crate::health::Sign;
use crate::plan::endpoint_of;
use crate::refused::Refused;
use crate::retry::{AFTER_S_MAX, next_try, paced, spread_ms, wait};
use crate::state::State;

/// How often a worker may come to a bad end on a delivery before it is put aside.
const UNFINISHED_MAX: u32 = 3;
/// How long a delivery waits for earlier ones of its key before somebody looks, in milliseconds:
/// they wake it themselves when they are done.
const BLOCKED_MS: i64 = 30_000;
/// The same for one with more than one before it: with many, looking costs.
const BLOCKED_DEEP_MS: i64 = 600_000;
/// How often the end of a delivery is tried when somebody else was faster.
const TRIES: usize = 5;
/// How often, and after what pause, a commit is tried again when too many wait.
const BUSY_TRIES: usize = 50;
const BUSY_PAUSE: Duration = Duration::from_millis(100);
/// How long after the time for a push a lease ends, in seconds.
const LEASE_MARGIN_S: i64 = 15;

/// What is pushed. `Debug` shows what it is called, never what it says.
#[derive(Clone)]
pub struct Push {
    /// The delivery: the same on every try, so that a receiver can tell a repeat.
    pub delivery: DeliveryId,
    /// The message.
    pub message: MessageId,
    /// Which try it is, from 1.
    pub attempt: u32,
    /// Where to.
    pub endpoint: Endpoint,
    /// What is known of the message.
    pub envelope: Envelope,
    /// The kind of message, as this delivery has it.
    pub topic: String,
    /// The body, when it is small.
    pub body: Bytes,
    /// The body, when it is large.
    pub content: Option<ContentId>,
    /// How many earlier messages with the same ordering key were given up.
    pub gap: u32,
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push")
            .field("delivery", &self.delivery)
            .field("attempt", &self.attempt)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// What came of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Delivered,
    /// It arrived, and the receiver said at once that nothing more is to be waited for.
    Acknowledged,
    /// What came of it is on disk already: it ended in one commit with the receiver's answer.
    Settled,
    /// The receiver will never take it; why, without patient data.
    Refused(String),
    /// The receiver has read it, and says that it does not want it; why, without patient data.
    Unwanted(String),
    /// It did not arrive and may later.
    Failed {
        /// Why, without patient data.
        why: String,
        /// How long the receiver asks us to stay away, in seconds.
        after_s: Option<u32>,
    },
}

/// Whatever carries a message to an endpoint.
pub type Pusher = Arc<dyn Fn(Push) -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync>;

/// Makes a [`Pusher`] of an async function.
pub fn pusher<F, W>(carry: F) -> Pusher
where
    F: Fn(Push) -> W + Send + Sync + 'static,
    W: Future<Output = Outcome> + Send + 'static,
{
    Arc::new(move |push| Box::pin(carry(push)))
}

/// Which worker does it: its lane, and how often that had changed hands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) lane: u16,
    pub(crate) epoch: u64,
}

impl Broker {
    /// Pushes a delivery that is due. The endpoint has permitted it; whoever asked for the permit
    /// gives it back with the sign that this returns.
    pub(crate) async fn push(
        &self,
        turn: Turn,
        delivery: Delivery,
        letter: Option<Letter>,
        endpoint: Endpoint,
        carry: &Pusher,
    ) -> Result<Sign, Refused> {
        let id = delivery.id.message();
        let begun = letter.filter(|_| self.inner.handover.begin(turn, &delivery, self.now()));
        let (leased, letter) = match begun {
            Some(letter) => (Self::assigned(delivery)?, letter),
            None => match self.lease(turn, &delivery, &endpoint).await? {
                Some(leased) => (leased, self.letter(id)?),
                None => return Ok(Sign::Unknown),
            },
        };
        let detail = Self::detail(&leased)?;
        let push = Push {
            delivery: leased.id,
            message: id,
            attempt: detail.assigned,
            envelope: letter.envelope,
            topic: leased.status.topic.clone(),
            body: letter.body,
            content: letter.content,
            gap: detail.gap,
            endpoint: endpoint.clone(),
        };
        let envelope = push.envelope.clone();
        let (outcome, took_ms) = self.carry(push, carry).await;
        let sign = self.sign(&outcome);
        self.finish(turn, &leased, &envelope, &endpoint, outcome, took_ms).await?;
        Ok(sign)
    }

    fn letter(&self, id: MessageId) -> Result<Letter, Refused> {
        let Message { envelope, body, content, .. } =
            self.inner.store.messages().get(id)?.ok_or(Refused::NotFound)?;
        Ok(Letter { envelope: Envelope::read(&envelope)?, body, content })
    }

    /// A new delivery, taken in hand without a lease. Its end is the first that the ledger hears of
    /// it: if the house falls before, it is pushed again after a lease, and from then on its bad
    /// ends are counted.
    fn assigned(delivery: Delivery) -> Result<Delivery, Refused> {
        let mut detail = Self::detail(&delivery)?;
        detail.assigned += 1;
        let status = Status { detail: json(&detail)?, ..delivery.status };
        Ok(Delivery { status, ..delivery })
    }

    /// Takes a delivery in hand, durably, so that a crash in the middle can be told.
    async fn lease(
        &self,
        turn: Turn,
        delivery: &Delivery,
        endpoint: &Endpoint,
    ) -> Result<Option<Delivery>, Refused> {
        let mut detail = Self::detail(delivery)?;
        if Self::state(delivery)? == State::Leased {
            detail.unfinished += 1;
            if detail.unfinished >= UNFINISHED_MAX {
                let note = Note::because("workers came to a bad end on it again and again");
                let step = step(delivery, State::Quarantined, detail.deadline(), &detail, &note)?;
                self.commit_in_turn(turn, Transaction::new().step(step)).await?;
                return Ok(None);
            }
        }
        detail.assigned += 1;
        let lease_s = i64::from(endpoint.push_s_max) + LEASE_MARGIN_S;
        let mut step =
            step(delivery, State::Leased, self.in_s(lease_s), &detail, &Note::default())?;
        step.event = None;
        let leased = Delivery {
            id: delivery.id,
            version: delivery.version + 1,
            status: step.status.clone(),
        };
        let taken = self.commit_in_turn(turn, Transaction::new().step(step)).await?;
        Ok(taken.then_some(leased))
    }

    async fn carry(&self, push: Push, carry: &Pusher) -> (Outcome, u64) {
        let longest = Duration::from_secs(u64::from(push.endpoint.push_s_max.max(1)));
        let begun = self.now();
        let outcome = tokio::time::timeout(longest, carry(push)).await;
        let outcome = outcome.unwrap_or_else(|_| Outcome::Failed {
            why: format!("no answer within {} s", longest.as_secs()),
            after_s: None,
        });
        let took_ms = self.now().as_millisecond().saturating_sub(begun.as_millisecond());
        (outcome, u64::try_from(took_ms).unwrap_or(0))
    }

    /// What an outcome says of the endpoint's health.
    fn sign(&self, outcome: &Outcome) -> Sign {
        match outcome {
            Outcome::Delivered
            | Outcome::Acknowledged
            | Outcome::Settled
            | Outcome::Refused(_)
            | Outcome::Unwanted(_) => Sign::Well,
            Outcome::Failed { after_s, .. } => {
                let asked = |after_s: u32| self.in_s(i64::from(after_s.min(AFTER_S_MAX)));
                Sign::Unwell(after_s.map(asked))
            }
        }
    }

    async fn finish(
        &self,
        turn: Turn,
        leased: &Delivery,
        envelope: &Envelope,
        endpoint: &Endpoint,
        outcome: Outcome,
        took_ms: u64,
    ) -> Result<(), Refused> {
        let now = self.now();
        let mut detail = Self::detail(leased)?;
        let mut note = Note { took_ms: Some(took_ms), ..Note::default() };
        match outcome {
            Outcome::Delivered | Outcome::Acknowledged => {
                detail.arrived_us = now.as_microsecond();
                detail.problem.clear();
                let waits = endpoint.acknowledges && outcome == Outcome::Delivered;
                let next = if waits { State::Sent } else { State::Acknowledged };
                let again = envelope.pace.map(|pace| paced(now, pace, &detail));
                let wake = again.unwrap_or(detail.deadline()).min(detail.deadline());
                let step = step(leased, next, wake, &detail, &note)?;
                self.end(turn, leased, Transaction::new().step(step)).await.map(|_| ())
            }
            Outcome::Settled => Ok(()),
            Outcome::Failed { why, after_s } => {
                detail.failed += 1;
                detail.problem.clone_from(&why);
                note.why = why;
                let wake = match envelope.pace {
                    Some(pace) => paced(now, pace, &detail),
                    None => next_try(now, detail.failed, after_s, &self.inner.dice),
                };
                let wake = wake.min(detail.deadline());
                let step = step(leased, State::Waiting, wake, &detail, &note)?;
                self.commit_in_turn(turn, Transaction::new().step(step)).await?;
                Ok(())
            }
            Outcome::Refused(why) => {
                let end = (State::Dead, Reason::NotDelivered);
                self.end_badly(turn, leased, envelope, end, &why).await
            }
            Outcome::Unwanted(why) => {
                let end = (State::Refused, Reason::Refused);
                self.end_badly(turn, leased, envelope, end, &why).await
            }
        }
    }

    /// Gives a delivery up for what its receiver said.
    async fn end_badly(
        &self,
        turn: Turn,
        leased: &Delivery,
        envelope: &Envelope,
        (end, reason): (State, Reason),
        why: &str,
    ) -> Result<(), Refused> {
        for _ in 0..TRIES {
            let transaction = self.give_up(leased, envelope, end, reason.clone(), why)?;
            if self.end(turn, leased, transaction).await? {
                break;
            }
            // Its end also touches the next one of its key, and somebody was faster there.
        }
        Ok(())
    }

    /// Commits the end of a delivery, and lets the next one of its key go. Returns whether the
    /// commit went through.
    pub(crate) async fn end(
        &self,
        turn: Turn,
        delivery: &Delivery,
        transaction: Transaction,
    ) -> Result<bool, Refused> {
        let ended = self.commit_in_turn(turn, transaction).await?;
        if ended {
            self.unblock(Some(turn), &delivery.status.recipient).await?;
        }
        Ok(ended)
    }

    /// Commits, if the lane is still ours and nobody else has changed the delivery.
    pub(crate) async fn commit_in_turn(
        &self,
        turn: Turn,
        transaction: Transaction,
    ) -> Result<bool, Refused> {
        let guarded = transaction.guard_lane(turn.lane, turn.epoch);
        match self.patiently(guarded).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict { kind, .. }) => {
                tracing::debug!(kind, lane = turn.lane, "somebody else was faster");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Commits, and tries again for a while when too many commits wait: what came of a push is not
    /// to be forgotten for that, since the push would happen a second time.
    async fn patiently(&self, transaction: Transaction) -> Result<(), StoreError> {
        for _ in 0..BUSY_TRIES {
            match self.inner.store.commit(transaction.clone()).await {
                Err(StoreError::Busy) => tokio::time::sleep(BUSY_PAUSE).await,
                other => return other,
            }
        }
        self.inner.store.commit(transaction).await
    }

    pub(crate) fn is_first_of_its_key(&self, delivery: &Delivery) -> Result<bool, Refused> {
        let recipient = &delivery.status.recipient;
        if !endpoint_of(recipient).1 {
            return Ok(true);
        }
        let first = self.inner.store.messages().waiting(recipient, DeliveryId(0), 1)?;
        Ok(first.first().is_none_or(|first| first.id == delivery.id))
    }

    pub(crate) async fn block(&self, turn: Turn, delivery: &Delivery) -> Result<(), Refused> {
        let detail = Self::detail(delivery)?;
        let recipient = &delivery.status.recipient;
        let two = self.inner.store.messages().waiting(recipient, DeliveryId(0), 2)?;
        let next = two.iter().any(|one| one.id == delivery.id);
        let longest_ms = if next { BLOCKED_MS } else { BLOCKED_DEEP_MS };
        let wake = wait(self.now(), spread_ms(longest_ms, &self.inner.dice)).min(detail.deadline());
        let transaction =
            Self::aside(delivery, State::Blocked, wake, &detail, "an earlier message")?;
        self.commit_in_turn(turn, transaction).await?;
        // The earlier one may have ended meanwhile, and found nobody who waited for it.
        if self.is_first_of_its_key(delivery)? {
            self.unblock(Some(turn), recipient).await?;
        }
        Ok(())
    }

    /// Puts a delivery that shall be pushed aside for a while. History tells of it once.
    pub(crate) fn aside(
        delivery: &Delivery,
        next: State,
        wake: Timestamp,
        detail: &Detail,
        why: &str,
    ) -> Result<Transaction, Refused> {
        let mut step = step(delivery, next, wake, detail, &Note::because(why))?;
        if Self::state(delivery)? == next {
            step.event = None;
        }
        Ok(Transaction::new().step(step))
    }

    /// Lets the first delivery of an ordering key go, if it was waiting for earlier ones: in its
    /// turn for a worker, at any time for others.
    pub(crate) async fn unblock(&self, turn: Option<Turn>, recipient: &str) -> Result<(), Refused> {
        if !endpoint_of(recipient).1 {
            return Ok(());
        }
        let first = self.inner.store.messages().waiting(recipient, DeliveryId(0), 1)?;
        let Some(first) = first.first() else { return Ok(()) };
        if Self::state(first)? == State::Blocked {
            let detail = Self::detail(first)?;
            let note = Note::because("its turn");
            let step = step(first, State::Ready, self.now(), &detail, &note)?;
            let transaction = Transaction::new().step(step);
            match turn {
                Some(turn) => self.commit_in_turn(turn, transaction).await.map(|_| ())?,
                None => match self.inner.store.commit(transaction).await {
                    // Somebody else was faster.
                    Ok(()) | Err(StoreError::Conflict { .. }) => {}
                    Err(error) => return Err(error.into()),
                },
            }
            self.nudge();
        }
        Ok(())
    }

    /// The lease of a lane lasts this long from now.
    pub(crate) fn lease_end(&self) -> Timestamp {
        later(self.now(), self.inner.settings.lease_s)
    }
}

#[cfg(test)]
mod tests;
