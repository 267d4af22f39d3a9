//! Messages from one mailbox to another: sent, fetched, acknowledged, tracked, answered.

use http::Method;
use serde_json::json;

use super::trial::{Ask, Trial, V2, read};

#[tokio::test]
async fn a_message_is_sent_listed_fetched_and_acknowledged() {
    let trial = Trial::new().await;
    let ask = Ask::send("ALPHA", "BETA", b"hello")
        .with("mex-localid", "mine-1")
        .with("mex-subject", "A letter")
        .with("mex-filename", "letter.txt")
        .with("mex-partnerid", "P1")
        .with("mex-content-encrypted", "Y")
        .with("mex-content-checksum", "abc")
        .with("content-type", "text/plain");
    let id = trial.sent(ask).await;
    assert_eq!(trial.waiting("BETA").await, std::slice::from_ref(&id));
    assert!(trial.waiting("GAMMA").await.is_empty());

    let target = format!("/inbox/{id}");
    let fetched = trial.ask(Ask::get("BETA", &target)).await;
    assert_eq!((fetched.status.as_u16(), fetched.text()), (200, "hello"));
    for (name, value) in [
        ("mex-messageid", id.as_str()),
        ("mex-from", "ALPHA"),
        ("mex-to", "BETA"),
        ("mex-workflowid", "LETTER"),
        ("mex-chunk-range", "1:1"),
        ("mex-total-chunks", "1"),
        ("mex-addresstype", "ALL"),
        ("mex-localid", "mine-1"),
        ("mex-partnerid", "P1"),
        ("mex-filename", "letter.txt"),
        ("mex-subject", "A letter"),
        ("mex-version", "1.0"),
        ("mex-messagetype", "DATA"),
        ("mex-statuscode", "00"),
        ("mex-statusevent", "TRANSFER"),
        ("mex-statusdescription", "Transferred to recipient mailbox"),
        ("mex-statussuccess", "SUCCESS"),
        ("mex-statustimestamp", "20261122100000"),
        ("mex-content-encrypted", "Y"),
        ("mex-content-checksum", "abc"),
        ("mex-content-type", "text/plain"),
        ("content-type", "text/plain"),
        ("last-modified", "Sun, 22 Nov 2026 10:00:00 GMT"),
        ("mex-content-compressed", ""),
        ("mex-linkedmsgid", ""),
        ("mex-conversation-id", ""),
    ] {
        assert_eq!(fetched.header(name), value, "{name}");
    }
    assert!(fetched.header("etag").len() > 20);
    // It stays until it is acknowledged, and may be fetched again.
    assert_eq!(trial.waiting("BETA").await, std::slice::from_ref(&id));
    assert_eq!(trial.ask(Ask::get("BETA", &target)).await.text(), "hello");

    let acknowledged = trial.acknowledge("BETA", &id).await;
    assert_eq!(acknowledged.said(), "200");
    assert!(trial.waiting("BETA").await.is_empty());
    assert_eq!(trial.ask(Ask::get("BETA", &target)).await.status, 410);
    assert_eq!(trial.acknowledge("BETA", &id).await.status, 200, "saying so again is no error");
}

#[tokio::test]
async fn version_1_has_other_names() {
    let trial = Trial::new().await;
    let one = |ask: Ask| ask.without("accept");
    let sent =
        trial.ask(one(Ask::send("ALPHA", "BETA", b"hello")).with("content-type", "a/b")).await;
    let id = sent.id();
    assert_eq!(sent.body, json!({ "messageID": id }));
    let listed = trial.ask(one(Ask::get("BETA", "/inbox"))).await;
    assert_eq!(listed.body, json!({ "messages": [id] }));
    let fetched = trial.ask(one(Ask::get("BETA", &format!("/inbox/{id}")))).await;
    assert_eq!(fetched.header("content-type"), "application/octet-stream");
    assert_eq!(fetched.header("mex-content-type"), "a/b");
    assert_eq!(fetched.header("mex-filename"), format!("{id}.dat"));
    let counted = trial.ask(one(Ask::get("BETA", "/count"))).await.body;
    assert_eq!((&counted["count"], &counted["allResultsIncluded"]), (&json!(1), &json!(true)));
    assert!(counted["internalID"].is_string());
    assert_eq!(trial.ask(Ask::get("BETA", "/count")).await.body, json!({ "count": 1 }));
    let target = format!("/inbox/{id}/status/acknowledged");
    let acknowledged = trial.ask(Ask::new(Method::PUT, "BETA", &target)).await;
    assert_eq!(acknowledged.body, json!({ "messageId": id }));
}

#[tokio::test]
async fn names_of_mailboxes_may_be_in_any_case() {
    let trial = Trial::new().await;
    let id = trial.sent(Ask::send("alpha", "beta", b"hello")).await;
    assert_eq!(trial.waiting("Beta").await, std::slice::from_ref(&id));
    let tracked = trial.ask(Ask::get("ALPHA", &format!("/outbox/tracking?messageID={id}"))).await;
    assert_eq!(tracked.body["recipient"], "BETA");
}

#[tokio::test]
async fn head_tells_without_anything_coming_of_it() {
    let trial = Trial::new().await;
    let id = trial.sent(Ask::send("ALPHA", "BETA", b"hello")).await;
    let target = format!("/inbox/{id}");
    let head = trial.ask(Ask::new(Method::HEAD, "BETA", &target).with("accept", V2)).await;
    assert_eq!((head.status.as_u16(), head.header("mex-from")), (200, "ALPHA"));
    assert_eq!(trial.house.broker.track(read(&id)).unwrap().deliveries[0].arrived(), None);
    assert_eq!(trial.audited().len(), 1, "only the send");
}

#[tokio::test]
async fn bodies_are_packed_and_unpacked_as_the_receiver_takes_them() {
    let trial = Trial::new().await;
    let packed = crate::gzip::pack(b"hello hello hello").unwrap();
    let plain = trial.sent(Ask::send("ALPHA", "BETA", b"hello")).await;
    let ask = Ask::send("ALPHA", "BETA", &packed).with("content-encoding", "gzip");
    let zipped = trial.sent(ask).await;
    let fetch = async |id: &str, version: &str, accept: &str| {
        let ask = Ask::get("BETA", &format!("/inbox/{id}")).with("accept", version);
        let heard = trial.ask(ask.with("accept-encoding", accept)).await;
        let encoding = heard.header("content-encoding").to_owned();
        let compressed = heard.header("mex-content-compressed").to_owned();
        (encoding, compressed, heard.bytes)
    };
    let none = |body: &[u8]| (String::new(), String::new(), body.to_vec());
    let gzip = |body: &[u8]| ("gzip".to_owned(), "Y".to_owned(), body.to_vec());
    for version in ["application/json", V2] {
        assert_eq!(fetch(&plain, version, "identity").await, none(b"hello"));
        assert_eq!(fetch(&zipped, version, "").await, none(b"hello hello hello"));
        assert_eq!(fetch(&zipped, version, "gzip").await, gzip(&packed));
    }
    assert_eq!(fetch(&plain, "application/json", "gzip").await, none(b"hello"));
    let (encoding, compressed, bytes) = fetch(&plain, V2, "gzip").await;
    assert_eq!((encoding.as_str(), compressed.as_str()), ("gzip", "Y"));
    assert_eq!(bytes, crate::gzip::pack(b"hello").unwrap());
}

#[tokio::test]
async fn what_gunzips_to_much_is_streamed_and_not_held() {
    let trial = Trial::new().await;
    let bomb = crate::gzip::pack(&vec![0; 20_000_000]).unwrap();
    assert!(bomb.len() < 100_000, "small enough to be sent as it is");
    let ask = Ask::send("ALPHA", "BETA", &bomb).with("content-encoding", "gzip");
    let id = trial.sent(ask).await;
    let fetched = trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await;
    assert!(!fetched.sized, "nobody counted it first");
    assert_eq!(fetched.bytes.len(), 20_000_000);
}

#[tokio::test]
async fn a_large_body_is_a_stream_both_ways() {
    let trial = Trial::new().await;
    let large: Vec<u8> = (0..1_000_000_u32).map(|at| (at % 251) as u8).collect();
    for size in [64 * 1024, 64 * 1024 + 1, large.len()] {
        let body = &large[..size];
        let id = trial.sent(Ask::send("ALPHA", "BETA", body)).await;
        let fetched = trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await;
        assert!(fetched.sized);
        assert!(fetched.bytes == body, "{size} bytes");
        let tracked = format!("/outbox/tracking?messageID={id}");
        let tracked = trial.ask(Ask::get("ALPHA", &tracked).without("accept")).await.body;
        assert_eq!((&tracked["fileSize"], &tracked["chunkCount"]), (&json!(size), &json!(1)));
    }
}

#[tokio::test]
async fn tracking_follows_a_message_to_its_end() {
    let trial = Trial::new().await;
    let ask = Ask::send("ALPHA", "BETA", b"hello").with("mex-localid", "mine-1");
    let id = trial.sent(ask.clone().with("mex-subject", "Caf\u{e9}")).await;
    let target = format!("/outbox/tracking?messageID={id}");
    let tracked = trial.ask(Ask::get("ALPHA", &target)).await.body;
    assert_eq!(
        tracked,
        json!({
            "message_id": id,
            "local_id": "mine-1",
            "workflow_id": "LETTER",
            "filename": format!("{id}.dat"),
            "expiry_time": "2026-11-27T10:00:00.000000",
            "upload_timestamp": "2026-11-22T10:00:00.000000",
            "recipient": "BETA",
            "recipient_name": "Box BETA",
            "recipient_ods_code": "Y12345",
            "recipient_org_code": "Y12345",
            "recipient_org_name": "Long Row Surgery",
            "status_success": true,
            "status": "accepted",
            "status_timestamp": "2026-11-22T10:00:00.000000",
        })
    );
    let one = trial.ask(Ask::get("ALPHA", &target).without("accept")).await.body;
    for (name, value) in [
        ("addressType", json!("ALL")),
        ("dtsId", json!(id)),
        ("messageId", json!(id)),
        ("status", json!("Accepted")),
        ("statusSuccess", json!("SUCCESS")),
        ("subject", json!("Caf\u{e9}")),
        ("senderOdsCode", json!("R1X")),
        ("uploadTimestamp", json!("20261122100000")),
        ("expiryTime", json!("20261127100000")),
        ("downloadTimestamp", json!("")),
        ("fileSize", json!(5)),
        ("workflowId", json!("LETTER")),
    ] {
        assert_eq!(one[name], value, "{name}");
    }
    let local = trial.ask(Ask::get("ALPHA", "/outbox/tracking/mine-1")).await.body;
    assert_eq!(local, one);
    trial.pass_s(60);
    trial.acknowledge("BETA", &id).await;
    assert_eq!(trial.ask(Ask::get("ALPHA", &target)).await.body["status"], "acknowledged");
    let one = trial.ask(Ask::get("ALPHA", &target).without("accept")).await.body;
    assert_eq!(
        (&one["status"], &one["downloadTimestamp"]),
        (&json!("Acknowledged"), &json!("20261122100100"))
    );
    trial.sent(ask).await;
    assert_eq!(trial.ask(Ask::get("ALPHA", "/outbox/tracking/mine-1")).await.status, 300);
}

#[tokio::test]
async fn every_send_fetch_and_acknowledgement_is_on_the_audit_chain() {
    let trial = Trial::new().await;
    let id = trial.sent(Ask::send("ALPHA", "BETA", b"hello")).await;
    trial.ask(Ask::get("BETA", "/inbox")).await;
    trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await;
    trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await;
    trial.acknowledge("BETA", &id).await;
    let line = |name: &str, who: &str, id: &str| (name.to_owned(), who.to_owned(), id.to_owned());
    assert_eq!(
        trial.audited(),
        [
            line("send-message", "ALPHA", ""),
            line("retrieve-message", "BETA", &id),
            line("retrieve-message", "BETA", &id),
            line("acknowledge-message", "BETA", &id),
        ]
    );
}

#[tokio::test]
async fn a_business_acknowledgement_answers_the_message_it_is_about() {
    for by_local_id in [false, true] {
        let trial = Trial::new().await;
        let asked =
            trial.sent(Ask::send("ALPHA", "BETA", b"?").with("mex-localid", "mine-1")).await;
        trial.acknowledge("BETA", &asked).await;
        let about = if by_local_id { "mine-1" } else { &asked };
        let answer = Ask::send("BETA", "ALPHA", b"!").with("mex-localid", about);
        let stray = trial.sent(answer.clone().with("mex-workflowid", "NOTE_ACK")).await;
        let answer = trial.sent(answer.with("mex-workflowid", "LETTER_ACK")).await;
        let fetched = trial.ask(Ask::get("ALPHA", &format!("/inbox/{answer}"))).await;
        assert_eq!(fetched.header("mex-in-reply-to"), asked);
        assert_eq!(fetched.header("mex-conversation-id"), asked);
        let fetched = trial.ask(Ask::get("ALPHA", &format!("/inbox/{stray}"))).await;
        assert_eq!(fetched.header("mex-in-reply-to"), "");
        let said = trial.house.broker.conversation(&asked).unwrap().messages;
        let said: Vec<_> = said.iter().map(|one| broker::write_id(one.id)).collect();
        assert_eq!(said, [asked.clone(), answer]);
        let state = trial.house.broker.track(read(&asked)).unwrap().deliveries[0].state;
        assert_eq!(state, broker::State::Answered);
        let tracked = format!("/outbox/tracking?messageID={asked}");
        assert_eq!(trial.ask(Ask::get("ALPHA", &tracked)).await.body["status"], "acknowledged");
    }
}

#[tokio::test]
async fn a_sender_may_say_what_a_message_answers_if_they_got_it() {
    let trial = Trial::new().await;
    let asked =
        trial.sent(Ask::send("ALPHA", "BETA", b"?").with("mex-conversation-id", "ours")).await;
    let answer = Ask::send("BETA", "ALPHA", b"!").with("mex-in-reply-to", &asked);
    let answer = trial.sent(answer).await;
    let fetched = trial.ask(Ask::get("ALPHA", &format!("/inbox/{answer}"))).await;
    assert_eq!(fetched.header("mex-in-reply-to"), asked);
    assert_eq!(fetched.header("mex-conversation-id"), "ours");
    for stranger in ["ALPHA", "GAMMA"] {
        let answer = Ask::send(stranger, "BETA", b"!").with("mex-in-reply-to", &asked);
        assert_eq!(trial.ask(answer).await.status, 400, "{stranger}");
    }
}
