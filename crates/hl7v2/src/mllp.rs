//! The minimal lower layer protocol: messages as blocks on a stream of bytes.
//!
//! A block is `0B`, the message, `1C 0D`. A message may hold anything but `1C 0D`.
//!
//! Clause: <https://www.hl7.org/documentcenter/public/wg/inm/mllp_transport_specification.PDF>.

use std::fmt;

use memchr::memchr;

const BEGIN: u8 = 0x0b;
const END: [u8; 2] = [0x1c, 0x0d];

/// Why a stream cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A message has more than so many bytes.
    TooLarge(usize),
    /// There are more than so many bytes between two messages.
    TooMuchBetween(usize),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(bytes) => write!(f, "a message has more than {bytes} bytes"),
            Self::TooMuchBetween(bytes) => {
                write!(f, "there are more than {bytes} bytes between two messages")
            }
        }
    }
}

impl std::error::Error for Broken {}

/// Takes messages out of a stream, as it comes.
#[derive(Clone, Debug)]
pub struct Decoder {
    message_bytes_max: usize,
    between_bytes_max: usize,
    /// What came and is not yet given out: of the block that has begun, or after it.
    waiting: Vec<u8>,
    /// How much of it was looked through for an end.
    seen: usize,
    inside: bool,
    /// How many bytes came since the last block.
    between: usize,
}

impl Decoder {
    /// A decoder for messages of so many bytes at most, with so many other bytes between them at
    /// most.
    pub fn new(message_bytes_max: usize, between_bytes_max: usize) -> Self {
        Self {
            message_bytes_max,
            between_bytes_max,
            waiting: Vec::new(),
            seen: 0,
            inside: false,
            between: 0,
        }
    }

    /// Takes what came. It is not looked at before [`Decoder::next_message`] is asked.
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Whether a message has begun that has not ended.
    pub fn is_inside(&self) -> bool {
        self.inside
    }

    /// How many bytes wait to be given out.
    pub fn waiting_bytes(&self) -> usize {
        self.waiting.len()
    }

    /// The next message; nothing when more must come first.
    ///
    /// # Errors
    /// When a limit is passed: nothing that comes after can be understood.
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>, Broken> {
        if !self.inside && !self.begin()? {
            return Ok(None);
        }
        let Some(end) = self.end() else {
            // One byte more may be the first of the end.
            if self.waiting.len() > self.message_bytes_max.saturating_add(1) {
                return Err(Broken::TooLarge(self.message_bytes_max));
            }
            return Ok(None);
        };
        if end > self.message_bytes_max {
            return Err(Broken::TooLarge(self.message_bytes_max));
        }
        let rest = self.waiting.split_off(end + END.len());
        let mut message = std::mem::replace(&mut self.waiting, rest);
        message.truncate(end);
        (self.inside, self.seen, self.between) = (false, 0, 0);
        Ok(Some(message))
    }

    /// Passes over what stands before the next block; whether one has begun.
    fn begin(&mut self) -> Result<bool, Broken> {
        let at = memchr(BEGIN, &self.waiting);
        self.between = self.between.saturating_add(at.unwrap_or(self.waiting.len()));
        if self.between > self.between_bytes_max {
            return Err(Broken::TooMuchBetween(self.between_bytes_max));
        }
        match at {
            Some(at) => {
                self.waiting.drain(..=at);
                (self.inside, self.seen) = (true, 0);
            }
            None => self.waiting.clear(),
        }
        Ok(self.inside)
    }

    /// Where the block ends, if it does; each byte is looked at once.
    fn end(&mut self) -> Option<usize> {
        while let Some(found) = memchr(END[0], self.waiting.get(self.seen..)?) {
            let at = self.seen + found;
            match self.waiting.get(at + 1) {
                Some(&next) if next == END[1] => return Some(at),
                Some(_) => self.seen = at + 1,
                None => {
                    self.seen = at;
                    return None;
                }
            }
        }
        self.seen = self.waiting.len();
        None
    }
}

/// A message as a block; nothing when it holds what ends a block.
pub fn encode(message: &[u8]) -> Option<Vec<u8>> {
    if message.windows(END.len()).any(|pair| pair == END) {
        return None;
    }
    let mut block = Vec::with_capacity(message.len() + 3);
    block.push(BEGIN);
    block.extend_from_slice(message);
    block.extend_from_slice(&END);
    Some(block)
}

#[cfg(test)]
mod tests;
