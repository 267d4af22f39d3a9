//! Bodies larger than what is held, both ways, and callers who are refused while they send.

use std::io::Read;
use std::sync::atomic::Ordering;

use tokio::task::spawn_blocking;

use crate::client::Client;
use crate::post::{LARGE, MIB, Post};

/// What the sockets of this machine may hold, and a few pieces in hands.
const HELD_MOST: u64 = 64 * MIB;

/// Runs a client against a house.
async fn with(work: impl FnOnce(&Post) + Send + 'static) {
    let post = Post::open(None).await;
    spawn_blocking(move || work(&post)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_megabytes_are_taken_in_without_being_held() {
    with(|post| {
        let mut client = Client::connect(post.address);
        client.ask("PUT", "/open/large", &[&format!("Content-Length: {LARGE}")]);
        let piece = vec![b'x'; MIB as usize];
        for _ in 0..LARGE / MIB {
            client.send(&piece);
            post.seen.sent.fetch_add(MIB, Ordering::SeqCst);
        }
        assert_eq!(client.answer(), (200, format!("{LARGE} bytes")));
        let lag = post.seen.lag.load(Ordering::SeqCst);
        assert!(lag <= HELD_MOST, "{lag} bytes were held");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_megabytes_go_out_only_as_fast_as_they_are_read() {
    with(|post| {
        let mut client = Client::connect(post.address);
        client.ask("GET", "/open/large", &[]);
        let head = client.head();
        assert_eq!((head.status, head.length() as u64), (200, LARGE));
        assert_eq!(head.header("content-type"), Some("text/plain"));
        let mut piece = vec![0; MIB as usize];
        for read in 1..=LARGE / MIB {
            client.stream.read_exact(&mut piece).unwrap();
            assert!(piece.iter().all(|byte| *byte == b'x'));
            let held = post.seen.made.load(Ordering::SeqCst) - read * MIB;
            assert!(held <= HELD_MOST, "{held} bytes were held");
        }
        client.ask("GET", "/open/origin", &[]);
        assert_eq!(client.answer(), (200, "http://x".into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn head_tells_the_length_and_makes_nothing() {
    with(|post| {
        let mut client = Client::connect(post.address);
        client.ask("HEAD", "/open/large", &["X-Request-ID: 7"]);
        let head = client.head();
        assert_eq!((head.status, head.length() as u64), (200, LARGE));
        assert_eq!(head.header("x-request-id"), Some("7"));
        // What comes next on the connection is the next answer, and no body.
        client.ask("GET", "/open/origin", &[]);
        assert_eq!(client.answer(), (200, "http://x".into()));
        assert_eq!(post.seen.made.load(Ordering::SeqCst), 0);
        client.ask("HEAD", "/open/whole", &[]);
        assert_eq!(client.head().status, 405);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_breaks_off_is_noticed() {
    with(|post| {
        let mut client = Client::connect(post.address);
        client.ask("GET", "/open/broken", &[]);
        assert_eq!(client.head().length(), 2000);
        client.stream.read_exact(&mut [0; 1000]).unwrap();
        post.seen.meeting.wait();
        assert_eq!(client.rest(), 0);
        let mut client = Client::connect(post.address);
        client.ask("GET", "/open/broken?size=unknown", &[]);
        assert_eq!(client.head().header("transfer-encoding"), Some("chunked"));
        client.stream.read_exact(&mut [0; 1000 + "3e8\r\n\r\n".len()]).unwrap();
        post.seen.meeting.wait();
        assert_eq!(client.rest(), 0, "the last chunk must not come");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_refused_while_sending_sees_why() {
    with(|post| {
        let twenty = vec![b'x'; 20 * MIB as usize];
        let length = format!("Content-Length: {}", twenty.len());
        for (method, path, answer) in [
            ("PUT", "/open/full", (409, "full: the box is full")),
            ("PUT", "/other/large", (403, "not yours: ")),
            ("PUT", "/open/nowhere", (404, "path: ")),
            ("PUT", "/open/small", (413, "large: the body is larger than 1048576 bytes")),
            ("POST", "/open/whole", (413, "large: the body is larger than 2097152 bytes")),
        ] {
            let mut client = Client::connect(post.address);
            client.ask(method, path, &[&length]);
            client.send(&twenty);
            assert_eq!(client.answer(), (answer.0, answer.1.to_owned()), "{method} {path}");
            // It was read to its end: the connection is as good as new.
            client.ask("POST", "/open/whole", &["Content-Length: 3"]);
            client.send(b"abc");
            assert_eq!(client.answer(), (200, "3 bytes".into()));
        }
        assert_eq!(post.seen.taken.load(Ordering::SeqCst), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_holds_without_a_length_too() {
    with(|post| {
        for (pieces, answer) in
            [(16, (200, "1048576 bytes")), (17, (413, "large: the body is too large"))]
        {
            let mut client = Client::connect(post.address);
            client.ask("PUT", "/open/small", &["Transfer-Encoding: chunked"]);
            for _ in 0..pieces {
                client.send_chunk(&vec![b'x'; 64 * 1024]);
            }
            client.send_chunk(b"");
            assert_eq!(client.answer(), (answer.0, answer.1.to_owned()));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_before_sending_is_told_first() {
    with(|post| {
        let mut client = Client::connect(post.address);
        let expect = "Expect: 100-continue";
        client.ask("PUT", "/open/large", &[expect, "Content-Length: 3"]);
        assert_eq!(client.head().status, 100);
        client.send(b"abc");
        assert_eq!(client.answer(), (200, "3 bytes".into()));
        let length = format!("Content-Length: {}", 2 * MIB);
        for (path, status) in [("/open/small", 413), ("/other/large", 403), ("/open/full", 409)] {
            let mut client = Client::connect(post.address);
            client.ask("PUT", path, &[expect, &length]);
            assert_eq!(client.answer().0, status, "{path}");
        }
    })
    .await;
}
