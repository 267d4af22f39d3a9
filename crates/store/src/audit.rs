//! The ledger of accesses: who did what to whose record, on a hash chain.
//!
//! Each access is one line of JSON. Its link is `SHA-256(link before it || line)`, and the first
//! link is 32 zero bytes. Accesses that share a commit share one block on disk; the block keeps
//! the link after its last line, so that nothing can be changed, dropped, added or reordered
//! without breaking the chain from there on.
//!
//! Now and then, and when it opens and closes, the store signs a [`checkpoint`] of the chain. A
//! store whose chain is not as its newest checkpoint says does not open. The key that signs can be
//! replaced: a line of the chain says so, in which the old key vouches for the new one.
//!
//! A line names no patient: the subject is a keyed hash, which only the holder of the store's key
//! can compute from an identifier.

pub mod checkpoint;
pub(crate) mod succession;
pub mod verdict;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::error::StoreError;

/// An access to a record: one line of the audit chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// The API.
    pub service: String,
    /// The interaction.
    pub interaction: String,
    /// How the caller was let in.
    pub mode: String,
    /// The calling client.
    pub client: String,
    /// The accredited system id of the calling system; empty when it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// The organisation that the caller acts for.
    pub organisation: String,
    /// The person behind the call; of a patient, the keyed hash.
    pub user: String,
    /// Whose records, as keyed hashes in hexadecimal: see [`Audit::pseudonym`].
    pub subjects: Vec<String>,
    /// The HTTP status, or what stands for it on other wires.
    pub outcome: u16,
    /// The caller's identifier of the request.
    pub request: String,
    /// The W3C trace id of the request, 32 hexadecimal digits; empty when the caller gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
    /// Why: a purpose of use such as `TREAT`; empty where the wire gives none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// Whom the call was passed on to; empty when the house answered by itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recipient: String,
    /// The organisation that the call said it was for, where nothing proves it; empty where the
    /// wire says nothing of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub claimed: String,
}

/// A change of the key that signs checkpoints. Keys are named as checkpoints name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// The number of the line that says so.
    pub line: u64,
    /// The key that signed until then.
    pub before: String,
    /// The key that signs from here on.
    pub after: String,
}

/// A link of the chain.
pub type Link = [u8; 32];

/// The link before the first line.
pub const FIRST_LINK: Link = [0; 32];

/// The link that a line adds to the one before it.
pub fn link(before: &Link, line: &[u8]) -> Link {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(line);
    hash.finalize().into()
}

/// How much of the keyed hash a pseudonym keeps.
const PSEUDONYM_BYTES: usize = 16;

/// The ledger of accesses.
pub struct Audit<'a> {
    pub(crate) engine: &'a Engine,
}

impl Audit<'_> {
    /// The keyed hash that stands for a patient's identifier on the chain, in hexadecimal.
    pub fn pseudonym(&self, identifier: &str) -> String {
        pseudonym(self.engine.audit_key(), identifier)
    }

    /// How many lines the chain has, and its last link.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn head(&self) -> Result<(u64, Link), StoreError> {
        self.engine.audit_head()
    }

    /// Shows the lines of the chain in order, from line number `from` (the first is 0), until the
    /// visitor says stop by returning false.
    ///
    /// # Errors
    /// When the engine fails, or [`StoreError::Damaged`] where the chain does not hold.
    pub fn read(
        &self,
        from: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<(), StoreError> {
        self.engine.audit_read(from, visit)
    }

    /// Shows the lines before line number `before`, the last one first, until the visitor says
    /// stop by returning false. `u64::MAX` begins with the newest.
    ///
    /// # Errors
    /// When the engine fails, or [`StoreError::Damaged`] where the chain does not hold.
    pub fn read_back(
        &self,
        before: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<(), StoreError> {
        self.engine.audit_read_back(before, visit)
    }

    /// Replaces the key that signs checkpoints. What stands is sealed by the old key; then the
    /// access becomes the line of the chain in which the old key vouches for the new one, and the
    /// new key seals. What was cut off is finished when the store is opened next. Blocks.
    ///
    /// # Errors
    /// When the files of the keys cannot be written, or the engine fails.
    pub fn rotate_signing_key(&self, access: Access) -> Result<KeyChange, StoreError> {
        self.engine.rotate_signing_key(access)
    }

    /// Like [`Audit::read_back`], but only the lines about a subject, given by the
    /// [`Audit::pseudonym`]. It is told by an index, and looks at so much of the chain and no more:
    /// returns before which line to go on, or nothing at the beginning of the chain.
    ///
    /// # Errors
    /// When the engine fails, or [`StoreError::Damaged`] where the chain does not hold.
    pub fn read_back_of(
        &self,
        subject: &str,
        before: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<Option<u64>, StoreError> {
        self.engine.audit_read_back_of(subject, before, visit)
    }
}

pub(crate) fn pseudonym(key: &[u8; 32], identifier: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new(); // HMAC takes a key of any length: cannot happen
    };
    mac.update(identifier.as_bytes());
    let mut text = String::with_capacity(2 * PSEUDONYM_BYTES);
    for byte in mac.finalize().into_bytes().iter().take(PSEUDONYM_BYTES) {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests;
