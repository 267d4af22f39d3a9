//! Ids that follow from others: whoever makes one again gets the same.

use aws_lc_rs::digest::{Context, SHA256};
use uuid::{Builder, Uuid};

/// An id that follows from words: a UUID of version 8.
///
/// Clause: <https://www.rfc-editor.org/rfc/rfc9562#section-5.8>.
pub fn derived(words: &[&str]) -> Uuid {
    let mut hash = Context::new(&SHA256);
    for word in words {
        hash.update(&(word.len() as u64).to_be_bytes());
        hash.update(word.as_bytes());
    }
    let digest = hash.finish();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}
