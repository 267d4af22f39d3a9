//! The change of the key that signs checkpoints: a line of the chain, an access like any other, in
//! which the old key vouches for the new one.
//!
//! What is signed is text, so that other tools can verify it too: see [`Succession::signed_text`].
//! It names the line's place on the chain, so that it is worth nothing anywhere else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::checkpoint::{PublicKey, SigningKey};
use super::{Access, Link};
use base::hex;

/// What the signed text begins with: a signature over anything else is worth nothing here.
const CONTEXT: &str = "vertebra-audit-key-v1";
/// What a line has in it that replaces the key, and no other: within a text, quotes are escaped.
const MARK: &str = "\"signing_key\":{";

/// A line that replaces the key.
#[derive(Serialize, Deserialize)]
struct KeyLine {
    #[serde(flatten)]
    access: Access,
    signing_key: Succession,
}

/// What such a line says beside the access.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Succession {
    /// The key that was in force, in base64.
    before: String,
    /// The key that is from here on, in base64.
    after: String,
    /// The Ed25519 signature of the old key over [`Succession::signed_text`], in base64.
    signature: String,
    /// That of the new key over the same: whoever puts it in force has it.
    proof: String,
}

impl Succession {
    /// What is signed: six lines, each with a line end.
    fn signed_text(&self, count: u64, link: &Link, at: Timestamp) -> String {
        let (link, Self { before, after, .. }) = (hex(link), self);
        format!("{CONTEXT}\n{count}\n{link}\n{at}\n{before}\n{after}\n")
    }
}

/// A change of the key that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The number of its line: the old key signs checkpoints of up to so many lines.
    pub(crate) line: u64,
    /// The key that was in force.
    pub(crate) before: PublicKey,
    /// The key that is from this line on.
    pub(crate) after: PublicKey,
}

/// Whether a line of the chain says that it replaces the key.
pub(crate) fn is_change(line: &str) -> bool {
    line.contains(MARK)
}

/// The line that replaces a key by another, after `count` lines and their link.
pub(crate) fn line(
    access: Access,
    (before, after): (&SigningKey, &SigningKey),
    (count, link): (u64, &Link),
) -> String {
    let mut said = Succession {
        before: before.public().to_base64(),
        after: after.public().to_base64(),
        signature: String::new(),
        proof: String::new(),
    };
    let text = said.signed_text(count, link, access.at);
    said.signature = before.sign_text(&text);
    said.proof = after.sign_text(&text);
    // Strings and numbers: cannot fail.
    serde_json::to_string(&KeyLine { access, signing_key: said }).unwrap_or_default()
}

/// Reads a line that replaces the key, after `count` lines and their link. Nothing when it is none,
/// or is not signed by both keys for this place.
pub(crate) fn read(line: &str, count: u64, link: &Link) -> Option<Change> {
    let KeyLine { access, signing_key: said } = serde_json::from_str(line).ok()?;
    let text = said.signed_text(count, link, access.at);
    let (before, after) =
        (PublicKey::from_base64(&said.before)?, PublicKey::from_base64(&said.after)?);
    let signed = before.has_signed(&text, &said.signature) && after.has_signed(&text, &said.proof);
    signed.then_some(Change { line: count, before, after })
}

#[cfg(test)]
mod tests;
