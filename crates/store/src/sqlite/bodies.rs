//! How bodies are packed: as they are when small, else by zstd, with a dictionary once there is
//! one.

use std::cell::RefCell;

use bytes::Bytes;
use zstd::zstd_safe::{self, CCtx, DCtx};

use super::core::Core;
use super::dictionaries::LEVEL;
use crate::error::StoreError;

/// The largest body that the store takes, and that it will unpack.
pub(super) const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Below this zstd rarely wins.
const RAW_BYTES_MAX: usize = 64;

/// The dictionary number of a body kept as it is.
const RAW: i64 = -1;
/// The dictionary number of a body compressed without one.
const PLAIN: i64 = 0;

/// A body as it is kept.
#[derive(Debug)]
pub(super) struct Packed {
    /// Which dictionary it needs: -1 when it is raw, 0 when it is plain zstd.
    pub(super) dictionary: i64,
    pub(super) bytes: Bytes,
}

thread_local! {
    // Making a context costs more than compressing a small body.
    static COMPRESS: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static DECOMPRESS: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// Packs a body of a kind, with the kind's dictionary when it has one.
pub(super) fn pack(core: &Core, kind: i64, body: Bytes) -> Result<Packed, StoreError> {
    if body.len() > BODY_BYTES_MAX {
        return Err(StoreError::Engine(format!(
            "a body of {} bytes; hint: at most {BODY_BYTES_MAX} fit",
            body.len()
        )));
    }
    if body.len() <= RAW_BYTES_MAX {
        return Ok(keep_raw(body));
    }
    let Some(encoder) = core.dictionaries.encoder(kind) else {
        return Ok(pack_plain(body, LEVEL));
    };
    let mut packed = Vec::with_capacity(zstd_safe::compress_bound(body.len()));
    let done = COMPRESS.with_borrow_mut(|context| {
        context.compress_using_cdict(&mut packed, &body, encoder.dictionary.as_cdict())
    });
    Ok(smaller(body, &packed, encoder.id, done.is_ok()))
}

/// Packs bytes without a dictionary.
pub(super) fn pack_plain(body: Bytes, level: i32) -> Packed {
    let mut packed = Vec::with_capacity(zstd_safe::compress_bound(body.len()));
    let done = COMPRESS.with_borrow_mut(|context| context.compress(&mut packed, &body, level));
    smaller(body, &packed, PLAIN, done.is_ok())
}

/// Keeps bytes as they are.
pub(super) fn keep_raw(body: Bytes) -> Packed {
    Packed { dictionary: RAW, bytes: body }
}

/// Keeps whichever is smaller; what could not be compressed is kept as it is.
fn smaller(body: Bytes, packed: &[u8], dictionary: i64, done: bool) -> Packed {
    if done && packed.len() < body.len() {
        // Without the copy, each small body would hold on to a buffer of its full size.
        Packed { dictionary, bytes: Bytes::copy_from_slice(packed) }
    } else {
        keep_raw(body)
    }
}

/// Unpacks a body. Whatever the bytes claim, at most [`BODY_BYTES_MAX`] come out.
pub(super) fn unpack(core: &Core, dictionary: i64, bytes: &[u8]) -> Result<Bytes, StoreError> {
    let learnt = if dictionary > PLAIN { core.dictionaries.decoder(dictionary) } else { None };
    let Some(decoder) = learnt else { return unpack_plain(dictionary, bytes) };
    unpack_by(bytes, |context, body| {
        context.decompress_using_ddict(body, bytes, decoder.as_ddict())
    })
}

/// Unpacks a body that needs no dictionary, within the same bound.
pub(super) fn unpack_plain(dictionary: i64, bytes: &[u8]) -> Result<Bytes, StoreError> {
    match dictionary {
        RAW => Ok(Bytes::copy_from_slice(bytes)),
        PLAIN => unpack_by(bytes, |context, body| context.decompress(body, bytes)),
        other => Err(StoreError::Damaged(format!("there is no dictionary {other}"))),
    }
}

fn unpack_by(
    bytes: &[u8],
    decompress: impl FnOnce(&mut DCtx<'static>, &mut Vec<u8>) -> zstd_safe::SafeResult,
) -> Result<Bytes, StoreError> {
    let size = match zstd_safe::get_frame_content_size(bytes) {
        Ok(Some(size)) if size <= BODY_BYTES_MAX as u64 => size as usize,
        _ => return Err(StoreError::Damaged("a body does not say its size".to_owned())),
    };
    let mut body = Vec::with_capacity(size);
    match DECOMPRESS.with_borrow_mut(|context| decompress(context, &mut body)) {
        Ok(length) if length == size => Ok(Bytes::from(body)),
        _ => Err(StoreError::Damaged("a body does not unpack".to_owned())),
    }
}

#[cfg(test)]
mod tests;
