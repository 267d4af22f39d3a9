//! What changes about a delivery beside its state, and the lines of its history.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What changes about a delivery beside its state. Instants are microseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// When it is given up.
    #[serde(rename = "d")]
    pub deadline_us: i64,
    /// When its body is erased.
    #[serde(rename = "e")]
    pub erase_us: i64,
    /// How often a worker took it.
    #[serde(rename = "g", default, skip_serializing_if = "is_zero")]
    pub assigned: u32,
    /// How often a push of it failed.
    #[serde(rename = "f", default, skip_serializing_if = "is_zero")]
    pub failed: u32,
    /// How often a worker took it and was not heard of again.
    #[serde(rename = "u", default, skip_serializing_if = "is_zero")]
    pub unfinished: u32,
    /// How often it was parked.
    #[serde(rename = "p", default, skip_serializing_if = "is_zero")]
    pub parked: u32,
    /// Why the last try failed, without patient data.
    #[serde(rename = "w", default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
    /// The delivery of the same message that this one repeats; 0 for none.
    #[serde(rename = "r", default, skip_serializing_if = "is_zero_wide")]
    pub resend_of: u64,
    /// The report that was sent about it; 0 for none.
    #[serde(rename = "n", default, skip_serializing_if = "is_zero_wide")]
    pub report: u64,
    /// When it was first fetched, or arrived; 0 for not yet.
    #[serde(rename = "c", default, skip_serializing_if = "is_zero_signed")]
    pub arrived_us: i64,
    /// How many earlier messages with its ordering key were given up since one arrived.
    #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
    pub gap: u32,
}

impl Detail {
    /// Reads one from the ledger.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// When it is given up.
    pub fn deadline(&self) -> Timestamp {
        instant(self.deadline_us)
    }

    /// When its body is erased.
    pub fn erase(&self) -> Timestamp {
        instant(self.erase_us)
    }
}

/// A line of a delivery's history, as the broker writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who did it: the sender, the recipient, `broker`, or an operator. Empty for the broker.
    #[serde(rename = "w", default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// Why, or how it went, without patient data.
    #[serde(rename = "y", default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// How long a push took, in milliseconds; nothing when there was none.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
}

impl Note {
    /// A line about something that somebody did.
    pub fn by(who: &str) -> Self {
        Self { who: who.to_owned(), ..Self::default() }
    }

    /// A line with a reason.
    pub fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), ..Self::default() }
    }

    /// Reads one from the ledger; an empty line when it is not one.
    pub fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }
}

/// An instant from microseconds since 1970.
pub(crate) fn instant(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero_wide(number: &u64) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero_signed(number: &i64) -> bool {
    *number == 0
}
