use serde_json::json;

use crate::tests::trial::{Ask, ORIGIN, Trial};

#[tokio::test]
async fn a_message_is_accepted_and_can_be_followed() {
    let trial = Trial::new().await;
    let ask = Ask::letter("anna", "BETA", "Dear colleague").with("message-from", "alpha");
    let heard = trial.ask(ask).await;
    let id = heard.id();
    assert_eq!(heard.header("location"), format!("/messages/{id}"));
    assert_eq!(heard.body["links"]["self"], format!("{ORIGIN}/messages/{id}"));
    assert_eq!(heard.body["conversation"], id);
    for token in ["anna", "ben", "operator"] {
        let seen = trial.ask(Ask::get(token, &format!("/{id}"))).await;
        assert_eq!((seen.status, seen.states()), (200, vec!["available"]), "{token}");
        assert_eq!((&seen.body["from"], &seen.body["bytes"]), (&json!("ALPHA"), &json!(14)));
        assert_eq!(seen.body["deliveries"][0]["history"][0]["state"], "available");
    }
    let read = trial.ask(Ask::get("ben", &format!("/{id}/body"))).await;
    assert_eq!(
        (read.bytes, read.headers["content-type"].as_bytes()),
        (b"Dear colleague".to_vec(), &b"text/plain"[..])
    );
    assert_eq!(trial.audited(), ["anna send-message", "ben get-message-body"]);
}

#[tokio::test]
async fn a_large_message_goes_to_disk_and_back() {
    let trial = Trial::new().await;
    for bytes in [65_536, 65_537, 3_000_000] {
        let body: Vec<u8> = (0..bytes).map(|at: u32| (at % 251) as u8).collect();
        let id = trial.ask(Ask::letter("anna", "BETA", &body)).await.id();
        let seen = trial.ask(Ask::get("anna", &format!("/{id}"))).await;
        assert_eq!(seen.body["bytes"], bytes);
        let read = trial.ask(Ask::get("ben", &format!("/{id}/body"))).await;
        assert!(read.bytes == body, "{} of {bytes} bytes", read.bytes.len());
        assert_eq!(read.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn a_compressed_body_stays_compressed() {
    let trial = Trial::new().await;
    for body in [vec![1; 10], vec![1; 100_000]] {
        let ask = Ask::letter("anna", "BETA", &body).with("content-encoding", "gzip");
        let id = trial.ask(ask).await.id();
        let read = trial.ask(Ask::get("ben", &format!("/{id}/body"))).await;
        assert_eq!((read.header("content-encoding"), read.bytes == body), ("gzip", true));
    }
}

#[tokio::test]
async fn a_repeat_changes_nothing() {
    let trial = Trial::new().await;
    let ask = |header, body: &str| Ask::letter("anna", "BETA", body).with(header, "mine-1");
    let first = trial.ask(ask("message-id", "x")).await;
    assert_eq!(first.header("idempotent-replayed"), "");
    for header in ["message-id", "idempotency-key"] {
        let again = trial.ask(ask(header, "x")).await;
        assert_eq!((again.status, &again.body), (202, &first.body));
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(trial.ask(ask(header, "y")).await.fault(), "409 other-content");
    }
    let both = ask("message-id", "x").with("idempotency-key", "mine-2");
    assert_eq!(trial.ask(both).await.fault(), "400 invalid-header");
    let other = Ask::letter("carl", "BETA", "y").with("message-id", "mine-1");
    assert_ne!(trial.ask(other).await.id(), first.id(), "names are each sender's own");
    let big = vec![7; 100_000];
    let ask = || Ask::letter("anna", "BETA", &big).with("message-id", "mine-big");
    assert_eq!(trial.ask(ask()).await.id(), trial.ask(ask()).await.id());
}

#[tokio::test]
async fn what_is_wrong_with_a_message_is_said() {
    let trial = Trial::new().await;
    let ask = || Ask::letter("anna", "BETA", "x");
    let long = "x".repeat(256);
    let scenarios = [
        (ask().with("message-to", ""), "400 missing-header"),
        (ask().with("message-type", ""), "400 missing-header"),
        (ask().with("message-to", "NOBODY"), "422 unknown-recipient"),
        (ask().with("message-to", "CLOSED"), "422 closed-recipient"),
        (ask().with("message-from", "BETA"), "403 sender-not-yours"),
        (ask().with("message-from", "NOBODY"), "403 sender-not-yours"),
        (ask().with("message-from", "carl"), "403 sender-not-yours"),
        (Ask::letter("alpha", "BETA", "x"), "403 sender-not-yours"),
        (Ask::letter("nobody", "BETA", "x").with("message-from", "ALPHA"), "403 sender-not-yours"),
        (ask().with("message-type", "CLOSED_SHOP"), "403 not-permitted"),
        (ask().with("message-type", &long), "400 invalid-header"),
        (ask().with("message-id", &long), "400 invalid-header"),
        (ask().with("ordering-key", &long), "400 invalid-header"),
        (ask().with("content-encoding", "br"), "400 invalid-header"),
        (ask().with("in-reply-to", "20261122100000000001_000000"), "400 invalid-header"),
    ];
    for (number, (ask, wanted)) in scenarios.into_iter().enumerate() {
        assert_eq!(trial.ask(ask).await.fault(), wanted, "scenario {number}");
    }
    assert!(trial.audited().is_empty(), "nothing happened");
}

#[tokio::test]
async fn only_who_is_party_to_a_message_replies_to_it() {
    let trial = Trial::new().await;
    let id = trial.send("anna", "BETA", "x").await;
    let reply = |token| Ask::letter(token, "ALPHA", "y").with("in-reply-to", &id);
    assert_eq!(trial.ask(reply("carl")).await.fault(), "400 invalid-header");
    let heard = trial.ask(reply("ben")).await;
    assert_eq!(heard.body["conversation"], id, "it goes on in the same conversation");
}

#[tokio::test]
async fn what_has_not_gone_out_can_be_taken_back() {
    let trial = Trial::new().await;
    let id = trial.send("anna", "BOTH", "x").await;
    let path = format!("/{id}/cancel");
    assert_eq!(trial.ask(Ask::post("ben", &path, "")).await.fault(), "403 forbidden");
    for round in 0..2 {
        let heard = trial.ask(Ask::post("anna", &path, "")).await;
        assert_eq!(heard.states(), ["cancelled", "cancelled"], "round {round}");
    }
    let gone = trial.send("anna", "HOOK", "x").await;
    trial.work().await;
    let late = trial.ask(Ask::post("anna", &format!("/{gone}/cancel"), "")).await;
    assert_eq!(late.fault(), "409 not-now");
}
