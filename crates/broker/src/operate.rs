//! What senders, receivers and operators can do about a delivery: take it back, send it again,
//! say what they think of it, stop an endpoint for a while.

use store::directory::Record;
use store::messages::{Delivery, DeliveryId, MessageId, Status, Step};
use store::{StoreError, Transaction};

use crate::broker::{Broker, delivery_of, json, later, step};
use crate::detail::{Detail, Note};
use crate::directory::PARKED;
use crate::envelope::{Envelope, Reason};
use crate::plan::endpoint_of;
use crate::refused::Refused;
use crate::state::State;

/// How many deliveries are set going again in one commit.
const AT_ONCE: usize = 200;
/// Bodies that are erased later than in so many seconds are not at risk when a message is sent
/// again.
const FORGET_S_MAX: i64 = 3_600;

impl Broker {
    /// Takes back every delivery of a message that has not gone out yet.
    ///
    /// # Errors
    /// When one of them has, or when somebody was faster.
    pub async fn cancel(&self, id: MessageId, who: &str) -> Result<(), Refused> {
        let deliveries = self.inner.store.messages().deliveries(id)?;
        if deliveries.is_empty() {
            return Err(Refused::NotFound);
        }
        let mut transaction = Transaction::new();
        for delivery in &deliveries {
            if Self::state(delivery)? == State::Collected {
                return Err(Refused::NotNow(State::Collected.name()));
            }
            self.recall(delivery.id)?;
            let detail = Self::detail(delivery)?;
            let end = detail.erase();
            transaction =
                transaction.step(step(delivery, State::Cancelled, end, &detail, &Note::by(who))?);
        }
        self.commit_or_not_now(transaction).await?;
        for delivery in &deliveries {
            self.next_goes(&delivery.status.recipient).await;
        }
        Ok(())
    }

    /// Makes sure that a delivery is not being pushed before the ledger says so.
    fn recall(&self, id: DeliveryId) -> Result<(), Refused> {
        let free = self.inner.handover.recall(id);
        free.then_some(()).ok_or(Refused::NotNow("being worked on"))
    }

    /// Takes a message out of a mailbox, fetched or not, and tells nobody: for operators who
    /// clear a mailbox.
    ///
    /// # Errors
    /// When it does not wait there, or when somebody was faster.
    pub async fn withdraw(&self, mailbox: &str, id: MessageId, who: &str) -> Result<(), Refused> {
        let delivery = self.delivery_in(mailbox, id)?;
        let detail = Self::detail(&delivery)?;
        self.recall(delivery.id)?;
        let step = step(&delivery, State::Cancelled, detail.erase(), &detail, &Note::by(who))?;
        self.commit_or_not_now(Transaction::new().step(step)).await
    }

    /// Sends a delivery again that has come to an end: a new delivery of the same message, with a
    /// new deadline.
    ///
    /// # Errors
    /// When it has not ended, when it is on its way there again, or when its body was erased or
    /// never came whole.
    pub async fn resend(
        &self,
        id: DeliveryId,
        who: &str,
        why: &str,
    ) -> Result<DeliveryId, Refused> {
        let old = delivery_of(self, id)?;
        let state = Self::state(&old)?;
        if !state.is_end() {
            return Err(Refused::NotNow(state.name()));
        }
        if !self.is_there(id.message())? {
            return Err(Refused::Gone);
        }
        let deliveries = self.inner.store.messages().deliveries(id.message())?;
        let mut transaction = Transaction::new();
        for other in &deliveries {
            let state = Self::state(other)?;
            if other.status.recipient == old.status.recipient && !state.is_end() {
                return Err(Refused::NotNow(state.name()));
            }
            let released = Self::released(other).filter(|_| other.id == id);
            let step = released.or(self.unforgotten(other)?);
            transaction = step.into_iter().fold(transaction, Transaction::step);
        }
        let number = deliveries.last().map_or(1, |last| last.id.number() + 1);
        if number > store::messages::DELIVERIES_MAX {
            return Err(Refused::NotNow("resent too often"));
        }
        let new = id.message().delivery(number);
        let note = Note { who: who.to_owned(), why: why.to_owned(), took_ms: None };
        let again = self.again(&old, new, &note)?;
        self.commit_or_not_now(transaction.step(again)).await?;
        self.nudge();
        Ok(new)
    }

    /// Whether all of a message's body is there.
    fn is_there(&self, id: MessageId) -> Result<bool, Refused> {
        let message = self.inner.store.messages().get(id)?.ok_or(Refused::NotFound)?;
        if let Some(content) = message.content {
            let content = self.inner.store.contents().get(content)?;
            return Ok(content.is_some_and(|content| content.is_whole()));
        }
        Ok(!message.body.is_empty() || Envelope::read(&message.envelope)?.bytes == 0)
    }

    /// The step that changes nothing of a delivery whose time is over, or nearly: only that a
    /// worker who is about to erase the body with it has to look again.
    fn unforgotten(&self, delivery: &Delivery) -> Result<Option<Step>, Refused> {
        let soon = delivery.status.wake.is_some_and(|wake| wake <= self.in_s(FORGET_S_MAX));
        if !soon || !Self::state(delivery)?.is_end() {
            return Ok(None);
        }
        let (id, expect, status) = (delivery.id, delivery.version, delivery.status.clone());
        Ok(Some(Step { delivery: id, expect, status, event: None }))
    }

    /// The first step of a delivery that repeats another.
    fn again(&self, old: &Delivery, new: DeliveryId, note: &Note) -> Result<Step, Refused> {
        let now = self.now();
        let settings = &self.inner.settings;
        let table = self.inner.directory.table();
        let pushed = table.mailbox(&old.status.recipient).is_none();
        let detail = Detail {
            deadline_us: later(now, settings.deadline_s).as_microsecond(),
            erase_us: later(now, settings.kept_s.max(settings.deadline_s)).as_microsecond(),
            resend_of: old.id.number(),
            ..Detail::default()
        };
        let (state, wake) =
            if pushed { (State::Ready, now) } else { (State::Available, detail.deadline()) };
        let status = Status {
            state: state as u8,
            listed: true,
            wake: Some(wake),
            detail: json(&detail)?,
            ..old.status.clone()
        };
        Ok(Step { delivery: new, expect: 0, status, event: Some(json(note)?) })
    }

    /// The step that lets later messages of its key pass a delivery that was given up.
    fn released(delivery: &Delivery) -> Option<Step> {
        let (_, ordered) = endpoint_of(&delivery.status.recipient);
        (ordered && delivery.status.listed).then(|| Step {
            delivery: delivery.id,
            expect: delivery.version,
            status: Status { listed: false, ..delivery.status.clone() },
            event: None,
        })
    }

    /// Lets later messages of its ordering key pass a delivery that was given up.
    ///
    /// # Errors
    /// When nothing waits for it.
    pub async fn release(&self, id: DeliveryId) -> Result<(), Refused> {
        let delivery = delivery_of(self, id)?;
        let state = Self::state(&delivery)?;
        let step = Self::released(&delivery).filter(|_| state.is_end());
        let step = step.ok_or(Refused::NotNow(state.name()))?;
        self.commit_or_not_now(Transaction::new().step(step)).await?;
        self.set_going(&delivery.status.recipient).await
    }

    /// What the receiver of a push thinks of it: it was wanted, or it was not, and why.
    ///
    /// # Errors
    /// When it does not wait for that.
    pub async fn judge(
        &self,
        id: DeliveryId,
        wanted: bool,
        why: &str,
        who: &str,
    ) -> Result<(), Refused> {
        let delivery = delivery_of(self, id)?;
        if endpoint_of(&delivery.status.recipient).0 != who {
            return Err(Refused::NotYours);
        }
        let state = Self::state(&delivery)?;
        if state != State::Sent {
            return Err(Refused::NotNow(state.name()));
        }
        let transaction = if wanted {
            let detail = Self::detail(&delivery)?;
            let note = Note { who: who.to_owned(), why: why.to_owned(), took_ms: None };
            let end = detail.erase();
            Transaction::new().step(step(&delivery, State::Acknowledged, end, &detail, &note)?)
        } else {
            let message = self.inner.store.messages().get(id.message())?;
            let envelope = Envelope::read(&message.ok_or(Refused::NotFound)?.envelope)?;
            self.give_up(&delivery, &envelope, State::Refused, Reason::Refused, why)?
        };
        self.commit_or_not_now(transaction).await?;
        self.next_goes(&delivery.status.recipient).await;
        Ok(())
    }

    /// Lets the next delivery of an ordering key go, after the end of one that no worker ended.
    /// When that fails it goes by itself, a little later.
    pub(crate) async fn next_goes(&self, recipient: &str) {
        if let Err(error) = self.unblock(None, recipient).await {
            tracing::warn!(?error, "the next one of an ordering key was not woken");
        }
    }

    /// Stops pushes to an endpoint until [`Broker::unpark`]. What is under way ends.
    ///
    /// # Errors
    /// When there is no such endpoint, or the store fails.
    pub async fn park(&self, endpoint: &str, why: &str) -> Result<(), Refused> {
        if self.inner.directory.table().endpoint(endpoint).is_none() {
            return Err(Refused::NoRecipient(endpoint.to_owned()));
        }
        let body = Some(serde_json::json!({ "why": why }).to_string());
        let record = Record { kind: PARKED, id: endpoint.to_owned(), body };
        self.inner.store.commit(Transaction::new().record(record)).await?;
        Ok(self.inner.directory.changed()?)
    }

    /// Lets pushes to an endpoint go on, at once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unpark(&self, endpoint: &str) -> Result<(), Refused> {
        let record = Record { kind: PARKED, id: endpoint.to_owned(), body: None };
        self.inner.store.commit(Transaction::new().record(record)).await?;
        self.inner.directory.changed()?;
        self.inner.endpoints.forget(endpoint);
        self.set_going(endpoint).await
    }

    /// Wakes every delivery that was put aside for a recipient.
    async fn set_going(&self, recipient: &str) -> Result<(), Refused> {
        let mut after = DeliveryId(0);
        loop {
            let some = self.inner.store.messages().waiting(recipient, after, AT_ONCE)?;
            let Some(last) = some.last() else { break };
            after = last.id;
            let mut transaction = Transaction::new();
            for delivery in &some {
                if matches!(Self::state(delivery)?, State::Parked | State::Blocked) {
                    let detail = Self::detail(delivery)?;
                    let note = Note::because("set going again");
                    transaction =
                        transaction.step(step(delivery, State::Ready, self.now(), &detail, &note)?);
                }
            }
            match self.inner.store.commit(transaction).await {
                // One of them is in a worker's hands: all wake by themselves, a little later.
                Ok(()) | Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.nudge();
        Ok(())
    }

    async fn commit_or_not_now(&self, transaction: Transaction) -> Result<(), Refused> {
        match self.inner.store.commit(transaction).await {
            Err(StoreError::Conflict { .. }) => Err(Refused::NotNow("being worked on")),
            other => Ok(other?),
        }
    }
}

#[cfg(test)]
mod tests;
