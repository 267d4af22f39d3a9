//! Names for messages: numbers that grow with time, and how they are written.
//!
//! A number is 42 bits of milliseconds since 1970, 11 bits of counter, and the 10 low bits that
//! number deliveries. Written, it looks like the ids of the national mailbox service:
//! `yyyyMMddHHmmssSSSnnn_XXXXXX`, the time, the counter, and a check that catches a slip of the
//! pen.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use base::Clock;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use store::messages::{DELIVERY_BITS, MessageId};

const COUNTER_BITS: u32 = 11;
const COUNTER_MAX: u64 = (1 << COUNTER_BITS) - 1;
/// The latest time that an id can hold, in milliseconds.
const TIME_MAX: u64 = (1 << 42) - 1;
/// The shift from milliseconds to an id.
const TIME_SHIFT: u32 = COUNTER_BITS + DELIVERY_BITS;

/// Hands out ids, each larger than all before it.
#[derive(Debug)]
pub(crate) struct Ids {
    clock: Clock,
    last: AtomicU64,
}

impl Ids {
    /// Goes on after the newest id there is, even if the clock has been put back.
    pub(crate) fn after(newest: Option<MessageId>, clock: Clock) -> Self {
        Self { clock, last: AtomicU64::new(newest.map_or(0, |id| id.0)) }
    }

    /// The next id.
    pub(crate) fn next(&self) -> MessageId {
        let now = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0) << TIME_SHIFT;
        let step = 1 << DELIVERY_BITS;
        let grow = |last: u64| now.max((last & !(step - 1)) + step);
        let mut last = self.last.load(Ordering::Relaxed);
        loop {
            let next = grow(last);
            match self.last.compare_exchange_weak(last, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return MessageId(next),
                Err(other) => last = other,
            }
        }
    }
}

/// When a message was named.
pub fn named_at(id: MessageId) -> Timestamp {
    let ms = i64::try_from(id.0 >> TIME_SHIFT).unwrap_or(0);
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

/// The id before all that were named at an instant or later.
pub fn first_at(at: Timestamp) -> MessageId {
    let ms = u64::try_from(at.as_millisecond()).unwrap_or(0).min(TIME_MAX);
    MessageId(ms << TIME_SHIFT)
}

/// The id in writing, 27 characters.
pub fn write(id: MessageId) -> String {
    let at = named_at(id).to_zoned(TimeZone::UTC).datetime();
    let counter = (id.0 >> DELIVERY_BITS) & COUNTER_MAX;
    let mut text = String::with_capacity(27);
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "{:04}{:02}{:02}{:02}{:02}{:02}{:03}{:03}_{:06X}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond(),
        counter % 1000,
        check(id)
    );
    text
}

/// The id that was written; nothing when it is not one.
pub fn read(text: &str) -> Option<MessageId> {
    let (digits, check_text) = text.split_once('_')?;
    if digits.len() != 20 || check_text.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let at = DateTime::new(
        i16::try_from(number(0, 4)?).ok()?,
        small(4, 6)?,
        small(6, 8)?,
        small(8, 10)?,
        small(10, 12)?,
        small(12, 14)?,
        i32::from(number(14, 17)?) * 1_000_000,
    )
    .ok()?;
    let ms = at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond();
    let time = u64::try_from(ms).ok()? << TIME_SHIFT;
    let wanted = u64::from_str_radix(check_text, 16).ok()?;
    let rest = u64::from(number(17, 20)?);
    (0..=COUNTER_MAX / 1000)
        .map(|thousands| MessageId(time | ((thousands * 1000 + rest) << DELIVERY_BITS)))
        .find(|id| check(*id) == wanted && write(*id) == text)
}

/// 24 bits that depend on all of the id.
fn check(id: MessageId) -> u64 {
    let digest = Sha256::digest(id.0.to_be_bytes());
    digest.iter().take(3).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests;
