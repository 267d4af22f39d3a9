//! Tracking: where a message is, and everything that happened to it.

use jiff::Timestamp;
use store::messages::{DeliveryId, MessageId};

use crate::accept::{named_label, unnamed_label};
use crate::broker::Broker;
use crate::detail::{Detail, Note, instant};
use crate::envelope::Envelope;
use crate::refused::Refused;
use crate::state::State;

/// The most messages with the same local id that are looked at.
const SAME_NAME_MAX: usize = 1_000;

/// A message and where its deliveries stand.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// The message.
    pub id: MessageId,
    /// What is known of it.
    pub envelope: Envelope,
    /// Whether its body was erased.
    pub erased: bool,
    /// Its deliveries, the first one first.
    pub deliveries: Vec<Track>,
}

/// Where a delivery stands.
#[derive(Clone, Debug)]
pub struct Track {
    /// The delivery.
    pub id: DeliveryId,
    /// Who shall get it: a mailbox or an endpoint.
    pub recipient: String,
    /// The kind of message, as this delivery has it.
    pub topic: String,
    /// Its state.
    pub state: State,
    /// When somebody looks at it next; nothing when it is over.
    pub wake: Option<Timestamp>,
    /// What else there is to know.
    pub detail: Detail,
}

/// A line of history.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// The state that the delivery came into.
    pub state: State,
    /// Who and why.
    pub note: Note,
}

impl Track {
    /// When it was first fetched, or arrived.
    pub fn arrived(&self) -> Option<Timestamp> {
        (self.detail.arrived_us != 0).then(|| instant(self.detail.arrived_us))
    }
}

impl Broker {
    /// A message and where its deliveries stand.
    ///
    /// # Errors
    /// When there is no such message.
    pub fn track(&self, id: MessageId) -> Result<Tracked, Refused> {
        let messages = self.inner.store.messages();
        let message = messages.get(id)?.ok_or(Refused::NotFound)?;
        let mut deliveries = Vec::new();
        for delivery in messages.deliveries(id)? {
            deliveries.push(Track {
                id: delivery.id,
                state: Self::state(&delivery)?,
                detail: Self::detail(&delivery)?,
                recipient: delivery.status.recipient,
                topic: delivery.status.topic,
                wake: delivery.status.wake,
            });
        }
        let envelope = Envelope::read(&message.envelope)?;
        let erased = match message.content {
            Some(content) => self.inner.store.contents().get(content)?.is_none(),
            None => message.body.is_empty() && envelope.bytes > 0,
        };
        Ok(Tracked { id, envelope, erased, deliveries })
    }

    /// The messages to which a sender gave a name, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn track_local(&self, sender: &str, local_id: &str) -> Result<Vec<Tracked>, Refused> {
        let mut ids = Vec::new();
        for label in [named_label(sender, local_id), unnamed_label(sender, local_id)] {
            ids.extend(self.inner.store.messages().labelled(label, MessageId(0), SAME_NAME_MAX)?);
        }
        ids.sort_unstable();
        let mut found = Vec::new();
        for id in ids.into_iter().take(SAME_NAME_MAX) {
            let tracked = self.track(id)?;
            // A label is a digest, and digests may be the same by accident.
            if tracked.envelope.from == sender && tracked.envelope.local_id == local_id {
                found.push(tracked);
            }
        }
        Ok(found)
    }

    /// Everything that happened to a delivery, the first thing first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn history(&self, id: DeliveryId) -> Result<Vec<Line>, Refused> {
        let events = self.inner.store.messages().history(id)?;
        let line = |event: store::messages::Event| {
            let state = State::from_number(event.state)?;
            Some(Line { at: event.at, state, note: Note::read(&event.note) })
        };
        Ok(events.into_iter().filter_map(line).collect())
    }
}
