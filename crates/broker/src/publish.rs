//! Publishing: one event, a delivery for everybody who subscribed.

use std::collections::HashSet;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use store::directory::Record;
use store::messages::{Accept, DELIVERIES_MAX, Message, MessageId, Repeat, TOPIC_BYTES_MAX};
use store::{StoreError, Transaction};

use crate::accept::{labels, named_label};
use crate::broker::{Broker, digest, json};
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
    /// The publisher's own name for it. What has one is told once: the commit of a second
    /// publication with the same source and name is [`StoreError::Repeated`].
    /// Nothing is remembered of what nobody wanted to know.
    pub name: Option<String>,
    /// What subscriptions may ask for: attributes and their values.
    pub attributes: Vec<(String, String)>,
    /// The event as subscribers get it: each by the media type that they ask for, and by the
    /// first when they ask for none, or for one that is not here.
    pub forms: Vec<Form>,
}

/// An event as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The media type.
    pub media_type: String,
    /// The bytes.
    pub body: Bytes,
}

/// A place that an event is delivered to.
struct Told<'a> {
    place: Place,
    /// The kind of message that it arrives there as.
    kind: &'a str,
    /// Which of the forms it gets.
    form: usize,
}

impl Broker {
    /// Whether anybody subscribed to a type of event. For publishers who would rather not make an
    /// event that nobody wants.
    pub fn anybody_wants(&self, event: &str) -> bool {
        self.inner.directory.table().subscriptions.iter().any(|one| one.event == event)
    }

    /// Adds the deliveries of an event to a transaction, so that the event is told exactly if
    /// what it tells of happened. Returns the messages, none if nobody wants to know. Call
    /// [`Broker::published`] after the commit.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn publish(
        &self,
        mut with: Transaction,
        publication: &Publication,
    ) -> Result<(Transaction, Vec<MessageId>), Refused> {
        let table = self.inner.directory.table();
        let told = told(&table, publication);
        let mut repeat = repeat(publication);
        let mut messages = Vec::new();
        for (number, form) in publication.forms.iter().enumerate() {
            let these: Vec<&Told<'_>> = told.iter().filter(|one| one.form == number).collect();
            for some in these.chunks(DELIVERIES_MAX as usize / 2) {
                // The name counts once: all is in one commit, or nothing.
                let accept = self.event(publication, form, some, repeat.take())?;
                messages.push(accept.message.id);
                with = with.accept(accept);
            }
        }
        Ok((with, messages))
    }

    /// Publishes an event in a commit of its own, with what is given. It is on disk when this
    /// returns. Returns whether it had been told before, so that nothing happened this time.
    ///
    /// # Errors
    /// When its name was used for another event, or the store fails.
    pub async fn tell(
        &self,
        publication: &Publication,
        with: Transaction,
    ) -> Result<bool, Refused> {
        let (transaction, messages) = self.publish(with, publication)?;
        match self.inner.store.commit(transaction).await {
            Ok(()) => {
                self.published(&messages);
                Ok(false)
            }
            Err(StoreError::Repeated { message, digest }) => {
                let same = repeat(publication).is_some_and(|repeat| repeat.digest == digest);
                if same { Ok(true) } else { Err(Refused::OtherContent(message)) }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Wakes the worker after the commit of a publication.
    pub fn published(&self, messages: &[MessageId]) {
        if !messages.is_empty() {
            metrics::counter!("broker_accepted_total", "wire" => "event")
                .increment(messages.len() as u64);
            self.nudge();
        }
    }

    fn event(
        &self,
        publication: &Publication,
        form: &Form,
        told: &[&Told<'_>],
        repeat: Option<Repeat>,
    ) -> Result<Accept, Refused> {
        let id = self.reserve();
        let envelope = Envelope {
            wire: "event".to_owned(),
            from: publication.source.clone(),
            kind: publication.event.clone(),
            local_id: publication.name.clone().unwrap_or_default(),
            media_type: form.media_type.clone(),
            bytes: form.body.len() as u64,
            parts: 1,
            ..Envelope::default()
        };
        let deliveries = told
            .iter()
            .map(|one| {
                let mut opening = self.opening(&one.place, &envelope, false)?;
                one.kind.clone_into(&mut opening.status.topic);
                Ok(opening)
            })
            .collect::<Result<_, Refused>>()?;
        let labels = labels(id, &envelope, repeat.as_ref());
        let body = form.body.clone();
        let message = Message { id, envelope: json(&envelope)?, body, content: None };
        Ok(Accept { message, deliveries, labels, repeat })
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
        // Nobody's subscription may make a publication fail for all.
        let long = |kind: &str| kind.len() > TOPIC_BYTES_MAX;
        if long(&subscription.kind) || long(&subscription.event) {
            return Err(Refused::TooLarge);
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

/// Who is told: each place once, even if several subscriptions lead there. A name that is
/// both a mailbox and an endpoint is the mailbox, as for any other message.
fn told<'a>(table: &'a Table, publication: &Publication) -> Vec<Told<'a>> {
    let (mut told, mut known) = (Vec::new(), HashSet::new());
    for one in &table.subscriptions {
        if !one.wants(&publication.event, &publication.attributes) || !known.insert(&one.deliver) {
            continue;
        }
        let Ok(place) = table.place(&one.deliver, None, "") else {
            tracing::warn!(subscription = one.id, "a subscription leads nowhere");
            continue;
        };
        let kind = if one.kind.is_empty() { &one.event } else { &one.kind };
        let asked = |form: &Form| form.media_type == one.media_type;
        let form = publication.forms.iter().position(asked).unwrap_or(0);
        told.push(Told { place, kind, form });
    }
    told
}

/// What makes a repeat of a publication recognisable.
fn repeat(publication: &Publication) -> Option<Repeat> {
    let name = publication.name.as_ref()?;
    let mut hash = Sha256::new();
    hash.update(digest(&[&publication.event]));
    for (attribute, value) in &publication.attributes {
        hash.update(digest(&[attribute, value]));
    }
    if let Some(form) = publication.forms.first() {
        hash.update(&form.body);
    }
    let key = digest(&["event", &publication.source, name]);
    let label = named_label(&publication.source, name);
    Some(Repeat { label, key, digest: hash.finalize().into() })
}

#[cfg(test)]
mod tests;
