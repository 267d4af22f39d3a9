//! Collecting: what waits in a mailbox, fetching it, and saying that it arrived.

use bytes::Bytes;
use store::contents::ContentId;
use store::messages::{Delivery, DeliveryId, MessageId};
use store::{StoreError, Transaction};

use crate::broker::{Broker, step};
use crate::detail::{Detail, Note};
use crate::envelope::Envelope;
use crate::refused::Refused;
use crate::state::State;

/// The most deliveries that are looked at for one page of a list.
const LOOKED_AT_MAX: usize = 20_000;
/// How many deliveries are read at once for a list.
const READ_AT_ONCE: usize = 1_000;
/// How often a step is tried again when somebody else was faster.
const TRIES: usize = 5;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only what comes after this delivery; 0 for all.
    pub after: DeliveryId,
    /// How many at most.
    pub most: usize,
}

/// A part of what waits in a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The messages, oldest first.
    pub messages: Vec<MessageId>,
    /// Where to go on, if there may be more.
    pub next: Option<DeliveryId>,
}

/// A message in a mailbox.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The message.
    pub id: MessageId,
    /// What is known of it.
    pub envelope: Envelope,
    /// The body, when it is small.
    pub body: Bytes,
    /// The body, when it is large.
    pub content: Option<ContentId>,
    /// The kind of message, as this delivery has it.
    pub topic: String,
    /// Where its delivery stands.
    pub state: State,
    /// What else there is to know of its delivery.
    pub detail: Detail,
}

impl Broker {
    /// What waits in a mailbox, if its kind of message is wanted, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn waiting(
        &self,
        mailbox: &str,
        page: Page,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Waiting, Refused> {
        let mut found = Waiting::default();
        let mut after = page.after;
        let mut looked_at = 0;
        loop {
            let some = self.inner.store.messages().waiting(mailbox, after, READ_AT_ONCE)?;
            let last = some.len() < READ_AT_ONCE;
            for delivery in some {
                if wanted(&delivery.status.topic) {
                    if found.messages.len() == page.most {
                        found.next = Some(after);
                        return Ok(found);
                    }
                    found.messages.push(delivery.id.message());
                }
                after = delivery.id;
                looked_at += 1;
            }
            if last {
                return Ok(found);
            }
            if looked_at >= LOOKED_AT_MAX {
                found.next = Some(after);
                return Ok(found);
            }
        }
    }

    /// How many messages wait in a mailbox; counts no further than `most`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn count_waiting(&self, mailbox: &str, most: u64) -> Result<u64, Refused> {
        Ok(self.inner.store.messages().count_waiting(mailbox, most)?)
    }

    /// A message that waits in a mailbox, without anything coming of it.
    ///
    /// # Errors
    /// When it does not wait there.
    pub fn look(&self, mailbox: &str, id: MessageId) -> Result<Parcel, Refused> {
        let delivery = self.delivery_in(mailbox, id)?;
        self.parcel(&delivery)
    }

    /// Fetches a message from a mailbox. It stays there until it is acknowledged. What is given
    /// with it happens in the same commit, such as a line of the audit chain.
    ///
    /// # Errors
    /// When it does not wait there.
    pub async fn collect(
        &self,
        mailbox: &str,
        id: MessageId,
        with: Transaction,
    ) -> Result<Parcel, Refused> {
        for _ in 0..TRIES {
            let delivery = self.delivery_in(mailbox, id)?;
            let parcel = self.parcel(&delivery)?;
            let mut transaction = with.clone();
            if parcel.state == State::Available {
                let now = self.now();
                let detail = Detail { arrived_us: now.as_microsecond(), ..parcel.detail.clone() };
                let (deadline, note) = (detail.deadline(), Note::by(mailbox));
                transaction =
                    transaction.step(step(&delivery, State::Collected, deadline, &detail, &note)?);
            }
            match self.inner.store.commit(transaction).await {
                Err(StoreError::Conflict { .. }) => {}
                other => return other.map(|()| parcel).map_err(Refused::from),
            }
        }
        Err(Refused::Busy(1))
    }

    /// Notes that the owner of a mailbox has a message for good. It is no longer listed and can
    /// no longer be fetched. Saying so again changes nothing.
    ///
    /// # Errors
    /// When it does not wait there.
    pub async fn acknowledge(
        &self,
        mailbox: &str,
        id: MessageId,
        with: Transaction,
    ) -> Result<(), Refused> {
        for _ in 0..TRIES {
            let delivery = self.delivery_in(mailbox, id)?;
            if matches!(Self::state(&delivery)?, State::Acknowledged | State::Answered) {
                return Ok(());
            }
            let detail = self.open_detail(&delivery)?;
            let note = Note::by(mailbox);
            let step = step(&delivery, State::Acknowledged, detail.erase(), &detail, &note)?;
            match self.inner.store.commit(with.clone().step(step)).await {
                Ok(()) => {
                    metrics::counter!("broker_ended_total", "state" => "acknowledged").increment(1);
                    return Ok(());
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Refused::Busy(1))
    }

    /// The newest delivery of a message to a mailbox.
    pub(crate) fn delivery_in(&self, mailbox: &str, id: MessageId) -> Result<Delivery, Refused> {
        let deliveries = self.inner.store.messages().deliveries(id)?;
        if deliveries.is_empty() {
            return Err(Refused::NotFound);
        }
        let theirs = |delivery: &Delivery| delivery.status.recipient == mailbox;
        deliveries.into_iter().rev().find(theirs).ok_or(Refused::NotYours)
    }

    fn parcel(&self, delivery: &Delivery) -> Result<Parcel, Refused> {
        let detail = self.open_detail(delivery)?;
        let id = delivery.id.message();
        let message = self.inner.store.messages().get(id)?.ok_or(Refused::NotFound)?;
        Ok(Parcel {
            id,
            envelope: Envelope::read(&message.envelope)?,
            body: message.body,
            content: message.content,
            topic: delivery.status.topic.clone(),
            state: Self::state(delivery)?,
            detail,
        })
    }

    /// The detail of a held delivery that can still be fetched.
    fn open_detail(&self, delivery: &Delivery) -> Result<Detail, Refused> {
        let detail = Self::detail(delivery)?;
        match Self::state(delivery)? {
            State::Receiving => Err(Refused::NotFound),
            State::Available | State::Collected if detail.deadline() > self.now() => Ok(detail),
            _ => Err(Refused::Gone),
        }
    }
}

#[cfg(test)]
mod tests;
