//! The token that a mailbox proves itself with, once for each request:
//! `NHSMESH <mailbox>:<nonce>:<count>:<yyyyMMddHHmm>:<hex>`, where the last is the HMAC-SHA256,
//! under the key of the environment, of `mailbox:nonce:count:password:time`.
//!
//! Clause: "MESH Authorization header" of the API's specification.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::Sha256;

use crate::house::Secret;

const SCHEME: &str = "NHSMESH ";
/// The kind of thing that a token is, in the ledger of what may be used once.
pub(crate) const TOKEN: &str = "mailbox-token";
/// How far the time of a token may be from ours, in minutes, either way.
const WINDOW_MIN: i64 = 120;
/// The longest nonce and count, in bytes.
const NONCE_BYTES_MAX: usize = 100;
const COUNT_BYTES_MAX: usize = 20;

/// A token as it was sent. Nothing of it is proved.
#[derive(Clone, Copy)]
pub(crate) struct Token<'a> {
    /// The mailbox that it speaks for.
    pub(crate) mailbox: &'a str,
    nonce: &'a str,
    count: &'a str,
    time: &'a str,
    hash: [u8; 32],
    /// When it was made, in minutes since 1970.
    minute: i64,
}

impl<'a> Token<'a> {
    /// Reads an Authorization header; nothing when it is no token.
    pub(crate) fn read(header: &'a str) -> Option<Self> {
        let mut parts = header.strip_prefix(SCHEME)?.trim().split(':');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let (mailbox, nonce, count) = (next()?, next()?, next()?);
        let (time, hash) = (next()?, next()?);
        let fits = nonce.len() <= NONCE_BYTES_MAX
            && count.len() <= COUNT_BYTES_MAX
            && count.bytes().all(|byte| byte.is_ascii_digit())
            && parts.next().is_none();
        if !fits {
            return None;
        }
        Some(Self { mailbox, nonce, count, time, hash: hash_of(hash)?, minute: minute_of(time)? })
    }

    /// Whether it was made by somebody who knows the secret. Takes as long whether it was or not.
    pub(crate) fn is_made_with(&self, secret: &Secret) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.shared_key.expose().as_bytes())
        else {
            return false; // HMAC takes a key of any length: cannot happen
        };
        let password = secret.password.expose();
        // Piece by piece: nothing is put together that would have to be overwritten.
        for word in [self.mailbox, self.nonce, self.count, password] {
            mac.update(word.as_bytes());
            mac.update(b":");
        }
        mac.update(self.time.as_bytes());
        mac.verify_slice(&self.hash).is_ok()
    }

    /// Whether it was made near enough to now.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        (now.as_second().div_euclid(60) - self.minute).abs() <= WINDOW_MIN
    }

    /// What may be used once only: the mailbox's nonce with its count.
    pub(crate) fn once(&self) -> String {
        [self.mailbox, self.nonce, self.count].join(":")
    }

    /// When it is fresh no more.
    pub(crate) fn over(&self) -> Timestamp {
        Timestamp::from_second((self.minute + WINDOW_MIN + 1) * 60).unwrap_or(Timestamp::MAX)
    }
}

/// `yyyyMMddHHmm` in UTC, in minutes since 1970.
fn minute_of(text: &str) -> Option<i64> {
    if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let small = |from: usize| text.get(from..from + 2)?.parse::<i8>().ok();
    let year = text.get(..4)?.parse().ok()?;
    let at = DateTime::new(year, small(4)?, small(6)?, small(8)?, small(10)?, 0, 0).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second().div_euclid(60))
}

fn hash_of(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests;
