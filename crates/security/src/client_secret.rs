//! Secrets of clients: how they come, what is kept of them, and how they are compared.
//!
//! Clause: RFC 6749 section 2.3.1.

use base::hex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::tokens::{digest, same};

/// What is kept of a secret: its SHA-256, in hexadecimal digits.
pub fn kept(secret: &str) -> String {
    hex(&digest(secret.as_bytes()))
}

/// Whether a secret is the one of which this is kept. Takes as long whether it is or not.
pub fn proves(secret: &str, kept_of: &str) -> bool {
    same(&digest(kept(secret).as_bytes()), &digest(kept_of.as_bytes()))
}

/// The client and the secret of an Authorization header of the scheme Basic. Nothing when it is
/// of another scheme or cannot be read.
pub fn from_basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, encoded) = authorization.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client, secret) = text.split_once(':')?;
    Some((decode(client)?, decode(secret)?))
}

/// Both are encoded as in a form before they are put together.
fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    Some(percent_encoding::percent_decode_str(&text).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests;
