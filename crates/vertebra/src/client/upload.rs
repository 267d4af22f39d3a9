//! Sending a file of any size in constant memory: in parts when it is large.
//!
//! Clause: "Send message chunk" of
//! <https://digital.nhs.uk/developer/api-catalogue/message-exchange-for-social-care-and-health-api>.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

use flate2::Compression;
use flate2::read::GzEncoder;

use super::again::again;
use super::mailbox::Parcel;
use super::{Halt, Mailbox, Trouble};

/// The status of an answer that a message has all of its parts.
const COMPLETE: u16 = 423;

/// A message that is to be sent.
pub(crate) struct Upload<'a> {
    /// Its body.
    pub(crate) file: &'a File,
    /// How many bytes it has.
    pub(crate) bytes: u64,
    /// How large a part of it is, in bytes.
    pub(crate) part_bytes: u64,
    /// Whether to compress it on the way.
    pub(crate) compress: bool,
    /// What is said of it.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Upload<'_> {
    /// Sends it, and gives the id of the message. The first part is sent once only, since a second
    /// time would make a second message; later parts are sent again when that may help.
    pub(crate) fn send(
        &self,
        mailbox: &Mailbox,
        halt: &Halt,
        progress: &mut dyn FnMut(u64),
    ) -> Result<String, Trouble> {
        let of = self.bytes.div_ceil(self.part_bytes.max(1)).max(1);
        let mut headers = self.headers.clone();
        if of > 1 {
            headers.push(("mex-chunk-range", format!("1:{of}")));
        }
        if self.compress {
            headers.push(("mex-content-compressed", "Y".to_owned()));
        }
        let id = self.part(1, halt, progress, |parcel| mailbox.post(&headers, parcel))?;
        for part in 2..=of {
            let mut repeated = false;
            let sent = again(halt, || {
                let sent = self.part(part, halt, progress, |parcel| {
                    mailbox.post_part(&id, (part, of), parcel)
                });
                let repeats = std::mem::replace(&mut repeated, true);
                match sent {
                    // The first try got through, and only the answer to it was lost.
                    Err(trouble) if repeats && trouble.status() == Some(COMPLETE) => Ok(()),
                    other => other,
                }
            });
            sent.map_err(|trouble| unfinished(&id, part, of, trouble))?;
        }
        Ok(id)
    }

    fn part<T>(
        &self,
        number: u64,
        halt: &Halt,
        progress: &mut dyn FnMut(u64),
        send: impl FnOnce(Parcel<'_>) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let from = self.part_bytes.saturating_mul(number - 1);
        let to = from.saturating_add(self.part_bytes).min(self.bytes);
        let part = Part { file: self.file, at: from, to, progress };
        let mut plain = halt.watched(part);
        if self.compress {
            let mut packed = GzEncoder::new(plain, Compression::default());
            send(Parcel { reader: &mut packed, bytes: None, compressed: true })
        } else {
            send(Parcel { reader: &mut plain, bytes: Some(to - from), compressed: false })
        }
    }
}

/// A part did not get through: nothing was delivered, and nothing will be.
fn unfinished(id: &str, part: u64, of: u64, trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Unanswered(text) => {
            Trouble::Unanswered(format!("message {id}, part {part} of {of}: {text}"))
        }
        other => other,
    }
}

/// A part of a file, which tells how far it was read.
struct Part<'a> {
    file: &'a File,
    at: u64,
    to: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.to - self.at).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..most) else { return Ok(0) };
        let read = self.file.read_at(buffer, self.at)?;
        if read == 0 && !buffer.is_empty() {
            let kind = io::ErrorKind::UnexpectedEof;
            return Err(io::Error::new(kind, "the file became shorter while it was sent"));
        }
        self.at += read as u64;
        (self.progress)(self.at);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
