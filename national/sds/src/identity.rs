//! Ids and identifiers of what is found.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The id of a record that has none in the directory: a UUID of its own making (version 8 of
/// <https://www.rfc-editor.org/rfc/rfc9562>), the same for the same names.
pub(crate) fn id_of(names: &[&str]) -> String {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    let digits: Vec<char> = base::hex(&hash.finalize()).chars().take(32).collect();
    let mut id = String::with_capacity(36);
    for (at, digit) in digits.iter().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(if matches!(at, 12 | 16) { '8' } else { *digit });
    }
    id
}

/// An identifier.
pub(crate) fn identifier(system: &str, value: &str) -> Value {
    json!({ "system": system, "value": value })
}

/// A reference to something by its identifier.
pub(crate) fn named(system: &str, value: &str) -> Value {
    json!({ "identifier": identifier(system, value) })
}

/// An extension that refers to something by its identifier.
pub(crate) fn extension(url: &str, system: &str, value: &str) -> Value {
    json!({ "url": url, "valueReference": named(system, value) })
}
