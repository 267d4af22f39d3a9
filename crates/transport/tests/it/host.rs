//! Requests that name no host, or more than one.

use http_body_util::Empty;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::client::Client;
use crate::post::Post;

/// What the door says to the head of a request.
fn answer(post: &Post, head: &str) -> (u16, String) {
    let mut client = Client::connect(post.address);
    client.send(head.as_bytes());
    client.answer()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_host_is_named_no_more_and_no_less() {
    let post = Post::open(None).await;
    spawn_blocking(move || {
        let rows = [
            ("Host: x\r\n", 200),
            ("Host: x.example:8080\r\n", 200),
            ("Host: [::1]:8080\r\n", 200),
            ("", 400),
            ("Host:\r\n", 400),
            ("Host: x\r\nHost: y\r\n", 400),
            ("Host: x/y\r\n", 400),
            ("Host: a b\r\n", 400),
            ("Host: me@x\r\n", 400),
            ("Host: x:port\r\n", 400),
            ("Host: x:+80\r\n", 400),
            ("Host: \u{e9}\r\n", 400),
        ];
        for (hosts, status) in rows {
            for path in ["/health", "/post/open/origin"] {
                let credentials = "Authorization: Box open";
                let head = format!("GET {path} HTTP/1.1\r\n{hosts}{credentials}\r\n\r\n");
                let (got, text) = answer(&post, &head);
                assert_eq!(got, status, "{head}");
                assert_eq!(got == 400, text.contains("send one Host header"), "{text}");
            }
        }
        // Before 1.1 there was no such header.
        for (hosts, status) in [("", 200), ("Host: x\r\n", 200), ("Host: a b\r\n", 400)] {
            let head = format!("GET /health HTTP/1.0\r\n{hosts}\r\n");
            assert_eq!(answer(&post, &head).0, status, "{head}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_2_the_target_names_it() {
    let post = Post::open(None).await;
    let stream = TokioIo::new(TcpStream::connect(post.address).await.unwrap());
    let (mut calls, running) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    let running = tokio::spawn(running);
    for (host, status) in [(None, 200), (Some("x"), 200), (Some("x/y"), 400)] {
        let mut request = http::Request::get(format!("http://{}/health", post.address));
        if let Some(host) = host {
            request = request.header(http::header::HOST, host);
        }
        let request = request.body(Empty::<bytes::Bytes>::new()).unwrap();
        let answer = calls.send_request(request).await.unwrap();
        assert_eq!(answer.status(), status, "{host:?}");
    }
    running.abort();
}
