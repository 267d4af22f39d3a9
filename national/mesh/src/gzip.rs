//! gzip, both ways, in streams of blocks and in constant memory.
//!
//! Clause: RFC 1952; a body may be several members one after the other.

use std::io::{self, Read};

use base::fault::Cause;
use bytes::{Buf, Bytes, BytesMut};
use flate2::Compression;
use flate2::read::{GzEncoder, MultiGzDecoder};
use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// The first bytes of everything that is gzip.
const MAGIC: [u8; 2] = [0x1F, 0x8B];

/// How many bytes come out at once, at most.
const OUT_BYTES: usize = 64 * 1024;

/// Gives blocks one after the other until there are no more.
pub(crate) type Blocks = Box<dyn FnMut() -> Result<Option<Bytes>, Cause> + Send>;

/// Whether a caller takes gzip: only where it says so by name.
pub(crate) fn is_accepted(headers: &HeaderMap) -> bool {
    let named = |one: &str| {
        let mut parts = one.split(';').map(str::trim);
        let gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        gzip && weight.is_none_or(|weight| weight > 0.0)
    };
    let given = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).any(named)
}

/// Blocks of gzip of these blocks.
pub(crate) fn packed(blocks: Blocks) -> Blocks {
    reading(GzEncoder::new(Source::new(blocks), Compression::fast()))
}

/// A small body, packed.
pub(crate) fn pack(body: &[u8]) -> io::Result<Bytes> {
    let mut packed = Vec::with_capacity(body.len() / 2);
    GzEncoder::new(body, Compression::fast()).read_to_end(&mut packed)?;
    Ok(packed.into())
}

/// What was packed into these blocks. What is not gzip, though its sender said so, comes as it is.
pub(crate) fn unpacked(mut blocks: Blocks) -> Blocks {
    let mut unpacking: Option<Blocks> = None;
    Box::new(move || {
        if let Some(unpacking) = &mut unpacking {
            return unpacking();
        }
        let mut first = BytesMut::new();
        while first.len() < MAGIC.len()
            && let Some(block) = blocks()?
        {
            first.extend_from_slice(&block);
        }
        let mut source = Source::new(std::mem::replace(&mut blocks, Box::new(|| Ok(None))));
        source.block = first.freeze();
        let gzip = source.block.starts_with(&MAGIC);
        let begun = if gzip { reading(MultiGzDecoder::new(source)) } else { reading(source) };
        unpacking.insert(begun)()
    })
}

fn reading(mut source: impl Read + Send + 'static) -> Blocks {
    Box::new(move || {
        // All of it at once: a block that grows leaves its smaller selves behind.
        let mut block = Vec::with_capacity(OUT_BYTES);
        source.by_ref().take(OUT_BYTES as u64).read_to_end(&mut block)?;
        Ok((!block.is_empty()).then(|| block.into()))
    })
}

/// Blocks as something to read.
struct Source {
    blocks: Blocks,
    block: Bytes,
}

impl Source {
    fn new(blocks: Blocks) -> Self {
        Self { blocks, block: Bytes::new() }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.block.is_empty() {
            match (self.blocks)().map_err(io::Error::other)? {
                Some(block) => self.block = block,
                None => return Ok(0),
            }
        }
        let most = buffer.len().min(self.block.len());
        self.block.split_to(most).copy_to_slice(buffer.get_mut(..most).unwrap_or_default());
        Ok(most)
    }
}

#[cfg(test)]
mod tests;
