//! Bytes as hexadecimal digits, for keys and digests that people and JSON have to carry.

/// The bytes in lower-case hexadecimal digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests;
