//! Callers who stop in the middle. The clock of the house is pushed on by hand once they do.

use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

use base::limit::{BODY_READ_S_MAX, HEADER_READ_S_MAX, REPLY_STALL_S_MAX};
use tokio::task::spawn_blocking;

use crate::client::Client;
use crate::post::{LARGE, Post};

#[tokio::test]
async fn an_upload_that_stalls_is_told_so() {
    let post = Post::open(None).await;
    let address = post.address;
    let client = spawn_blocking(move || {
        let mut client = Client::connect(address);
        client.ask("PUT", "/open/large", &["Content-Length: 100"]);
        client.send(b"some");
        client.answer()
    });
    while post.seen.taken.load(Ordering::SeqCst) < 4 {
        post.seen.moved.notified().await;
    }
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(BODY_READ_S_MAX + 1)).await;
    let answer = client.await.unwrap();
    assert_eq!(answer, (408, "slow: the body did not come in time".into()));
}

#[tokio::test]
async fn a_caller_who_says_nothing_or_not_even_which_version_is_hung_up_on() {
    let post = Post::open(None).await;
    let address = post.address;
    for begins in ["", "PRI * HT", "GET /open/large HTTP/1.1\r\n"] {
        let (done, mut over) = tokio::sync::oneshot::channel();
        let client = spawn_blocking(move || {
            let mut client = Client::connect(address);
            client.send(begins.as_bytes());
            let rest = client.rest();
            done.send(()).unwrap();
            rest
        });
        tokio::time::pause();
        let mut pushes = 0;
        while over.try_recv().is_err() {
            tokio::time::advance(Duration::from_secs(HEADER_READ_S_MAX)).await;
            std::thread::sleep(Duration::from_millis(1));
            pushes += 1;
            assert!(pushes < 10_000, "nobody hangs up: {begins}");
        }
        tokio::time::resume();
        assert_eq!(client.await.unwrap(), 0, "{begins}");
    }
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_no_upload() {
    let post = Post::open(None).await;
    let address = post.address;
    spawn_blocking(move || {
        let mut client = Client::connect(address);
        client.ask("PUT", "/open/large", &["Content-Length: 100"]);
        client.send(b"some");
        client.stream.shutdown(std::net::Shutdown::Write).unwrap();
        client.rest();
    })
    .await
    .unwrap();
    assert_eq!(post.seen.taken.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_caller_who_does_not_read_is_hung_up_on() {
    let post = Post::open(None).await;
    let address = post.address;
    let (go_on, waiting) = mpsc::channel::<()>();
    let client = spawn_blocking(move || {
        let mut client = Client::connect(address);
        client.ask("GET", "/open/large", &["Connection: close"]);
        let head = client.head();
        waiting.recv().unwrap();
        (head.length() as u64, client.rest() as u64)
    });
    post.seen.moved.notified().await;
    tokio::time::pause();
    let mut pushes = 0;
    while !post.seen.over.load(Ordering::SeqCst) {
        tokio::time::advance(Duration::from_secs(REPLY_STALL_S_MAX + 1)).await;
        pushes += 1;
        assert!(pushes < 1_000_000, "nobody hangs up");
    }
    go_on.send(()).unwrap();
    let (announced, read) = client.await.unwrap();
    assert_eq!(announced, LARGE);
    assert!(read < LARGE, "all of it was sent");
}
