//! Replies that are too large to hold: made block by block, as fast as the caller reads.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use base::fault::Cause;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use crate::stream::{BodyStream, StreamError, Upload};

/// The most bytes handed to the connection at once.
const FRAME_BYTES_MAX: usize = 64 * 1024;

/// How many blocks are made at once, of all downloads; others wait for their turn. More would be no
/// faster, and every thread keeps memory to itself.
static MADE_AT_ONCE: Semaphore = Semaphore::const_new(8);

/// The body of a reply that is made while it is sent. Clones share the one stream, which the
/// first taker gets; nothing is made until somebody reads.
#[derive(Clone, Debug)]
pub struct Download {
    size: Option<u64>,
    stream: Upload,
}

impl Download {
    /// A body of blocks, which a producer gives one after the other, off the async threads, until
    /// it gives nothing. At most two blocks wait for the caller. `size`, in bytes, is announced to
    /// the caller; a producer that errs or does not keep to it cuts the connection, so that the
    /// caller notices.
    pub fn from_blocks<E: Into<Cause>>(
        size: Option<u64>,
        mut producer: impl FnMut() -> Result<Option<Bytes>, E> + Send + 'static,
    ) -> Self {
        let producer: Producer = Box::new(move || producer().map_err(Into::into));
        let blocks = Blocks { state: State::Idle(producer), block: Bytes::new(), left: size };
        Self { size, stream: Upload::new(BodyStream::new(blocks)) }
    }

    /// A body that comes from somewhere else, piece by piece. How large it is nobody says.
    pub fn from_stream(stream: BodyStream) -> Self {
        Self { size: None, stream: Upload::new(stream) }
    }

    /// How many bytes there are in all, where that is known.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The stream; nothing when somebody has it already.
    pub fn take(&self) -> Option<BodyStream> {
        self.stream.take()
    }
}

type Produced = Result<Option<Bytes>, Cause>;
type Producer = Box<dyn FnMut() -> Produced + Send>;

/// The blocks of a producer as a body. No thread is held while the caller reads.
struct Blocks {
    state: State,
    /// What is left of the block that is being handed out.
    block: Bytes,
    /// How many bytes are still to be handed out, where that is known.
    left: Option<u64>,
}

enum State {
    Idle(Producer),
    Running(JoinHandle<Result<(Producer, Produced), JoinError>>),
    Over,
}

impl Body for Blocks {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        while self.block.is_empty() {
            let produced = match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Running(running) => {
                    ready!(Pin::new(running).poll(context)).and_then(|made| made)
                }
                State::Idle(_) => {
                    self.go_on();
                    continue;
                }
            };
            self.state = State::Over;
            match produced {
                Ok((producer, Ok(Some(block)))) => {
                    self.block = block;
                    // While the caller reads this one, the next one is made.
                    self.state = State::Idle(producer);
                    self.go_on();
                }
                Ok((_, Ok(None))) if self.left.is_none_or(|left| left == 0) => {}
                Ok((_, Ok(None))) => return broken_off(&"fewer bytes than announced"),
                Ok((_, Err(cause))) => return broken_off(&cause),
                Err(panic) => return broken_off(&panic),
            }
        }
        self.hand_out()
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Blocks {
    /// Has the next block made.
    fn go_on(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            State::Idle(producer) => State::Running(tokio::spawn(made(producer))),
            state => state,
        };
    }

    fn hand_out(&mut self) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let piece = self.block.split_to(self.block.len().min(FRAME_BYTES_MAX));
        if let Some(left) = &mut self.left {
            let Some(rest) = left.checked_sub(piece.len() as u64) else {
                self.block.clear();
                self.state = State::Over;
                return broken_off(&"more bytes than announced");
            };
            *left = rest;
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

/// The next block, made off the async threads when it is its turn.
async fn made(mut producer: Producer) -> Result<(Producer, Produced), JoinError> {
    // Nobody closes it; without a turn the block is made all the same.
    let _turn = MADE_AT_ONCE.acquire().await.ok();
    let work = move || {
        let produced = producer();
        (producer, produced)
    };
    spawn_blocking(work).await
}

fn broken_off<T>(cause: &dyn std::fmt::Display) -> Poll<Option<Result<T, StreamError>>> {
    tracing::error!(%cause, "a download broke off");
    Poll::Ready(Some(Err(StreamError::BrokenOff)))
}

#[cfg(test)]
mod tests;
