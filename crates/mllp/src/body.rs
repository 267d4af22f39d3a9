//! Bodies: small ones stay with their message, others go to a file first.

use broker::{Body, Broker, INLINE_BYTES_MAX};
use bytes::Bytes;
use hl7v2::Problem;
use store::StoreError;
use store::contents::{BLOCK_BYTES, ContentId};
use tokio::task::spawn_blocking;

use crate::faults::{broken, from_broker};

/// A body as the broker takes it. A large one is on disk when this returns.
///
/// # Errors
/// When the disk fails.
pub(crate) async fn take(broker: &Broker, bytes: Bytes) -> Result<Body, Problem> {
    if bytes.len() <= INLINE_BYTES_MAX {
        return Ok(Body::Inline(bytes));
    }
    let (id, store) = (broker.reserve(), broker.store().clone());
    let write = move || -> Result<_, StoreError> {
        let mut writer = store.contents().write(ContentId(id.0), 1)?;
        for block in bytes.chunks(BLOCK_BYTES) {
            writer.write(block)?;
        }
        writer.finish(String::new())
    };
    let written = spawn_blocking(write).await.map_err(|error| broken(&error))?;
    let first = written.map_err(|error| from_broker(error.into()))?;
    Ok(Body::Parts { id, of: 1, first })
}
