//! Proof Key for Code Exchange: who redeems a code shows that they asked for it.
//!
//! Clause: <https://www.rfc-editor.org/rfc/rfc7636>; of its two methods S256 alone counts here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::tokens::{digest, same};

/// The name of the one method that is taken.
pub const S256: &str = "S256";
/// How long a verifier may be, in characters.
const VERIFIER: std::ops::RangeInclusive<usize> = 43..=128;
/// How long a challenge is, in characters: a SHA-256 in base64url.
const CHALLENGE_LENGTH: usize = 43;

/// The challenge that goes with a verifier.
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(verifier.as_bytes()))
}

/// Whether a text may be a challenge.
pub fn is_challenge(text: &str) -> bool {
    text.len() == CHALLENGE_LENGTH && URL_SAFE_NO_PAD.decode(text).is_ok()
}

/// Whether a verifier is the one that a challenge was made of.
pub fn proves(verifier: &str, wanted: &str) -> bool {
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let formed = VERIFIER.contains(&verifier.len()) && verifier.bytes().all(unreserved);
    let given = challenge(verifier);
    formed && same(&digest(given.as_bytes()), &digest(wanted.as_bytes()))
}

#[cfg(test)]
mod tests;
