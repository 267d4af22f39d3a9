//! JSON from a stranger, within limits.
//!
//! Clause: <https://hl7.org/fhir/R4/json.html>.

use base::limit::JSON_DEPTH_MAX;
use serde_json::Value;

/// Why some bytes are not JSON that we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It nests deeper than [`JSON_DEPTH_MAX`].
    TooDeep,
    /// It is not JSON, or not UTF-8.
    NotJson,
}

/// Parses JSON that nests at most [`JSON_DEPTH_MAX`] deep.
///
/// # Errors
/// [`Refused`] says why not.
pub fn parse(bytes: &[u8]) -> Result<Value, Refused> {
    if depth(bytes) > JSON_DEPTH_MAX {
        return Err(Refused::TooDeep);
    }
    serde_json::from_slice(bytes).map_err(|_| Refused::NotJson)
}

/// How deep brackets nest outside strings, without building anything.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for &byte in bytes {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests;
