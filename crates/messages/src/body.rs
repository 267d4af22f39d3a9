//! Bodies as they come: small ones stay in memory, others go to disk while they come.

use base::Fault;
use broker::{Body, Broker, INLINE_BYTES_MAX};
use bytes::{Bytes, BytesMut};
use service::{BodyStream, Request};
use store::contents::{BLOCK_BYTES, ContentId, PartWriter};
use tokio::task::spawn_blocking;

use crate::faults::{broken, from_store};
use crate::style::STYLE;

/// A body that came whole.
pub(crate) struct Taken {
    /// The body as the broker takes it.
    pub(crate) body: Body,
    /// How many bytes it has.
    pub(crate) bytes: u64,
}

/// Takes the body of a request. A large one is on disk when this returns. `encoding` is how it is
/// compressed; empty for not.
///
/// # Errors
/// When it does not come as it should, or the disk fails.
pub(crate) async fn take(
    broker: &Broker,
    request: &Request,
    encoding: &str,
) -> Result<Taken, Fault> {
    let stream = request.upload.take().unwrap_or_else(|| Bytes::new().into());
    let mut coming = Coming { stream, waiting: BytesMut::new(), ended: false };
    coming.gather(INLINE_BYTES_MAX + 1).await?;
    if coming.waiting.len() <= INLINE_BYTES_MAX {
        let body = coming.waiting.freeze();
        return Ok(Taken { bytes: body.len() as u64, body: Body::Inline(body) });
    }
    coming.write(broker, encoding.to_owned()).await
}

struct Coming {
    stream: BodyStream,
    /// What came and was not handed on.
    waiting: BytesMut,
    ended: bool,
}

impl Coming {
    /// Reads on until so many bytes wait, or nothing more comes.
    async fn gather(&mut self, bytes: usize) -> Result<(), Fault> {
        while !self.ended && self.waiting.len() < bytes {
            match self.stream.next().await.map_err(|error| STYLE.interrupted(error))? {
                Some(piece) => self.waiting.extend_from_slice(&piece),
                None => self.ended = true,
            }
        }
        Ok(())
    }

    async fn write(mut self, broker: &Broker, encoding: String) -> Result<Taken, Fault> {
        let (id, store) = (broker.reserve(), broker.store().clone());
        let begin = move || store.contents().write(ContentId(id.0), 1);
        let mut writer = spawn_blocking(begin).await.map_err(broken)?.map_err(from_store)?;
        while !self.waiting.is_empty() {
            writer = write(writer, self.waiting.split().freeze()).await?;
            self.gather(BLOCK_BYTES).await?;
        }
        let finish = move || writer.finish(encoding);
        let first = spawn_blocking(finish).await.map_err(broken)?.map_err(from_store)?;
        Ok(Taken { bytes: first.part().bytes, body: Body::Parts { id, of: 1, first } })
    }
}

/// Writes a block off the threads that others wait on. No thread is held while the sender writes.
async fn write(mut writer: PartWriter, block: Bytes) -> Result<PartWriter, Fault> {
    let write = move || writer.write(&block).map(|()| writer);
    spawn_blocking(write).await.map_err(broken)?.map_err(from_store)
}
