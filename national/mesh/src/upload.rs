//! Bodies as they come: small ones stay in memory, others go to disk while they come.

use base::Fault;
use broker::INLINE_BYTES_MAX;
use bytes::{Bytes, BytesMut};
use service::{BodyStream, Request};
use store::StoreError;
use store::contents::{BLOCK_BYTES, ContentId, WrittenPart};
use store::messages::MessageId;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::faults::{broken, from_store};
use crate::house::House;
use crate::style::STYLE;

/// How many uploads write to the disk at once; others wait for their turn. More would be no faster,
/// and every thread keeps memory to itself.
static AT_THE_DISK: Semaphore = Semaphore::const_new(8);

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
        let mut writer = aside(move || store.contents().write(ContentId(id.0), number)).await?;
        loop {
            self.gather(BLOCK_BYTES).await?;
            if self.begun.is_empty() {
                return aside(move || writer.finish(encoding.to_owned())).await;
            }
            let block = self.begun.split().freeze();
            writer = aside(move || writer.write(&block).map(|()| writer)).await?;
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

/// Works at the disk, off the threads that others wait on. No thread is held while a sender writes.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Fault> {
    let _turn = AT_THE_DISK.acquire().await.map_err(broken)?;
    spawn_blocking(work).await.map_err(broken)?.map_err(from_store)
}
