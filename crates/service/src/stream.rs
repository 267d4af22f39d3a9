//! Bodies that are too large to hold: streams that one taker reads piece by piece.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};

/// Why a stream ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamError {
    /// The other side hung up, or what it sent made no sense.
    BrokenOff,
    /// There is more than may be.
    TooLarge,
    /// Nothing came for too long.
    TooSlow,
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BrokenOff => "the body broke off",
            Self::TooLarge => "the body is too large",
            Self::TooSlow => "the body did not come in time",
        })
    }
}

impl std::error::Error for StreamError {}

/// A body, read piece by piece: `while let Some(bytes) = stream.next().await? {}`.
pub struct BodyStream {
    body: UnsyncBoxBody<Bytes, StreamError>,
}

impl BodyStream {
    /// A stream of what a body yields.
    pub fn new(body: impl Body<Data = Bytes, Error = StreamError> + Send + 'static) -> Self {
        Self { body: body.boxed_unsync() }
    }

    /// The next piece, of any size but zero; nothing at the end.
    ///
    /// # Errors
    /// Why there is no more, though the end was not reached. After an error there is nothing more.
    pub async fn next(&mut self) -> Result<Option<Bytes>, StreamError> {
        while let Some(frame) = self.body.frame().await {
            // Frames that are no data are trailers, which nobody asks for.
            if let Some(bytes) = frame?.into_data().ok().filter(|bytes| !bytes.is_empty()) {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }
}

/// What of a stream was read ahead.
#[derive(Debug)]
pub enum ReadAhead {
    /// All of it.
    Whole(Bytes),
    /// So much that the rest was left: a stream of both.
    More(BodyStream),
}

impl BodyStream {
    /// Reads so many bytes, and little more, before it gives any.
    ///
    /// # Errors
    /// Why not even those came.
    pub async fn read_ahead(mut self, bytes: usize) -> Result<ReadAhead, StreamError> {
        let mut held = Vec::new();
        while let Some(piece) = self.next().await? {
            held.extend_from_slice(&piece);
            if held.len() > bytes {
                let begun = Begun { held: Some(held.into()), rest: self };
                return Ok(ReadAhead::More(BodyStream::new(begun)));
            }
        }
        Ok(ReadAhead::Whole(held.into()))
    }
}

/// A stream whose beginning was read before.
struct Begun {
    held: Option<Bytes>,
    rest: BodyStream,
}

impl Body for Begun {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        match self.held.take() {
            Some(held) => Poll::Ready(Some(Ok(Frame::data(held)))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }
}

impl From<Bytes> for BodyStream {
    fn from(bytes: Bytes) -> Self {
        Self::new(Full::new(bytes).map_err(|never| match never {}))
    }
}

impl Body for BodyStream {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyStream")
    }
}

/// The stream of a request's body, for interactions that declare an upload. Clones share the one
/// stream, which the first taker gets.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    stream: Arc<Mutex<Option<BodyStream>>>,
}

impl Upload {
    /// An upload of this stream.
    pub fn new(stream: BodyStream) -> Self {
        Self { stream: Arc::new(Mutex::new(Some(stream))) }
    }

    /// No upload: there is nothing to take.
    pub fn none() -> Self {
        Self::default()
    }

    /// The stream; nothing when somebody has it already, or the interaction declares no upload.
    /// A body that is empty is a stream that ends at once.
    pub fn take(&self) -> Option<BodyStream> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::new(bytes.into())
    }
}

#[cfg(test)]
mod tests;
