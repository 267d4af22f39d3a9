//! Text in a message: escape sequences, and which characters the bytes stand for.
//!
//! Clause: HL7 2.5.1 chapter 2, 2.7 (<https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading21>).

use crate::separators::Separators;

/// What bytes say, escape sequences understood. Bytes that are no UTF-8 are read as ISO 8859-1,
/// which is what such senders write. A sequence that stands for no character (highlighting, other
/// character sets, private ones) is left as it came.
pub(crate) fn read(bytes: &[u8], separators: Separators) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(separators.escape, rest) {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        let inside = from.get(1..).unwrap_or_default();
        let end = memchr::memchr(separators.escape, inside);
        let sequence = end.and_then(|end| inside.get(..end));
        let known = sequence.and_then(|sequence| Some((sequence, meaning(sequence, separators)?)));
        if let Some((sequence, meant)) = known {
            out.extend_from_slice(&meant);
            rest = inside.get(sequence.len() + 1..).unwrap_or_default();
        } else {
            out.push(separators.escape);
            rest = inside;
        }
    }
    out.extend_from_slice(rest);
    match String::from_utf8(out) {
        Ok(text) => text,
        Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
    }
}

/// Writes text so that it divides nothing. Control characters become `\X..\`.
pub(crate) fn write(out: &mut Vec<u8>, text: &str, separators: Separators) {
    let escape = separators.escape;
    for &byte in text.as_bytes() {
        let letter = match byte {
            byte if byte == separators.field => b'F',
            byte if byte == separators.component => b'S',
            byte if byte == separators.repetition => b'R',
            byte if byte == separators.escape => b'E',
            byte if byte == separators.subcomponent => b'T',
            byte if byte.is_ascii_control() => {
                let digit = |half: u8| if half < 10 { b'0' + half } else { b'A' + half - 10 };
                out.extend_from_slice(&[escape, b'X', digit(byte >> 4), digit(byte & 15), escape]);
                continue;
            }
            byte => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(&[escape, letter, escape]);
    }
}

/// What stands between two escape characters means, if it stands for characters.
fn meaning(sequence: &[u8], separators: Separators) -> Option<Vec<u8>> {
    match sequence {
        b"F" => Some(vec![separators.field]),
        b"S" => Some(vec![separators.component]),
        b"R" => Some(vec![separators.repetition]),
        b"E" => Some(vec![separators.escape]),
        b"T" => Some(vec![separators.subcomponent]),
        b".br" => Some(vec![b'\n']),
        [b'X', digits @ ..] if !digits.is_empty() => digits.chunks(2).map(octet).collect(),
        _ => None,
    }
}

fn octet(digits: &[u8]) -> Option<u8> {
    let &[high, low] = digits else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(high)? * 16 + value(low)?).ok()
}

#[cfg(test)]
mod tests;
