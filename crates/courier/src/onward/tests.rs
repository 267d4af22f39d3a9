use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use hyper::body::{Body, Frame};
use service::{BodyStream, Missed, Onward, StreamError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Sleep, sleep};

use crate::tests::trial::{Receiver, Trial};

/// A call with a small body, to somebody on this machine.
fn call(url: &str) -> Onward {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("x-request-id"), HeaderValue::from_static("r-1"));
    Onward {
        url: url.to_owned(),
        private: true,
        method: Method::PUT,
        headers,
        body: Bytes::from_static(b"hello").into(),
        wait: Duration::from_secs(20),
        bytes_max: 64,
    }
}

/// The same, for a receiver who is to be waited for no longer than it takes one.
fn impatient(url: &str) -> Onward {
    Onward { wait: 3 * PAUSE, ..call(url) }
}

/// The whole body of what came back, or why not.
async fn body_of(mut stream: BodyStream) -> Result<Vec<u8>, StreamError> {
    let mut whole = Vec::new();
    while let Some(bytes) = stream.next().await? {
        whole.extend_from_slice(&bytes);
    }
    Ok(whole)
}

#[tokio::test]
async fn a_call_arrives_as_it_is_and_comes_back_as_it_is() {
    let receiver = Receiver::answering(
        "HTTP/1.1 409 Conflict\r\ncontent-type: text/x\r\ncontent-length: 4\r\n\r\nhave",
    );
    let returned = Trial::new().courier.pass_on(call(&receiver.url())).await.unwrap();
    assert_eq!(returned.status, 409);
    assert_eq!(returned.headers["content-type"], "text/x");
    assert_eq!(body_of(returned.body).await.unwrap(), b"have");
    let seen = receiver.seen().remove(0);
    assert!(seen.head.starts_with("PUT /in?key=secret HTTP/1.1"), "{}", seen.head);
    assert_eq!((seen.header("x-request-id"), seen.header("content-length")), ("r-1", "5"));
    assert_eq!(seen.body, b"hello");
}

#[tokio::test]
async fn a_redirect_comes_back_and_is_not_followed() {
    let elsewhere = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let moved =
        format!("HTTP/1.1 307 T\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", elsewhere.url());
    let receiver = Receiver::answering(moved.leak());
    let returned = Trial::new().courier.pass_on(call(&receiver.url())).await.unwrap();
    assert_eq!(returned.status, 307);
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn why_nothing_came_back() {
    let trial = Trial::new();
    let missed = |answer: &'static str| {
        let receiver = Receiver::answering(answer);
        let courier = trial.courier.clone();
        async move { courier.pass_on(call(&receiver.url())).await.unwrap_err() }
    };
    let rubbish = missed("SSH-2.0-OpenSSH_9\r\n").await;
    assert!(matches!(&rubbish, Missed::NoAnswer(why) if why.contains("no HTTP")), "{rubbish:?}");
    let closed = missed("").await;
    assert!(matches!(&closed, Missed::NoAnswer(why) if why.contains("closed")), "{closed:?}");
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = trial.courier.pass_on(call(&format!("http://{free}/"))).await.unwrap_err();
    assert!(matches!(&refused, Missed::Unreachable(why) if why.contains("refused")), "{refused:?}");
    let mut public = call(&Receiver::answering("").url());
    public.private = false;
    let guarded = trial.courier.pass_on(public).await.unwrap_err();
    assert!(matches!(&guarded, Missed::Unreachable(why) if why.contains("https")), "{guarded:?}");
    let mut disguised = call(&format!("https://localhost:{}/", free.port()));
    disguised.private = false;
    let guarded = trial.courier.pass_on(disguised).await.unwrap_err();
    assert!(matches!(&guarded, Missed::Unreachable(why) if why.contains("public")), "{guarded:?}");
}

#[tokio::test]
async fn who_is_not_believed_is_not_called() {
    let (_, port) = crate::tests::secure(&["localhost"]).await;
    let stranger = call(&format!("https://localhost:{port}/"));
    let missed = Trial::new().courier.pass_on(stranger).await.unwrap_err();
    assert!(matches!(&missed, Missed::Untrusted(why) if why.contains("TLS")), "{missed:?}");
}

#[tokio::test]
async fn an_answer_has_its_limits() {
    let trial = Trial::new();
    for (answer, ended) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort", StreamError::BrokenOff),
        ("HTTP/1.1 200 OK\r\n\r\n", StreamError::TooLarge),
    ] {
        let rest = if ended == StreamError::TooLarge { "x".repeat(65) } else { String::new() };
        let receiver = Receiver::answering(format!("{answer}{rest}").leak());
        let returned = trial.courier.pass_on(call(&receiver.url())).await.unwrap();
        assert_eq!(body_of(returned.body).await, Err(ended));
    }
}

#[tokio::test]
async fn nobody_is_waited_for_too_long() {
    let trial = Trial::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let silent = trial.courier.pass_on(impatient(&url)).await.unwrap_err();
    assert_eq!(silent, Missed::TooSlow);
    let stalling = tokio::spawn(async move {
        let (_silent, _) = listener.accept().await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 16]).await.unwrap();
        let begun = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbeg";
        stream.write_all(begun).await.unwrap();
        std::future::pending::<()>().await;
    });
    let returned = trial.courier.pass_on(impatient(&url)).await.unwrap();
    assert_eq!(body_of(returned.body).await, Err(StreamError::TooSlow));
    stalling.abort();
}

/// Pieces that come one after the other, each after a while.
struct Slowly {
    pieces: Vec<Result<&'static str, StreamError>>,
    next: Pin<Box<Sleep>>,
}

impl Slowly {
    fn stream(mut pieces: Vec<Result<&'static str, StreamError>>) -> BodyStream {
        pieces.reverse();
        BodyStream::new(Self { pieces, next: Box::pin(sleep(PAUSE)) })
    }
}

const PAUSE: Duration = Duration::from_millis(500);

impl Body for Slowly {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        ready!(self.next.as_mut().poll(context));
        self.next = Box::pin(sleep(PAUSE));
        let piece = self.pieces.pop();
        Poll::Ready(piece.map(|piece| piece.map(|it| Frame::data(Bytes::from(it)))))
    }
}

#[tokio::test]
async fn a_caller_who_sends_slowly_is_not_the_receivers_fault() {
    let trial = Trial::new();
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let mut slow = impatient(&receiver.url());
    slow.headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from_static("5"));
    slow.body = Slowly::stream(vec![Ok("h"), Ok("e"), Ok("l"), Ok("l"), Ok("o")]);
    let returned = trial.courier.pass_on(slow).await.unwrap();
    assert_eq!((returned.status.as_u16(), receiver.seen().remove(0).body.len()), (200, 5));
    let another = Receiver::answering("");
    let mut broken = call(&another.url());
    broken.headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from_static("5"));
    broken.body = Slowly::stream(vec![Ok("he"), Err(StreamError::TooLarge)]);
    let missed = trial.courier.pass_on(broken).await.unwrap_err();
    assert_eq!(missed, Missed::Body(StreamError::TooLarge));
}
