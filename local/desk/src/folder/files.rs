//! Large things in a folder: files that are written and read piece by piece, so that none of them
//! is ever in memory as a whole.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Read, Result, Seek, SeekFrom, Write};

use aws_lc_rs::digest::{Context, SHA256};
use base::hex;

use super::{Folder, begun, blocking, finished, parent, removed};

/// How much is written or copied at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// How long it is, in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Writes a content to a file.
fn written(file: &File, content: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<Written> {
    let mut hashing = Hashing { to: file, bytes: 0, hash: Context::new(&SHA256) };
    let mut buffered = BufWriter::with_capacity(BLOCK, &mut hashing);
    content(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    Ok(hashing.written())
}

impl Folder {
    /// Writes a file, in the place of an older one of the same name: `content` gives it piece by
    /// piece. It is on the disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written, or what `content` says.
    pub async fn put_file(
        &self,
        kind: &'static str,
        id: &str,
        content: impl FnOnce(&mut dyn Write) -> Result<()> + Send + 'static,
    ) -> Result<Written> {
        let place = self.place(kind, id, "file")?;
        blocking(move || {
            parent(&place)?;
            let (file, beside) = begun(&place)?;
            let written = written(&file, content).and_then(|written| {
                finished(&file, &beside, &place)?;
                Ok(written)
            });
            if written.is_err() {
                let _ = std::fs::remove_file(beside);
            }
            written
        })
        .await
    }

    /// Writes a file of what others hold, one behind the other.
    ///
    /// # Errors
    /// When one is not there, or cannot be read or written.
    pub async fn join_files(
        &self,
        (kind, id): (&'static str, &str),
        from: &'static str,
        pieces: &[String],
    ) -> Result<Written> {
        let places = pieces.iter().map(|piece| self.place(from, piece, "file"));
        let places = places.collect::<Result<Vec<_>>>()?;
        let join = move |to: &mut dyn Write| {
            for place in places {
                std::io::copy(&mut File::open(place)?, to)?;
            }
            Ok(())
        };
        self.put_file(kind, id, join).await
    }

    /// Reads a piece of a file: so many bytes from a place on, or fewer where it ends before.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub async fn read_file(
        &self,
        kind: &'static str,
        id: &str,
        from: u64,
        bytes: u64,
    ) -> Result<Vec<u8>> {
        let place = self.place(kind, id, "file")?;
        blocking(move || {
            let mut file = File::open(place)?;
            file.seek(SeekFrom::Start(from))?;
            let left = file.metadata()?.len().saturating_sub(from).min(bytes);
            let mut piece = Vec::with_capacity(usize::try_from(left).unwrap_or(0));
            file.take(bytes).read_to_end(&mut piece)?;
            Ok(piece)
        })
        .await
    }

    /// A file, open for reading from its beginning.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub fn open_file(&self, kind: &'static str, id: &str) -> Result<File> {
        File::open(self.place(kind, id, "file")?)
    }

    /// How long a file is, in bytes; nothing when there is none.
    ///
    /// # Errors
    /// When that cannot be seen.
    pub async fn file_bytes(&self, kind: &'static str, id: &str) -> Result<Option<u64>> {
        let place = self.place(kind, id, "file")?;
        blocking(move || match std::fs::metadata(place) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            seen => Ok(Some(seen?.len())),
        })
        .await
    }

    /// Forgets a file. One that is not there is no mistake.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove_file(&self, kind: &'static str, id: &str) -> Result<()> {
        let place = self.place(kind, id, "file")?;
        blocking(move || removed(&place)).await
    }
}

/// Counts and hashes what passes through.
struct Hashing<'a> {
    to: &'a File,
    bytes: u64,
    hash: Context,
}

impl Hashing<'_> {
    fn written(self) -> Written {
        Written { bytes: self.bytes, sha256: hex(self.hash.finish().as_ref()) }
    }
}

impl Write for Hashing<'_> {
    fn write(&mut self, piece: &[u8]) -> Result<usize> {
        let taken = self.to.write(piece)?;
        self.hash.update(piece.get(..taken).unwrap_or_default());
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> Result<()> {
        self.to.flush()
    }
}
