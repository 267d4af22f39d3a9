//! Reading a part: block by block, each verified before it leaves.

use std::fs::File;
use std::io::Read;

use bytes::Bytes;

use super::part_file::checksum;
use super::{BLOCK_BYTES, CHECKSUM_BYTES, ContentId};
use crate::error::StoreError;

/// A part that is being read.
pub(crate) struct PartSource {
    content: ContentId,
    number: u32,
    file: File,
    /// How many bytes are still to come.
    left: u64,
    checksums: Vec<u8>,
    /// How many blocks were read.
    blocks: usize,
}

impl PartSource {
    /// Reads a part of so many bytes from its file.
    pub(crate) fn new(
        (content, number): (ContentId, u32),
        file: File,
        bytes: u64,
        checksums: Vec<u8>,
    ) -> Result<Self, StoreError> {
        let source = Self { content, number, file, left: bytes, checksums, blocks: 0 };
        let due = bytes.div_ceil(BLOCK_BYTES as u64) * CHECKSUM_BYTES as u64;
        let found = source.file.metadata()?.len();
        if found != bytes {
            return Err(source.damaged(&format!("has {found} bytes and should have {bytes}")));
        }
        if source.checksums.len() as u64 != due {
            return Err(source.damaged("has another number of checksums than blocks"));
        }
        Ok(source)
    }

    /// The next bytes; nothing at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        if self.left == 0 {
            return Ok(None);
        }
        let length = usize::try_from(self.left).map_or(BLOCK_BYTES, |left| left.min(BLOCK_BYTES));
        let mut block = vec![0; length];
        self.file.read_exact(&mut block)?;
        let from = self.blocks * CHECKSUM_BYTES;
        if self.checksums.get(from..from + CHECKSUM_BYTES) != Some(checksum(&block).as_slice()) {
            return Err(self.damaged(&format!("is not what was written, in block {}", self.blocks)));
        }
        self.blocks += 1;
        self.left -= length as u64;
        Ok(Some(Bytes::from(block)))
    }

    fn damaged(&self, how: &str) -> StoreError {
        StoreError::Damaged(format!("part {} of content {} {how}", self.number, self.content.0))
    }
}
