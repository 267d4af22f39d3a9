//! Segments as they go out: strict, whatever came in.

use crate::separators::Separators;
use crate::text;

/// A segment that is being written.
#[derive(Clone, Debug)]
pub struct Writer {
    bytes: Vec<u8>,
    separators: Separators,
}

impl Writer {
    /// A message that begins with its header, up to MSH-2.
    pub fn header(separators: Separators) -> Self {
        let mut bytes = b"MSH".to_vec();
        bytes.push(separators.field);
        bytes.extend_from_slice(&separators.encoding());
        Self { bytes, separators }
    }

    /// Ends a segment and begins another, of a name of three letters or digits.
    #[must_use]
    pub fn segment(mut self, name: &str) -> Self {
        self.bytes.push(b'\r');
        self.bytes.extend_from_slice(name.as_bytes());
        self
    }

    /// The next field: a text.
    #[must_use]
    pub fn field(self, text: &str) -> Self {
        self.components(&[text])
    }

    /// The next field: components, each a text.
    #[must_use]
    pub fn components(self, texts: &[&str]) -> Self {
        self.repetitions(&[texts])
    }

    /// The next field: repetitions, each of components.
    #[must_use]
    pub fn repetitions(mut self, repetitions: &[&[&str]]) -> Self {
        let separators = self.separators;
        self.bytes.push(separators.field);
        for (at, components) in repetitions.iter().enumerate() {
            if at > 0 {
                self.bytes.push(separators.repetition);
            }
            for (at, text) in components.iter().enumerate() {
                if at > 0 {
                    self.bytes.push(separators.component);
                }
                text::write(&mut self.bytes, text, separators);
            }
        }
        self
    }

    /// The next field as it came in a message that is divided by the same characters.
    #[must_use]
    pub fn as_it_came(mut self, field: &[u8]) -> Self {
        self.bytes.push(self.separators.field);
        let kept = field.iter().filter(|byte| !byte.is_ascii_control());
        self.bytes.extend(kept);
        self
    }

    /// The message. Every segment ends with CR.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.push(b'\r');
        self.bytes
    }
}

#[cfg(test)]
mod tests;
