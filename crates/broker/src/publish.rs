//! Publishing: one event, a delivery for everybody who subscribed.

use bytes::Bytes;
use store::Transaction;
use store::directory::Record;
use store::messages::{Accept, DELIVERIES_MAX, Message, MessageId};

use crate::broker::{Broker, json};
use crate::directory::{Table, record};
use crate::envelope::Envelope;
use crate::plan::Place;
use crate::refused::Refused;
use crate::subscription::{SUBSCRIPTION, Subscription};

/// Something happened that others may want to know. It is a signal: it holds no record, only
/// where to read one.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    /// The type of event.
    pub event: String,
    /// Who publishes it.
    pub source: String,
    /// What subscriptions may ask for: attributes and their values.
    pub attributes: Vec<(String, String)>,
    /// The event as subscribers get it.
    pub body: Bytes,
    /// The media type of the body.
    pub media_type: String,
}

/// A place and the kind of message that an event arrives there as.
type Told<'a> = (Place, &'a str);

impl Broker {
    /// Adds the deliveries of an event to a transaction, so that the event is told exactly if
    /// what it tells of happened. Returns the message, if anybody wants to know. Call
    /// [`Broker::published`] after the commit.
    ///
    /// # Errors
    /// When the disk is nearly full.
    pub fn publish(
        &self,
        mut with: Transaction,
        publication: &Publication,
    ) -> Result<(Transaction, Vec<MessageId>), Refused> {
        let table = self.inner.directory.table();
        let told = self.told(&table, publication);
        let mut messages = Vec::new();
        for some in told.chunks(DELIVERIES_MAX as usize / 2) {
            let (accept, id) = self.event(publication, some)?;
            with = with.accept(accept);
            messages.push(id);
        }
        Ok((with, messages))
    }

    /// Wakes the worker after the commit of a publication.
    pub fn published(&self, messages: &[MessageId]) {
        if !messages.is_empty() {
            metrics::counter!("broker_accepted_total", "wire" => "event")
                .increment(messages.len() as u64);
            self.nudge();
        }
    }

    /// Who is told: each place once, even if several subscriptions lead there.
    fn told<'a>(&self, table: &'a Table, publication: &Publication) -> Vec<Told<'a>> {
        let mut told: Vec<Told<'a>> = Vec::new();
        for one in &table.subscriptions {
            let known = told.iter().any(|(place, _)| place.recipient == one.deliver);
            if known || !one.wants(&publication.event, &publication.attributes) {
                continue;
            }
            let kind = if one.kind.is_empty() { &one.event } else { &one.kind };
            let pushed = table.endpoint(&one.deliver).is_some();
            if pushed || table.mailbox(&one.deliver).is_some() {
                let recipient = one.deliver.clone();
                told.push((Place { recipient, pushed, deadline_s: 0 }, kind));
            } else {
                tracing::warn!(subscription = one.id, "a subscription leads nowhere");
            }
        }
        told
    }

    fn event(
        &self,
        publication: &Publication,
        told: &[Told<'_>],
    ) -> Result<(Accept, MessageId), Refused> {
        let id = self.reserve();
        let envelope = Envelope {
            wire: "event".to_owned(),
            from: publication.source.clone(),
            kind: publication.event.clone(),
            media_type: publication.media_type.clone(),
            bytes: publication.body.len() as u64,
            parts: 1,
            ..Envelope::default()
        };
        let deliveries = told
            .iter()
            .map(|(place, kind)| {
                let mut opening = self.opening(place, &envelope, false)?;
                (*kind).clone_into(&mut opening.status.topic);
                Ok(opening)
            })
            .collect::<Result<_, Refused>>()?;
        let message = Message {
            id,
            envelope: json(&envelope)?,
            body: publication.body.clone(),
            content: None,
        };
        Ok((Accept { message, deliveries, labels: Vec::new(), repeat: None }, id))
    }

    /// Keeps a subscription, in one commit with whatever else shall happen.
    ///
    /// # Errors
    /// When the place it leads to does not exist, or the store fails.
    pub async fn subscribe(
        &self,
        subscription: &Subscription,
        with: Transaction,
    ) -> Result<(), Refused> {
        let table = self.inner.directory.table();
        let known = table.mailbox(&subscription.deliver).is_some()
            || table.endpoint(&subscription.deliver).is_some();
        if !known {
            return Err(Refused::NoRecipient(subscription.deliver.clone()));
        }
        let record = record(SUBSCRIPTION, &subscription.id, subscription);
        self.inner.store.commit(with.record(record)).await?;
        Ok(self.inner.directory.changed()?)
    }

    /// Ends a subscription.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unsubscribe(&self, id: &str, with: Transaction) -> Result<(), Refused> {
        let record = Record { kind: SUBSCRIPTION, id: id.to_owned(), body: None };
        self.inner.store.commit(with.record(record)).await?;
        Ok(self.inner.directory.changed()?)
    }

    /// Every subscription, by id.
    pub fn subscriptions(&self) -> Vec<Subscription> {
        self.inner.directory.table().subscriptions.clone()
    }
}

#[cfg(test)]
mod tests;
