//! The token with which a mailbox proves itself, made anew for each request.
//!
//! Clause: "MESH Authorization header" of
//! <https://digital.nhs.uk/developer/api-catalogue/message-exchange-for-social-care-and-health-api>.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::Sha256;

use super::Identity;

/// The value of the Authorization header: the nonce is new for each request, so that the count is
/// always 1.
pub(crate) fn mailbox_token(identity: &Identity, nonce: &str, now: Timestamp) -> String {
    let time = now.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M").to_string();
    let id = &identity.mailbox;
    let words = format!("{id}:{nonce}:1:{}:{time}", identity.password.expose());
    let key = identity.shared_key.expose();
    // HMAC takes a key of any length.
    let hash = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map(|mut mac| {
        mac.update(words.as_bytes());
        mac.finalize().into_bytes()
    });
    let hash = hash.map(|hash| base::hex(&hash)).unwrap_or_default();
    format!("NHSMESH {id}:{nonce}:1:{time}:{hash}")
}

#[cfg(test)]
mod tests;
