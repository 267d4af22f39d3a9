//! The ledger of contents: large bodies, in parts, streamed in and out in constant memory.
//!
//! A content is begun with the number of its parts, filled part by part in any order, and is
//! whole when all are there. A part is written to a file of its own and synced before its row is;
//! a part that comes twice replaces the first. Every block of [`BLOCK_BYTES`] has a checksum,
//! verified before the block leaves again.

pub(crate) mod folder;
pub(crate) mod part_file;
pub(crate) mod part_source;

use bytes::Bytes;

use crate::engine::Engine;
use crate::error::StoreError;
use part_file::{NewFile, PartFile};
use part_source::PartSource;

/// How much is checksummed together, and the most that a part holds in memory while it is read
/// or written.
pub const BLOCK_BYTES: usize = 256 * 1024;
/// How long the checksum of a block is.
const CHECKSUM_BYTES: usize = 8;

/// The id of a content. It has the number of the message that it is the body of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId(pub u64);

/// A content: how much of it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// How many parts it has when it is whole.
    pub parts: u32,
    /// The parts that are there, by number.
    pub present: Vec<Part>,
}

/// A part of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which part, from 1.
    pub number: u32,
    /// How many bytes it has.
    pub bytes: u64,
    /// SHA-256 of the part.
    pub digest: [u8; 32],
    /// What its owner notes about it, such as how it is compressed.
    pub note: String,
}

impl Content {
    /// Whether all parts are there.
    pub fn is_whole(&self) -> bool {
        self.present.len() as u64 == u64::from(self.parts)
    }

    /// How many bytes are there.
    pub fn bytes(&self) -> u64 {
        self.present.iter().map(|part| part.bytes).sum()
    }
}

/// The ledger of contents.
///
/// Beginning, adding a part and erasing are part of a [`Transaction`](crate::Transaction):
/// [`begin`](crate::Transaction::begin_content), [`part`](crate::Transaction::part),
/// [`erase`](crate::Transaction::erase).
pub struct Contents<'a> {
    pub(crate) engine: &'a Engine,
}

/// A part that is on disk but not yet in the ledger: give it to
/// [`Transaction::part`](crate::Transaction::part). Dropped, its file goes.
#[derive(Debug)]
pub struct WrittenPart {
    pub(crate) content: ContentId,
    pub(crate) part: Part,
    /// Checksums of its blocks, one after the other.
    pub(crate) checksums: Vec<u8>,
    pub(crate) file: NewFile,
}

impl WrittenPart {
    /// What was written.
    pub fn part(&self) -> &Part {
        &self.part
    }
}

/// Writes a part, block by block. Dropped before its end, it leaves nothing behind.
pub struct PartWriter {
    pub(crate) inner: PartFile,
}

impl PartWriter {
    /// Adds bytes. Blocks for as long as the disk takes: call it off the runtime's threads when
    /// there is much to write.
    ///
    /// # Errors
    /// When the disk fails or is full.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.inner.write(bytes)
    }

    /// How many bytes were added.
    pub fn bytes(&self) -> u64 {
        self.inner.bytes()
    }

    /// Ends the part: when this returns, all of it is on disk. Blocks.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(self, note: String) -> Result<WrittenPart, StoreError> {
        self.inner.finish(note)
    }
}

/// Reads a part, block by block, each verified.
pub struct PartReader {
    pub(crate) inner: PartSource,
}

impl PartReader {
    /// The next bytes, at most [`BLOCK_BYTES`]; nothing at the end. Blocks.
    ///
    /// # Errors
    /// When the disk fails, or what it holds is not what was written.
    #[expect(clippy::should_implement_trait, reason = "it may fail, which an iterator may not")]
    pub fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        self.inner.next()
    }
}

impl Contents<'_> {
    /// How much of a content is there.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn get(&self, id: ContentId) -> Result<Option<Content>, StoreError> {
        self.engine.content_get(id)
    }

    /// Begins to write a part of a content that was begun, or will be in the same commit.
    ///
    /// # Errors
    /// When the disk fails or is full. [`StoreError::Invalid`] for part 0.
    pub fn write(&self, id: ContentId, number: u32) -> Result<PartWriter, StoreError> {
        Ok(PartWriter { inner: self.engine.part_write(id, number)? })
    }

    /// Begins to read a part; nothing when it is not there. What was begun can be read to its
    /// end, even if the part is replaced or erased meanwhile.
    ///
    /// # Errors
    /// When the engine fails, or [`StoreError::Damaged`] when the file is not as long as it
    /// should be.
    pub fn read(&self, id: ContentId, number: u32) -> Result<Option<PartReader>, StoreError> {
        Ok(self.engine.part_read(id, number)?.map(|inner| PartReader { inner }))
    }

    /// Removes files that no row tells of: parts whose commit never came, and erased ones.
    /// Returns how many. Blocks. The owner of the store calls it once after opening, and may call
    /// it at any time: what is being written is spared.
    ///
    /// # Errors
    /// When the engine or the disk fails, or the store has stopped.
    pub fn sweep(&self) -> Result<u64, StoreError> {
        self.engine.contents_sweep()
    }
}
