//! Fetching a message of any size into a file, in constant memory. What has arrived is kept when
//! it is cut off; the next try goes on at the part where this one stopped.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};

use super::again::again;
use super::{Answer, Halt, Mailbox, Trouble};

/// How much is read at once, in bytes.
const BLOCK_BYTES: usize = 64 * 1024;
/// The longest id of a message, in bytes.
const ID_BYTES_MAX: usize = 100;
/// How the headers begin that say something of a message.
const PREFIX: &str = "mex-";

/// A message on its way into a folder.
pub(crate) struct Download<'a> {
    mailbox: &'a Mailbox,
    id: &'a str,
    /// Where its body is until it is whole.
    partial: PathBuf,
    /// Where it is written how far the body has come.
    notes: PathBuf,
}

/// What is known of a message that is arriving, or has arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Arrival {
    /// What was said of it, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// How many parts it has.
    parts: u32,
    /// How many of them are here.
    here: u32,
    /// How many bytes those have.
    pub(crate) bytes: u64,
}

impl Arrival {
    /// A header, by its name in lower case; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Whether it tells what became of another message, and has no body.
    pub(crate) fn is_report(&self) -> bool {
        self.header("mex-messagetype").eq_ignore_ascii_case("REPORT")
    }
}

impl<'a> Download<'a> {
    /// A message by its id, to be fetched into a folder.
    ///
    /// # Errors
    /// When the id is none that a file can be named after.
    pub(crate) fn new(mailbox: &'a Mailbox, id: &'a str, folder: &Path) -> Result<Self, Trouble> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if id.is_empty() || id.len() > ID_BYTES_MAX || !id.bytes().all(plain) {
            return Err(Trouble::Here(format!("'{}' is no id of a message", id.escape_debug())));
        }
        let partial = folder.join(format!("{id}.dat.partial"));
        let notes = folder.join(format!("{id}.notes.partial"));
        Ok(Self { mailbox, id, partial, notes })
    }

    /// Fetches what is still missing, until the message is whole and on the disk.
    pub(crate) fn fetch(
        &self,
        halt: &Halt,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Arrival, Trouble> {
        let mut arrival = self.begun();
        while arrival.here == 0 || arrival.here < arrival.parts {
            arrival = again(halt, || self.part(&arrival, halt, progress))?;
        }
        Ok(arrival)
    }

    /// Moves the whole body to where it belongs.
    pub(crate) fn place(&self, path: &Path) -> Result<(), Trouble> {
        fs::rename(&self.partial, path).map_err(|error| Trouble::file(path, &error))?;
        sync_folder(path)
    }

    /// Forgets what was noted while it arrived, and a body that was not placed.
    pub(crate) fn tidy(&self) {
        for path in [&self.notes, &self.partial] {
            // What cannot be removed is overwritten next time.
            let _ = fs::remove_file(path);
        }
    }

    /// How far an earlier try came.
    fn begun(&self) -> Arrival {
        let notes = fs::read(&self.notes).ok();
        let noted: Option<Arrival> = notes.and_then(|notes| serde_json::from_slice(&notes).ok());
        let here = fs::metadata(&self.partial).map_or(0, |metadata| metadata.len());
        noted.filter(|noted| here >= noted.bytes).unwrap_or_default()
    }

    /// Fetches the next part, and notes that it is here once it is on the disk.
    fn part(
        &self,
        before: &Arrival,
        halt: &Halt,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Arrival, Trouble> {
        let number = before.here + 1;
        let answer = self.mailbox.open(self.id, number)?;
        let mut arrival = before.clone();
        if number == 1 {
            arrival.headers = described(&answer);
            arrival.parts = parts(&answer);
        }
        arrival.bytes = self.write(answer, before.bytes, halt, progress)?;
        arrival.here = number;
        self.note(&arrival)?;
        Ok(arrival)
    }

    fn write(
        &self,
        answer: Answer,
        from: u64,
        halt: &Halt,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, Trouble> {
        let failed = |error: &io::Error| Trouble::file(&self.partial, error);
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(&self.partial);
        let mut file = file.map_err(|error| failed(&error))?;
        file.set_len(from)
            .and_then(|()| file.seek(SeekFrom::Start(from)))
            .map_err(|error| failed(&error))?;
        let packed = answer.header("content-encoding").eq_ignore_ascii_case("gzip");
        let body = halt.watched(answer.body.into_reader());
        let mut body: Box<dyn Read> =
            if packed { Box::new(MultiGzDecoder::new(body)) } else { Box::new(body) };
        let mut block = vec![0; BLOCK_BYTES];
        let mut bytes = from;
        loop {
            let read = match body.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(_) if halt.is_told() => return Err(Trouble::Halted),
                Err(error) => return Err(Trouble::broken_off(&error)),
            };
            let read = block.get(..read).unwrap_or_default();
            file.write_all(read).map_err(|error| failed(&error))?;
            bytes += read.len() as u64;
            progress(bytes);
        }
        file.sync_all().map_err(|error| failed(&error))?;
        Ok(bytes)
    }

    fn note(&self, arrival: &Arrival) -> Result<(), Trouble> {
        // A message in one part is whole now: nothing has to be found again.
        if arrival.parts <= 1 {
            return Ok(());
        }
        write_whole(&self.notes, serde_json::json!(arrival).to_string().as_bytes())
    }
}

/// Writes a file so that it is there whole or not at all, and on the disk.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    let unfinished = PathBuf::from(name);
    let written = File::create(&unfinished)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|error| Trouble::file(path, &error))?;
    sync_folder(path)
}

/// Makes the name of a file last.
pub(crate) fn sync_folder(path: &Path) -> Result<(), Trouble> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| Trouble::file(folder, &error))
}

/// What is said of a message.
fn described(answer: &Answer) -> Vec<(String, String)> {
    let ours = answer.headers.iter().filter(|(name, _)| {
        name.as_str().starts_with(PREFIX) || matches!(name.as_str(), "content-type")
    });
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    ours.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}

/// How many parts a message has: the second number of `1:n`. A report has none, which is one
/// without a body.
fn parts(answer: &Answer) -> u32 {
    let range = answer.header("mex-chunk-range");
    let total = range.split_once(':').map_or("", |(_, of)| of);
    total.trim().parse::<u32>().unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests;
