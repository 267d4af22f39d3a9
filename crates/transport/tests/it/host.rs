//! Requests that name no host, or more than one.

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
        for (hosts, status) in [("Host: x\r\n", 200), ("", 400), ("Host: x\r\nHost: y\r\n", 400)] {
            for path in ["/health", "/post/open/origin"] {
                let credentials = "Authorization: Box open";
                let head = format!("GET {path} HTTP/1.1\r\n{hosts}{credentials}\r\n\r\n");
                let (got, text) = answer(&post, &head);
                assert_eq!(got, status, "{head}");
                assert_eq!(got == 400, text.contains("send one Host header"), "{text}");
            }
        }
        // Before 1.1 there was no such header.
        let head = "GET /health HTTP/1.0\r\n\r\n";
        assert_eq!(answer(&post, head).0, 200);
    })
    .await
    .unwrap();
}
