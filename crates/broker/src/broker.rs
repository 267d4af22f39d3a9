//! The broker, and what it was told to keep to.

use std::sync::Arc;

use base::{Clock, Dice};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::messages::{Delivery, DeliveryId, MessageId, Status, Step};
use store::{Store, StoreError};

use crate::detail::{Detail, Note};
use crate::directory::Directory;
use crate::handover::Handover;
use crate::health::Endpoints;
use crate::id::Ids;
use crate::refused::Refused;
use crate::room::Room;
use crate::state::State;
use crate::upload::Turns;

/// What the broker keeps to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a message may wait to be collected or pushed, in seconds.
    pub deadline_s: i64,
    /// How long bodies are kept after a message was accepted, in seconds.
    pub kept_s: i64,
    /// How long an upload may take, in seconds.
    pub upload_s: i64,
    /// How many lanes the wake-ups are spread over. May be changed between restarts.
    pub lanes: u16,
    /// How long a worker may be silent before another takes over, in seconds.
    pub lease_s: i64,
    /// The name under which this process holds lanes: the same again after a restart.
    pub owner: String,
    /// How much of the disk is kept free, in bytes: below it, nothing is accepted.
    pub reserve_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deadline_s: 5 * 24 * 3600,
            kept_s: 30 * 24 * 3600,
            upload_s: 24 * 3600,
            lanes: 16,
            lease_s: 60,
            owner: "one".to_owned(),
            reserve_bytes: 512 * 1024 * 1024,
        }
    }
}

/// The broker. Cheap to clone; all clones are the same broker.
#[derive(Clone)]
pub struct Broker {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) ids: Ids,
    pub(crate) directory: Directory,
    pub(crate) settings: Settings,
    pub(crate) room: Room,
    pub(crate) endpoints: Endpoints,
    /// Parts are added to one message one after the other.
    pub(crate) adding: Turns,
    /// What the worker is told.
    pub(crate) handover: Arc<Handover>,
}

impl Broker {
    /// A broker over a store.
    ///
    /// # Errors
    /// When the store fails, or the directory in it cannot be understood.
    pub fn new(
        store: Store,
        clock: Clock,
        dice: Dice,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let newest = store.messages().recent(MessageId(i64::MAX as u64), 1)?;
        let ids = Ids::after(newest.first().map(|message| message.id), clock.clone());
        let directory = Directory::open(store.clone())?;
        let inner = Inner {
            ids,
            directory,
            settings,
            room: Room::default(),
            endpoints: Endpoints::default(),
            adding: Turns::default(),
            handover: Arc::default(),
            store,
            clock,
            dice,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Who can be sent to.
    pub fn directory(&self) -> &Directory {
        &self.inner.directory
    }

    /// The store beneath.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// What it keeps to.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The instant so many seconds from now.
    pub(crate) fn in_s(&self, seconds: i64) -> Timestamp {
        later(self.now(), seconds)
    }

    /// The lane of a recipient: one recipient's wake-ups are all in one lane.
    pub(crate) fn lane(&self, recipient: &str) -> u16 {
        let digest = Sha256::digest(recipient.as_bytes());
        let [high, low, ..] = digest.as_slice() else { return 0 };
        u16::from_be_bytes([*high, *low]) % self.inner.settings.lanes.max(1)
    }

    /// What a delivery's detail says.
    pub(crate) fn detail(delivery: &Delivery) -> Result<Detail, Refused> {
        Ok(Detail::read(&delivery.status.detail)?)
    }

    /// The state of a delivery.
    pub(crate) fn state(delivery: &Delivery) -> Result<State, Refused> {
        State::from_number(delivery.status.state).ok_or_else(|| {
            let state = delivery.status.state;
            Refused::Store(StoreError::Damaged(format!("a delivery is in state {state}")))
        })
    }
}

/// An instant so many seconds after another.
pub(crate) fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// The step of a delivery into a state, waking at an instant.
///
/// # Errors
/// When it cannot come into that state from where it is.
pub(crate) fn step(
    delivery: &Delivery,
    next: State,
    wake: Timestamp,
    detail: &Detail,
    note: &Note,
) -> Result<Step, Refused> {
    let now = Broker::state(delivery)?;
    if !now.may_become(next) {
        return Err(Refused::NotNow(now.name()));
    }
    let status = Status {
        state: next as u8,
        listed: delivery.status.listed && !next.is_end(),
        wake: Some(if next.is_end() { detail.erase() } else { wake }),
        detail: json(detail)?,
        ..delivery.status.clone()
    };
    Ok(Step { delivery: delivery.id, expect: delivery.version, status, event: Some(json(note)?) })
}

/// Something of ours as the ledger keeps it.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<bytes::Bytes, Refused> {
    Ok(serde_json::to_vec(value)?.into())
}

/// A digest of words, for labels and keys: the words cannot run into each other.
pub(crate) fn digest(words: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word.as_bytes());
    }
    hash.finalize().into()
}

/// A label, made of words.
pub(crate) fn label(words: &[&str]) -> u64 {
    digest(words).iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// The delivery of a message with a number, as the ledger has it.
pub(crate) fn delivery_of(broker: &Broker, id: DeliveryId) -> Result<Delivery, Refused> {
    broker.inner.store.messages().delivery(id)?.ok_or(Refused::NotFound)
}
