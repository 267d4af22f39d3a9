//! Bodies as they come in, within limits of bytes and of waiting.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use base::limit::{BODY_DISCARDED_BYTES_MAX, BODY_READ_S_MAX};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, EXPECT};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use service::{BodyStream, StreamError};
use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep, timeout};

/// The body of a request, of which nothing was read yet. What nobody reads is read on for a while
/// and thrown away: a caller who is hung up on while sending never gets to see why.
pub(crate) struct Arriving {
    body: Body,
    /// How many bytes the caller says there are.
    announced: Option<u64>,
    /// How many more bytes may come.
    left: u64,
    /// The patience that is left, while nothing comes.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Whether it is no use to read on.
    over: bool,
}

impl Arriving {
    pub(crate) fn new(headers: &HeaderMap, body: Body) -> Self {
        let announced =
            headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        // Who asks before sending sends nothing until the body is read for the first time.
        let over = body.is_end_stream() || headers.contains_key(EXPECT);
        Self { body, announced, left: 0, waiting: None, over }
    }

    /// The body as a stream of so many bytes at most.
    ///
    /// # Errors
    /// When the caller says that there is more.
    pub(crate) fn stream(mut self, bytes_max: u64) -> Result<BodyStream, StreamError> {
        if self.announced.is_some_and(|announced| announced > bytes_max) {
            return Err(StreamError::TooLarge);
        }
        self.left = bytes_max;
        Ok(BodyStream::new(self))
    }

    /// The body as a whole, of so many bytes at most, within [`BODY_READ_S_MAX`].
    ///
    /// # Errors
    /// When it is larger, or does not come.
    pub(crate) async fn whole(self, bytes_max: u64) -> Result<Bytes, StreamError> {
        if self.body.is_end_stream() {
            return Ok(Bytes::new());
        }
        let mut stream = self.stream(bytes_max)?;
        let collect = async move {
            let mut whole = Vec::new();
            while let Some(bytes) = stream.next().await? {
                whole.extend_from_slice(&bytes);
            }
            Ok(whole.into())
        };
        let limit = Duration::from_secs(BODY_READ_S_MAX);
        timeout(limit, collect).await.unwrap_or(Err(StreamError::TooSlow))
    }

    fn take_in(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, StreamError> {
        let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
        self.left = self.left.checked_sub(bytes).ok_or(StreamError::TooLarge)?;
        Ok(frame)
    }

    /// Whether it was waited too long for the next piece.
    fn out_of_patience(&mut self, context: &mut Context<'_>) -> bool {
        let patience = || Box::pin(sleep(Duration::from_secs(BODY_READ_S_MAX)));
        self.waiting.get_or_insert_with(patience).as_mut().poll(context).is_ready()
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        self.over = false;
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
            self.over = self.out_of_patience(context);
            return if self.over {
                Poll::Ready(Some(Err(StreamError::TooSlow)))
            } else {
                Poll::Pending
            };
        };
        self.waiting = None;
        Poll::Ready(match frame {
            Some(Ok(frame)) => Some(self.take_in(frame)),
            Some(Err(_)) => {
                self.over = true;
                Some(Err(StreamError::BrokenOff))
            }
            None => {
                self.over = true;
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if self.over || self.body.is_end_stream() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(discard(std::mem::take(&mut self.body)));
        }
    }
}

/// Reads a body that nobody wants, for a while.
async fn discard(mut body: Body) {
    let read = async {
        let mut left = BODY_DISCARDED_BYTES_MAX;
        while let Some(Ok(frame)) = body.frame().await {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            let Some(rest) = left.checked_sub(bytes) else { break };
            left = rest;
        }
    };
    // Whoever is slower than this does not get to see why.
    let _ = timeout(Duration::from_secs(BODY_READ_S_MAX), read).await;
}

#[cfg(test)]
mod tests;
