//! Writing a part: through one block of memory into a file of its own.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use super::folder::Folder;
use super::{BLOCK_BYTES, CHECKSUM_BYTES, ContentId, Part, WrittenPart};
use crate::disk::sync_folder;
use crate::error::StoreError;

/// A part that is being written.
pub(crate) struct PartFile {
    content: ContentId,
    number: u32,
    file: File,
    new: NewFile,
    /// What is not written yet: less than a block.
    block: Vec<u8>,
    bytes: u64,
    digest: Sha256,
    checksums: Vec<u8>,
}

impl PartFile {
    /// Makes the file of a part.
    pub(crate) fn create(
        folder: &Arc<Folder>,
        content: ContentId,
        number: u32,
    ) -> Result<Self, StoreError> {
        if number == 0 {
            return Err(StoreError::Invalid(
                "part 0 of a content; hint: parts count from 1".into(),
            ));
        }
        let (name, file) = folder.create(content, number)?;
        Ok(Self {
            content,
            number,
            file,
            new: NewFile { folder: Arc::clone(folder), name, kept: AtomicBool::new(false) },
            block: Vec::new(),
            bytes: 0,
            digest: Sha256::new(),
            checksums: Vec::new(),
        })
    }

    /// Adds bytes.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        while self.block.len() + bytes.len() >= BLOCK_BYTES {
            let (now, later) = bytes.split_at(BLOCK_BYTES - self.block.len());
            if self.block.is_empty() {
                put(&mut self.file, &mut self.checksums, now)?;
            } else {
                self.block.extend_from_slice(now);
                put(&mut self.file, &mut self.checksums, &self.block)?;
                self.block.clear();
            }
            bytes = later;
        }
        if !bytes.is_empty() {
            // Never more than a block, which growing by doubling might become.
            self.block.reserve_exact(BLOCK_BYTES - self.block.len());
            self.block.extend_from_slice(bytes);
        }
        Ok(())
    }

    /// How many bytes were added.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the part: all of it is on disk, and its name too.
    pub(crate) fn finish(mut self, note: String) -> Result<WrittenPart, StoreError> {
        if !self.block.is_empty() {
            put(&mut self.file, &mut self.checksums, &self.block)?;
        }
        // An earlier write may have failed half-way, and nobody have heeded it.
        if self.file.metadata()?.len() != self.bytes {
            return Err(StoreError::Engine("a part was not written whole".to_owned()));
        }
        self.file.sync_all()?;
        if let Some(drawer) = self.new.folder.path(&self.new.name)?.parent() {
            sync_folder(drawer)?;
        }
        let digest = self.digest.finalize().into();
        Ok(WrittenPart {
            content: self.content,
            part: Part { number: self.number, bytes: self.bytes, digest, note },
            checksums: self.checksums,
            file: self.new,
        })
    }
}

/// Writes a block and notes its checksum.
fn put(file: &mut File, checksums: &mut Vec<u8>, block: &[u8]) -> Result<(), StoreError> {
    file.write_all(block)?;
    checksums.extend_from_slice(&checksum(block));
    Ok(())
}

/// The checksum of a block: the first bytes of its SHA-256.
pub(super) fn checksum(block: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut first = [0; CHECKSUM_BYTES];
    first.iter_mut().zip(Sha256::digest(block)).for_each(|(byte, from)| *byte = from);
    first
}

/// A file that no row names yet. Dropped, it goes, unless a commit has taken it on.
#[derive(Debug)]
pub(crate) struct NewFile {
    folder: Arc<Folder>,
    name: String,
    kept: AtomicBool,
}

impl NewFile {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether a commit has taken it on.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept.load(Ordering::Acquire)
    }

    /// A commit takes it on, or gives it back after all. To be said before the commit: when
    /// nobody knows how that ended, the file must stay.
    pub(crate) fn keep(&self, kept: bool) {
        self.kept.store(kept, Ordering::Release);
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_kept()
            && let Err(error) = self.folder.remove(&self.name)
        {
            tracing::warn!(%error, "the file of a part that was given up stays until a sweep");
        }
        self.folder.settle(&self.name);
    }
}
