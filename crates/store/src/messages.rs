//! The ledger of messages: what was accepted, on its way to whom, and everything that happened.
//!
//! A **message** is immutable: an envelope, and a body inline or in the ledger of
//! [contents](crate::Contents). A **delivery** is one message on its way to one recipient; it owns
//! the state, and changes only by a [`Step`] that names the version it expects, so that a worker
//! whose turn has passed can change nothing. Each step leaves an **event**, which is never changed
//! again. What states mean is the business of whoever delivers.
//!
//! # Numbers
//! A message id is a positive 63-bit number whose low [`DELIVERY_BITS`] bits are zero. Delivery n
//! of a message (from 1) has the id `message | n`. Ids grow with time, so that new rows go to the
//! end of every table.

use bytes::Bytes;
use jiff::Timestamp;

use crate::contents::ContentId;
use crate::engine::Engine;
use crate::error::StoreError;

/// How many low bits of an id number the deliveries of a message.
pub const DELIVERY_BITS: u32 = 10;
/// The most deliveries that one message may have, later ones included.
pub const DELIVERIES_MAX: u64 = (1 << DELIVERY_BITS) - 1;

/// The longest name of a recipient, in bytes.
pub const RECIPIENT_BYTES_MAX: usize = 100;
/// The longest topic, in bytes.
pub const TOPIC_BYTES_MAX: usize = 300;
/// The longest name of who holds a lane, in bytes.
pub const LEASE_OWNER_BYTES_MAX: usize = 200;
/// The largest envelope, detail, or body that is kept with its message, in bytes.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The id of a message: positive, low [`DELIVERY_BITS`] bits zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// The id of a delivery: that of its message, and which of its deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub u64);

impl MessageId {
    /// The nth delivery of the message, from 1.
    pub fn delivery(self, n: u64) -> DeliveryId {
        DeliveryId(self.0 | (n & DELIVERIES_MAX))
    }
}

impl DeliveryId {
    /// The message that is delivered.
    pub fn message(self) -> MessageId {
        MessageId(self.0 & !DELIVERIES_MAX)
    }

    /// Which of the message's deliveries it is, from 1.
    pub fn number(self) -> u64 {
        self.0 & DELIVERIES_MAX
    }
}

/// A message. Never changed, but that its body is erased one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Everything about it but the body, as its owner writes it.
    pub envelope: Bytes,
    /// The body, when it is small; empty when it is not, or was erased.
    pub body: Bytes,
    /// The body, when it is large: the content with the number of the message.
    pub content: Option<ContentId>,
}

/// A message that is to be kept, with everything that finds it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// The message.
    pub message: Message,
    /// Its first deliveries: numbers 1, 2, 3...; versions are 1 and given by the store.
    pub deliveries: Vec<Opening>,
    /// What it can be found by; see [`Messages::labelled`]. Repeats count once, and the label of
    /// `repeat` is one of them.
    pub labels: Vec<u64>,
    /// What makes a repeat of it harmless, if its sender gave a name of its own to it.
    pub repeat: Option<Repeat>,
}

/// The sender's own name for a message, and what the message was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The label of the message by which it is found. Few others should have it.
    pub label: u64,
    /// Whose message, and which: a digest of sender and name.
    pub key: [u8; 32],
    /// A digest of what was sent, to tell a repeat from another message with the same name.
    pub digest: [u8; 32],
}

/// A delivery as it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Where it stands.
    pub status: Status,
    /// The first line of its history.
    pub event: Bytes,
}

/// Where a delivery stands: everything about it that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Who shall get it: a mailbox or an endpoint. At most [`RECIPIENT_BYTES_MAX`].
    pub recipient: String,
    /// What kind of message it is, for whoever lists a recipient's messages. At most
    /// [`TOPIC_BYTES_MAX`].
    pub topic: String,
    /// Which lane its wake-ups are in.
    pub lane: u16,
    /// The state, a number whose meaning is its owner's.
    pub state: u8,
    /// Whether it is listed among what waits for the recipient.
    pub listed: bool,
    /// When somebody must look at it again; nothing when it is over.
    pub wake: Option<Timestamp>,
    /// The rest, as its owner writes it.
    pub detail: Bytes,
}

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// How often it was written: 1, 2, 3...
    pub version: u32,
    /// Where it stands.
    pub status: Status,
}

/// A change of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The version that it must have; 0 for a new delivery of a message that is there, with the
    /// number after its last and a first line of history.
    pub expect: u32,
    /// Where it stands afterwards.
    pub status: Status,
    /// The line of history that this adds; nothing for a change that is none to its reader, such
    /// as a lease.
    pub event: Option<Bytes>,
}

/// A line of history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it was written.
    pub at: Timestamp,
    /// The state that the delivery came into.
    pub state: u8,
    /// What happened, as its owner wrote it.
    pub note: Bytes,
}

/// A lane of work, and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The lane.
    pub lane: u16,
    /// Who holds it.
    pub owner: String,
    /// How often it changed hands.
    pub epoch: u64,
    /// Until when.
    pub until: Timestamp,
}

/// A place in the order in which the deliveries of a lane are due. The first place by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When a delivery is due.
    pub wake: Timestamp,
    /// Which one.
    pub delivery: DeliveryId,
}

impl Default for Mark {
    fn default() -> Self {
        Self { wake: Timestamp::MIN, delivery: DeliveryId(0) }
    }
}

/// The ledger of messages.
///
/// Writing is part of a [`Transaction`](crate::Transaction):
/// [`accept`](crate::Transaction::accept), [`step`](crate::Transaction::step),
/// [`erase`](crate::Transaction::erase), [`lease`](crate::Transaction::lease),
/// [`guard_lane`](crate::Transaction::guard_lane).
pub struct Messages<'a> {
    pub(crate) engine: &'a Engine,
}

impl Messages<'_> {
    /// A message by its id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn get(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        self.engine.message_get(id)
    }

    /// A delivery by its id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.engine.delivery_get(id)
    }

    /// All deliveries of a message, in order.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn deliveries(&self, id: MessageId) -> Result<Vec<Delivery>, StoreError> {
        self.engine.deliveries(id)
    }

    /// What waits for a recipient: its listed deliveries with ids above `after`, oldest first, at
    /// most `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn waiting(
        &self,
        recipient: &str,
        after: DeliveryId,
        most: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.engine.deliveries_waiting(recipient, after, most)
    }

    /// How many deliveries wait for a recipient; counts no further than `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn count_waiting(&self, recipient: &str, most: u64) -> Result<u64, StoreError> {
        self.engine.count_waiting(recipient, most)
    }

    /// Deliveries of a lane that somebody must look at by `by`, the longest due first; only
    /// those behind a mark, if one is given.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn due(
        &self,
        lane: u16,
        by: Timestamp,
        after: Option<Mark>,
        most: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.engine.deliveries_due(lane, by, after.unwrap_or_default(), most)
    }

    /// The next wake-up of a lane, if any.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn next_wake(&self, lane: u16) -> Result<Option<Timestamp>, StoreError> {
        self.engine.next_wake(lane)
    }

    /// The first lane from this one on that has a wake-up, if any.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn next_lane(&self, from: u16) -> Result<Option<u16>, StoreError> {
        self.engine.next_lane(from)
    }

    /// The history of a delivery, oldest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn history(&self, id: DeliveryId) -> Result<Vec<Event>, StoreError> {
        self.engine.delivery_history(id)
    }

    /// Messages with a label and ids above `after`, oldest first, at most `most`. A label is a
    /// digest: look at what is found, it may be there by accident.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn labelled(
        &self,
        label: u64,
        after: MessageId,
        most: usize,
    ) -> Result<Vec<MessageId>, StoreError> {
        self.engine.messages_labelled(label, after, most)
    }

    /// The newest messages with ids below `before`, newest first, at most `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn recent(&self, before: MessageId, most: usize) -> Result<Vec<Message>, StoreError> {
        self.engine.messages_recent(before, most)
    }

    /// Who holds a lane.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn lease(&self, lane: u16) -> Result<Option<Lease>, StoreError> {
        self.engine.lease_get(lane)
    }
}
