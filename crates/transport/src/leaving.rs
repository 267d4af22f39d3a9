//! Bodies as they go out, for as long as somebody reads them.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::HttpBody;
use base::limit::REPLY_STALL_S_MAX;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use service::{BodyStream, StreamError};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::DropGuard;

use crate::connection::Cut;

/// A stream on its way to a caller. One who stops reading is hung up on: the place on this machine
/// is somebody else's.
pub(crate) struct Leaving {
    stream: BodyStream,
    handed: Handed,
    _watched: DropGuard,
}

/// When the connection was handed the piece that it is still busy with.
#[derive(Clone, Default)]
struct Handed {
    at: Arc<Mutex<Option<Instant>>>,
}

impl Handed {
    fn set(&self, at: Option<Instant>) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    fn get(&self) -> Option<Instant> {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leaving {
    /// A stream that cuts its connection when it stalls.
    pub(crate) fn new(stream: BodyStream, cut: Cut) -> Self {
        let handed = Handed::default();
        let gone = Cut::new();
        tokio::spawn(watch(handed.clone(), gone.clone(), cut));
        Self { stream, handed, _watched: gone.drop_guard() }
    }
}

/// Waits until the connection is busy with one piece for too long, or has them all.
async fn watch(handed: Handed, gone: Cut, cut: Cut) {
    let limit = Duration::from_secs(REPLY_STALL_S_MAX);
    loop {
        let since = handed.get();
        if since.is_some_and(|since| since.elapsed() >= limit) {
            tracing::debug!("a caller stopped reading and was hung up on");
            cut.cancel();
            return;
        }
        tokio::select! {
            () = sleep_until(since.unwrap_or_else(Instant::now) + limit) => {}
            () = gone.cancelled() => return,
        }
    }
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let polled = Pin::new(&mut self.stream).poll_frame(context);
        // While the next piece is made, nobody is to blame but the house.
        self.handed.set(polled.is_ready().then(Instant::now));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.stream.size_hint()
    }
}

#[cfg(test)]
mod tests;
