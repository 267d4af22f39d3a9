use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::*;

/// What a caller sends, and how many bytes of it were read.
type Sender = mpsc::UnboundedSender<Result<Bytes, std::io::Error>>;

struct Sent {
    pieces: mpsc::UnboundedReceiver<Result<Bytes, std::io::Error>>,
    read: Arc<AtomicUsize>,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.pieces.poll_recv(context).map(|piece| {
            let piece = piece?;
            let bytes = piece.as_ref().map_or(0, Bytes::len);
            self.read.fetch_add(bytes, Ordering::SeqCst);
            Some(piece.map(Frame::data))
        })
    }
}

fn arriving(headers: &[(http::HeaderName, u64)]) -> (Sender, Arc<AtomicUsize>, Arriving) {
    let (sender, pieces) = mpsc::unbounded_channel();
    let read = Arc::new(AtomicUsize::new(0));
    let headers = headers.iter().map(|(name, value)| (name.clone(), (*value).into())).collect();
    let body = Body::new(Sent { pieces, read: read.clone() });
    (sender, read, Arriving::new(&headers, body))
}

fn piece(bytes: usize) -> Bytes {
    vec![7; bytes].into()
}

#[tokio::test]
async fn a_body_of_just_the_limit_is_taken_and_one_byte_more_is_not() {
    for (bytes, taken) in [(99, true), (100, true), (101, false)] {
        let (sender, _, body) = arriving(&[]);
        sender.send(Ok(piece(50))).unwrap();
        sender.send(Ok(piece(bytes - 50))).unwrap();
        drop(sender);
        let whole = body.whole(100).await.map(|whole| whole.len());
        assert_eq!(whole, if taken { Ok(bytes) } else { Err(StreamError::TooLarge) });
    }
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_refused_before_anything_is_read() {
    let (_sender, _, body) = arriving(&[(CONTENT_LENGTH, 101)]);
    assert_eq!(body.stream(100).err(), Some(StreamError::TooLarge));
    let (_sender, _, body) = arriving(&[(CONTENT_LENGTH, 100)]);
    assert!(body.stream(100).is_ok());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_taken_for_whole() {
    let (sender, _, body) = arriving(&[]);
    sender.send(Ok(piece(10))).unwrap();
    sender.send(Err(std::io::Error::other("reset"))).unwrap();
    assert_eq!(body.whole(100).await, Err(StreamError::BrokenOff));
}

#[tokio::test(start_paused = true)]
async fn an_upload_may_take_its_time_but_not_stall() {
    let (sender, _, body) = arriving(&[]);
    let mut stream = body.stream(1_000).unwrap();
    let sending = tokio::spawn(async move {
        for _ in 0..10 {
            sleep(Duration::from_secs(BODY_READ_S_MAX - 1)).await;
            sender.send(Ok(piece(10))).unwrap();
        }
        sender
    });
    for _ in 0..10 {
        assert_eq!(stream.next().await.unwrap().unwrap().len(), 10);
    }
    let _sender = sending.await.unwrap();
    let stalled = Instant::now();
    assert_eq!(stream.next().await, Err(StreamError::TooSlow));
    assert_eq!(stalled.elapsed().as_secs(), BODY_READ_S_MAX);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_wanted_whole_must_come_in_time_whole() {
    let (sender, _, body) = arriving(&[]);
    tokio::spawn(async move {
        while sender.send(Ok(piece(1))).is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
    });
    assert_eq!(body.whole(1_000).await, Err(StreamError::TooSlow));
}

#[tokio::test]
async fn what_nobody_reads_is_read_on_up_to_a_limit() {
    const PIECE: usize = 1024 * 1024;
    for (pieces, read_most) in [(3, 3 * PIECE), (100, BODY_DISCARDED_BYTES_MAX + PIECE)] {
        let (sender, read, body) = arriving(&[]);
        for _ in 0..pieces {
            sender.send(Ok(piece(PIECE))).unwrap();
        }
        drop(body);
        // The sender is told when the body is read no more.
        let closed = sender.clone();
        if pieces == 3 {
            drop((sender, closed));
            while read.load(Ordering::SeqCst) < read_most {
                tokio::task::yield_now().await;
            }
        } else {
            closed.closed().await;
        }
        assert_eq!(read.load(Ordering::SeqCst), read_most);
    }
}

#[tokio::test]
async fn of_a_caller_who_asks_first_nothing_is_read_when_refused() {
    let (sender, read, body) = arriving(&[(EXPECT, 100)]);
    sender.send(Ok(piece(10))).unwrap();
    drop(body);
    sender.closed().await;
    assert_eq!(read.load(Ordering::SeqCst), 0);
    // Once it was asked to send, the rest is read like any other.
    let (sender, read, body) = arriving(&[(EXPECT, 100)]);
    sender.send(Ok(piece(10))).unwrap();
    sender.send(Ok(piece(5))).unwrap();
    let mut stream = body.stream(100).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().len(), 10);
    drop(stream);
    while read.load(Ordering::SeqCst) < 15 {
        tokio::task::yield_now().await;
    }
}
