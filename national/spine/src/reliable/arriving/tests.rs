use std::pin::Pin;
use std::task::{Context, Poll};

use http::{HeaderMap, Method};
use http_body::{Body, Frame};
use security::Caller;
use service::{BodyStream, StreamError, Upload};
use tokio::time::Instant;

use super::*;

const LARGE: usize = EBXML_SMALL_BYTES_MAX + 1;

/// A body of which something comes, and then nothing.
struct Stalled(Option<Bytes>);

impl Body for Stalled {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        self.0.take().map_or(Poll::Pending, |first| Poll::Ready(Some(Ok(Frame::data(first)))))
    }
}

fn stalled(bytes: usize) -> BodyStream {
    BodyStream::new(Stalled(Some(vec![7; bytes].into())))
}

/// What a system sends.
fn sent(system: &str, announced: Option<usize>, body: BodyStream) -> Request {
    let mut headers = HeaderMap::new();
    if let Some(bytes) = announced {
        headers.insert("content-length", bytes.into());
    }
    Request {
        method: Method::POST,
        path: String::new(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers,
        body: Bytes::new(),
        upload: Upload::new(body),
        caller: Caller { system: system.into(), ..Caller::application("a".into()) },
        origin: String::new(),
    }
}

fn large(system: &str) -> Request {
    let body = Bytes::from(vec![7; LARGE]);
    sent(system, Some(body.len()), BodyStream::from(body))
}

#[tokio::test(start_paused = true)]
async fn who_sends_slowly_keeps_nobody_waiting_but_themselves() {
    let places = Arc::new(Places::default());
    let mut slow = tokio::task::JoinSet::new();
    for announced in [Some(EBXML_BYTES_MAX), None].into_iter().cycle().take(EBXML_LARGE_AT_ONCE_MAX)
    {
        let (places, request) = (Arc::clone(&places), sent("1", announced, stalled(LARGE)));
        slow.spawn(async move { places.whole(&request).await.map(|_| ()) });
    }
    tokio::task::yield_now().await;
    let began = Instant::now();
    for announced in [Some(2), None] {
        let little = sent("1", announced, BodyStream::from(Bytes::from_static(b"hi")));
        assert_eq!(places.whole(&little).await.ok().unwrap().body, "hi");
    }
    let other = places.whole(&large("2")).await.ok().unwrap();
    assert_eq!(other.body.len(), LARGE);
    assert_eq!(began.elapsed(), Duration::ZERO);
    // A ninth of the first system waits for the slow ones, and no longer.
    let _ = places.whole(&large("1")).await;
    assert_eq!(began.elapsed(), LONGEST);
    while let Some(ended) = slow.join_next().await {
        assert_eq!(ended.unwrap().unwrap_err().code(), "TOO_SLOW");
    }
    assert_eq!(began.elapsed(), LONGEST);
    drop(other);
    assert!(places.whole(&large("3")).await.is_ok());
    assert_eq!(places.of.lock().unwrap().len(), 1, "whoever has gone is forgotten");
}

#[tokio::test(start_paused = true)]
async fn a_small_body_may_not_take_its_time_either() {
    let began = Instant::now();
    let places = Places::default();
    let refused = places.whole(&sent("1", Some(2), stalled(1))).await;
    assert_eq!(refused.err().unwrap().code(), "TOO_SLOW");
    assert_eq!(began.elapsed(), LONGEST);
}
