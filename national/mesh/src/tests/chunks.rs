//! Messages in chunks.

use http::Method;
use serde_json::json;

use super::trial::{Ask, Trial, V2};

fn first(of: u32, body: &[u8]) -> Ask {
    Ask::send("ALPHA", "BETA", body).with("mex-chunk-range", &format!("1:{of}"))
}

fn chunk(from: &str, id: &str, number: u32, range: &str, body: &[u8]) -> Ask {
    let ask = Ask::new(Method::POST, from, &format!("/outbox/{id}/{number}")).with("accept", V2);
    ask.with("mex-chunk-range", range).bytes(body)
}

#[tokio::test]
async fn a_message_in_chunks_can_be_had_once_all_are_there() {
    let trial = Trial::new().await;
    let id = trial.sent(first(3, b"one")).await;
    let target = format!("/outbox/tracking?messageID={id}");
    assert_eq!(trial.ask(Ask::get("ALPHA", &target)).await.body["status"], "uploading");
    assert!(trial.waiting("BETA").await.is_empty());
    let early = trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await;
    assert_eq!(early.status, 404);

    let sent = trial.ask(chunk("ALPHA", &id, 3, "3:3", b"three")).await;
    assert_eq!(sent.said(), "202");
    // The same chunk may come again, and the last one that came counts.
    let sent = trial.ask(chunk("ALPHA", &id, 2, "2:3", b"two, torn")).await;
    assert_eq!(sent.status, 202);
    assert_eq!(trial.waiting("BETA").await, std::slice::from_ref(&id));
    let late = trial.ask(chunk("ALPHA", &id, 2, "2:3", b"two")).await;
    assert_eq!(late.status, 423);

    for (number, status, body) in
        [("", 206, "one"), ("/1", 206, "one"), ("/2", 206, "two, torn"), ("/3", 200, "three")]
    {
        let heard = trial.ask(Ask::get("BETA", &format!("/inbox/{id}{number}"))).await;
        assert_eq!((heard.status.as_u16(), heard.text()), (status, body));
        let range = format!("{}:3", number.trim_start_matches('/').parse().unwrap_or(1));
        assert_eq!(heard.header("mex-chunk-range"), range);
        assert_eq!(heard.header("mex-total-chunks"), "3");
        assert_eq!(heard.header("content-type"), "application/octet-stream");
    }
    for number in ["4", "999999999999"] {
        let heard = trial.ask(Ask::get("BETA", &format!("/inbox/{id}/{number}"))).await;
        assert_eq!(heard.status, 404);
    }
    let tracked = trial.ask(Ask::get("ALPHA", &target).without("accept")).await.body;
    assert_eq!((&tracked["chunkCount"], &tracked["fileSize"]), (&json!(3), &json!(17)));
}

#[tokio::test]
async fn the_answer_to_a_chunk_in_version_1() {
    let trial = Trial::new().await;
    let id = trial.sent(first(2, b"one")).await;
    let heard = trial.ask(chunk("ALPHA", &id, 2, "2:2", b"two").without("accept")).await;
    assert_eq!(heard.body, json!({ "messageID": id, "blockID": 2 }));
}

#[tokio::test]
async fn chunks_are_packed_each_by_itself() {
    let trial = Trial::new().await;
    let gzip = |text: &[u8]| crate::gzip::pack(text).unwrap();
    let large: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
    let id = trial.sent(first(2, &gzip(b"one")).with("content-encoding", "gzip")).await;
    let second = chunk("ALPHA", &id, 2, "2:2", &gzip(&large)).with("content-encoding", "gzip");
    assert_eq!(trial.ask(second).await.status, 202);
    let fetch = async |number: &str, accept: &str| {
        let ask = Ask::get("BETA", &format!("/inbox/{id}/{number}"));
        trial.ask(ask.with("accept-encoding", accept)).await
    };
    assert_eq!(fetch("1", "").await.text(), "one");
    assert!(fetch("2", "").await.bytes == large);
    let packed = fetch("2", "gzip").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes == gzip(&large));
}

#[tokio::test]
async fn chunks_that_were_not_packed_are_packed_on_the_way_out() {
    let trial = Trial::new().await;
    let large: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
    let id = trial.sent(first(2, &large)).await;
    trial.ask(chunk("ALPHA", &id, 2, "2:2", b"two")).await;
    let ask = Ask::get("BETA", &format!("/inbox/{id}")).with("accept-encoding", "gzip");
    let heard = trial.ask(ask).await;
    assert_eq!((heard.status.as_u16(), heard.header("content-encoding")), (206, "gzip"));
    let mut all = Vec::new();
    let mut blocks = {
        let mut body = Some(bytes::Bytes::from(heard.bytes));
        crate::gzip::unpacked(Box::new(move || Ok(body.take())))
    };
    while let Some(block) = blocks().unwrap() {
        all.extend_from_slice(&block);
    }
    assert!(all == large);
}

#[tokio::test]
async fn chunks_that_are_wrong_are_refused() {
    let trial = Trial::new().await;
    let id = trial.sent(first(3, b"one")).await;
    let single = trial.sent(Ask::send("ALPHA", "BETA", b"whole")).await;
    let gone = "20261122100000000000_000000";
    let ask = |number, range: &str| chunk("ALPHA", &id, number, range, b"x");
    let with = |ask: Ask, value: &str| ask.with("content-encoding", value);
    for (ask, status, code) in [
        (ask(2, "3:3"), 417, "InvalidHeaderChunks"),
        (ask(2, "two"), 417, "InvalidHeaderChunks"),
        (ask(2, "").without("mex-chunk-range"), 417, "InvalidHeaderChunks"),
        (ask(4, "4:3"), 417, "InvalidHeaderChunks"),
        (ask(4, "4:4"), 406, ""),
        (ask(0, "0:3"), 417, "InvalidHeaderChunks"),
        (with(ask(2, "2:3"), "gzip"), 417, ""),
        (with(ask(2, "2:3"), "br"), 417, ""),
        (chunk("BETA", &id, 2, "2:3", b"x"), 403, ""),
        (chunk("ALPHA", gone, 2, "2:3", b"x"), 404, ""),
        (chunk("ALPHA", "nonsense", 2, "2:3", b"x"), 404, ""),
        (chunk("ALPHA", &single, 2, "2:2", b"x"), 423, ""),
    ] {
        let heard = trial.ask(ask).await;
        let said = heard.body.pointer("/detail/0/code").unwrap().as_str().unwrap().to_owned();
        assert_eq!((heard.status.as_u16(), said.as_str()), (status, code), "{heard:?}");
    }
    let number = Ask::new(Method::POST, "ALPHA", &format!("/outbox/{id}/two"));
    assert_eq!(trial.ask(number).await.body["detail"][0]["type"], "int_parsing");
    let long = ask(2, &"2".repeat(21));
    assert_eq!(trial.ask(long).await.body["detail"][0]["type"], "string_too_long");
    // None of this harmed the message.
    for (number, range) in [(2, "2:3"), (3, "3:3")] {
        assert_eq!(trial.ask(ask(number, range)).await.status, 202);
    }
    assert_eq!(trial.waiting("BETA").await, [id, single]);
}

#[tokio::test]
async fn the_first_chunk_comes_first_and_there_are_so_many_and_no_more() {
    let trial = Trial::new().await;
    let ask = |range: &str| Ask::send("ALPHA", "BETA", b"x").with("mex-chunk-range", range);
    for (range, status) in
        [("2:2", 417), ("0:1", 417), ("1:0", 417), ("1:20001", 417), ("1:20000", 202), ("1:1", 202)]
    {
        assert_eq!(trial.ask(ask(range)).await.status, status, "{range}");
    }
}

#[tokio::test]
async fn an_upload_that_is_left_unfinished_goes() {
    let trial = Trial::new().await;
    let id = trial.sent(first(2, b"one")).await;
    trial.pass_s(24 * 3600 + 1);
    trial.work().await;
    let heard = trial.ask(chunk("ALPHA", &id, 2, "2:2", b"two")).await;
    assert_eq!(heard.status, 410);
    let tracked = trial.ask(Ask::get("ALPHA", &format!("/outbox/tracking?messageID={id}"))).await;
    assert_eq!(tracked.body["status"], "undeliverable");
}
