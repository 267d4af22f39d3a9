//! Calls that an API passes on: to whoever is called, and back with what they say.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper_util::client::legacy;
use service::onward::relay;
use service::{BodyStream, Missed, Onward, Relay, Returned, StreamError};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::{Courier, place, trouble};

impl Courier {
    /// What APIs pass calls on with.
    pub fn relay(&self) -> Relay {
        let courier = self.clone();
        relay(move |onward| {
            let courier = courier.clone();
            async move { courier.pass_on(onward).await }
        })
    }

    /// Passes a call on, to an address as an endpoint may have it: over TLS and on the Internet, or
    /// else `private`. Redirects are not followed, and nothing is tried twice.
    ///
    /// # Errors
    /// Why nothing came back.
    pub async fn pass_on(&self, onward: Onward) -> Result<Returned, Missed> {
        let returned = self.pass(onward).await;
        let outcome = match &returned {
            Ok(_) => "answered",
            Err(Missed::Unreachable(_)) => "unreachable",
            Err(Missed::Untrusted(_)) => "untrusted",
            Err(Missed::TooSlow) => "too-slow",
            Err(Missed::NoAnswer(_)) => "no-answer",
            Err(Missed::Body(_)) => "no-body",
        };
        metrics::counter!("courier_calls_total", "outcome" => outcome).increment(1);
        returned
    }

    async fn pass(&self, onward: Onward) -> Result<Returned, Missed> {
        let url = place::address(&onward.url, onward.private).map_err(Missed::Unreachable)?;
        let (body, taken) = Watched::stream(onward.body);
        let mut request = Request::new(body);
        *request.method_mut() = onward.method;
        *request.uri_mut() = url;
        *request.headers_mut() = onward.headers;
        let asking = self.ask(request, onward.private);
        let response =
            in_time(asking, &taken, onward.wait).await?.map_err(|error| missed(&error))?;
        let (parts, body) = response.into_parts();
        let body = Answer::new(body, onward.bytes_max, onward.wait);
        Ok(Returned { status: parts.status, headers: parts.headers, body: BodyStream::new(body) })
    }
}

/// Waits for an answer, at most so long after the body was last taken from.
async fn in_time<T>(
    asking: impl Future<Output = T>,
    taken: &watch::Receiver<Instant>,
    wait: Duration,
) -> Result<T, Missed> {
    let mut asking = std::pin::pin!(asking);
    loop {
        let patience = *taken.borrow() + wait;
        tokio::select! {
            answer = &mut asking => return Ok(answer),
            () = sleep_until(patience) => {
                if *taken.borrow() + wait <= Instant::now() {
                    return Err(Missed::TooSlow);
                }
            }
        }
    }
}

fn missed(error: &legacy::Error) -> Missed {
    if let Some(&ended) = trouble::find::<StreamError>(error) {
        return Missed::Body(ended);
    }
    let why = trouble::why(error);
    if trouble::is_of_trust(error) {
        Missed::Untrusted(why)
    } else if error.is_connect() {
        Missed::Unreachable(why)
    } else {
        Missed::NoAnswer(why)
    }
}

/// The body of a call, and when somebody last took a piece of it.
struct Watched {
    body: BodyStream,
    taken: watch::Sender<Instant>,
}

impl Watched {
    fn stream(body: BodyStream) -> (BodyStream, watch::Receiver<Instant>) {
        let (taken, at) = watch::channel(Instant::now());
        (BodyStream::new(Self { body, taken }), at)
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.taken.send_replace(Instant::now());
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, of so many bytes at most, each piece within so long.
struct Answer {
    body: Limited<Incoming>,
    wait: Duration,
    patience: Option<Pin<Box<Sleep>>>,
}

impl Answer {
    fn new(body: Incoming, bytes_max: usize, wait: Duration) -> Self {
        Self { body: Limited::new(body, bytes_max), wait, patience: None }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
            let until = Instant::now() + self.wait;
            let patience = self.patience.get_or_insert_with(|| Box::pin(sleep_until(until)));
            ready!(patience.as_mut().poll(context));
            return Poll::Ready(Some(Err(StreamError::TooSlow)));
        };
        self.patience = None;
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
                Some(_) => StreamError::TooLarge,
                None => StreamError::BrokenOff,
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
