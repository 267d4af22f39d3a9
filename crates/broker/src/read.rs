//! Reading large bodies: part after part, block by block, in constant memory.

use bytes::Bytes;
use store::contents::{ContentId, Part, PartReader};
use store::{Store, StoreError};

/// How the note on a part says that it is compressed.
const GZIP: &str = "gzip";

/// Reads a large body from its first part to its last.
pub struct BodyReader {
    store: Store,
    content: ContentId,
    parts: std::vec::IntoIter<Part>,
    bytes: u64,
    encoding: &'static str,
    reading: Option<PartReader>,
}

impl BodyReader {
    /// Begins to read a body; nothing when it was erased, or is not whole yet.
    ///
    /// # Errors
    /// When the store fails.
    pub fn open(store: &Store, content: ContentId) -> Result<Option<Self>, StoreError> {
        let found = store.contents().get(content)?;
        let Some(found) = found.filter(store::contents::Content::is_whole) else { return Ok(None) };
        let gzip = found.present.iter().all(|part| part.note == GZIP);
        let bytes = found.bytes();
        let mut parts = found.present;
        parts.sort_unstable_by_key(|part| part.number);
        Ok(Some(Self {
            store: store.clone(),
            content,
            parts: parts.into_iter(),
            bytes,
            encoding: if gzip { GZIP } else { "" },
            reading: None,
        }))
    }

    /// How many bytes there are in all, as kept.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How the body is encoded as it is kept: `gzip` when all of its parts are, empty for not.
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// The next bytes; nothing at the end. Blocks.
    ///
    /// # Errors
    /// When the store fails, or a part is not there any more.
    pub fn next_block(&mut self) -> Result<Option<Bytes>, StoreError> {
        loop {
            if let Some(reading) = &mut self.reading
                && let Some(block) = reading.next()?
            {
                return Ok(Some(block));
            }
            let Some(part) = self.parts.next() else { return Ok(None) };
            let reading = self.store.contents().read(self.content, part.number)?;
            let gone = || StoreError::Damaged(format!("part {} of a body is gone", part.number));
            self.reading = Some(reading.ok_or_else(gone)?);
        }
    }
}

#[cfg(test)]
mod tests;
