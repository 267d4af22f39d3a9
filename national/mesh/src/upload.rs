//! Bodies as they come: small ones stay in memory, others go to disk while they come.

use base::Fault;
use broker::{INLINE_BYTES_MAX, MessageId};
use bytes::{Bytes, BytesMut};
use service::{BodyStream, Request};
use store::contents::{BLOCK_BYTES, ContentId, PartWriter, WrittenPart};
use tokio::task::spawn_blocking;

use crate::faults::{broken, from_store};
use crate::house::House;
use crate::style::STYLE;

/// A body on its way in.
pub(crate) struct Incoming {
    stream: BodyStream,
    /// What came and was not handed on.
    begun: BytesMut,
    ended: bool,
}

impl Incoming {
    /// The beginning of the body of a request: all of it, when it is small.
    ///
    /// # Errors
    /// When it does not come as it should.
    pub(crate) async fn of(request: &Request) -> Result<Self, Fault> {
        let stream = request.upload.take().unwrap_or_else(|| Bytes::new().into());
        let mut incoming = Self { stream, begun: BytesMut::new(), ended: false };
        incoming.gather(INLINE_BYTES_MAX + 1).await?;
        Ok(incoming)
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.ended && self.begun.is_empty()
    }

    /// All of it, when it is small; itself otherwise.
    pub(crate) fn small(self) -> Result<Bytes, Self> {
        if self.ended && self.begun.len() <= INLINE_BYTES_MAX {
            Ok(self.begun.freeze())
        } else {
            Err(self)
        }
    }

    /// Writes it to disk as a part of a message, in constant memory. When this returns, all of it
    /// is on disk.
    ///
    /// # Errors
    /// When it does not come as it should, or the disk fails.
    pub(crate) async fn write(
        mut self,
        house: &House,
        id: MessageId,
        number: u32,
        encoding: &'static str,
    ) -> Result<WrittenPart, Fault> {
        let store = house.store().clone();
        let begin = move || store.contents().write(ContentId(id.0), number);
        let mut writer = spawn_blocking(begin).await.map_err(broken)?.map_err(from_store)?;
        loop {
            self.gather(BLOCK_BYTES).await?;
            if self.begun.is_empty() {
                let finish = move || writer.finish(encoding.to_owned());
                return spawn_blocking(finish).await.map_err(broken)?.map_err(from_store);
            }
            writer = write(writer, self.begun.split().freeze()).await?;
        }
    }

    /// Reads on until so many bytes wait, or nothing more comes.
    async fn gather(&mut self, bytes: usize) -> Result<(), Fault> {
        while !self.ended && self.begun.len() < bytes {
            match self.stream.next().await.map_err(|error| STYLE.interrupted(error))? {
                Some(piece) => self.begun.extend_from_slice(&piece),
                None => self.ended = true,
            }
        }
        Ok(())
    }
}

/// Writes a block off the threads that others wait on. No thread is held while the sender writes.
async fn write(mut writer: PartWriter, block: Bytes) -> Result<PartWriter, Fault> {
    let write = move || writer.write(&block).map(|()| writer);
    spawn_blocking(write).await.map_err(broken)?.map_err(from_store)
}
