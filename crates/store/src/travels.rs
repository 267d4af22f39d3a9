//! The ledger of what travelled: the legs of conversations, in the order in which they were told.
//!
//! It is for people who want to see what happened, kept for a while. What must not be lost stands
//! in the other ledgers.

use bytes::Bytes;
use jiff::Timestamp;

use crate::engine::Engine;
use crate::error::StoreError;

/// The most bytes of the name of a conversation.
pub const CONVERSATION_BYTES_MAX: usize = 128;
/// The most legs of one conversation that are kept; later ones are only counted.
pub const LEGS_MAX: u64 = 10_000;
/// The most bytes of one leg.
pub const LEG_BYTES_MAX: usize = 4_096;

/// One thing that travelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The conversation that it belongs to.
    pub conversation: String,
    /// When it set out.
    pub at: Timestamp,
    /// What there is to tell of it: bytes to the store.
    pub body: Bytes,
}

/// A conversation, seen from afar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its name.
    pub id: String,
    /// When its first leg set out.
    pub began: Timestamp,
    /// When its latest leg set out.
    pub latest: Timestamp,
    /// How many legs there were, also those that were not kept.
    pub legs: u64,
}

/// The ledger of what travelled.
pub struct Travels<'a> {
    pub(crate) engine: &'a Engine,
}

impl Travels<'_> {
    /// A conversation by its name.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn conversation(&self, id: &str) -> Result<Option<Conversation>, StoreError> {
        self.engine.conversation(id)
    }

    /// The conversations with the latest legs, the latest one first, at most `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn latest(&self, most: usize) -> Result<Vec<Conversation>, StoreError> {
        self.engine.conversations_latest(most)
    }

    /// The legs of a conversation in the order in which they were told, at most `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn legs(&self, conversation: &str, most: usize) -> Result<Vec<Leg>, StoreError> {
        self.engine.legs(conversation, most)
    }

    /// Forgets conversations whose latest leg set out before an instant. Returns how many.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn forget_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.engine.conversations_forget_before(before).await
    }
}
