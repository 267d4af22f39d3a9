//! How often a mailbox may be used, and how often somebody may fail to prove to be one.

use std::collections::HashMap;
use std::sync::Arc;

use http::Method;
use security::rate::metered_name;
use security::{Failures, Meters};

use super::trial::{Ask, Trial, V2, token};
use crate::SERVICE;

/// A house whose mailbox ALPHA has these rates, and others none.
async fn metered(rates: &str) -> Trial {
    let mut trial = Trial::new().await;
    let rates = serde_json::from_str(&format!(r#"{{"{SERVICE}":{rates}}}"#)).unwrap();
    let own = HashMap::from([(metered_name("ALPHA"), rates)]);
    let meters = Arc::new(Meters::new(trial.clock.clone(), own, None));
    trial.gate = trial.gate.with_meters(meters);
    trial
}

#[tokio::test]
async fn a_mailbox_has_a_quota_and_is_told_how_it_stands() {
    let trial = metered(r#"{"quota":{"limit":2}}"#).await;
    for remaining in ["1", "0"] {
        let heard = trial.ask(Ask::get("ALPHA", "/inbox")).await;
        let told =
            ["limit", "remaining", "reset"].map(|it| heard.header(&format!("ratelimit-{it}")));
        assert_eq!((heard.status.as_u16(), told), (200, ["2", remaining, "60"]));
    }
    trial.pass_s(10);
    let text = "The quota of this application for this API is used up: 2 requests in 60 seconds";
    let one = trial.ask(Ask::get("alpha", "/count").with("accept", "application/json")).await;
    let body = format!(r#"{{"errorEvent":"","errorCode":"","errorDescription":"{text}"}}"#);
    assert_eq!(one.said(), format!("429 {body}"));
    let two = trial.ask(Ask::send("ALPHA", "BETA", b"x").with("accept", V2)).await;
    let body = format!(r#"{{"detail":[{{"event":"","code":"","msg":"{text}"}}]}}"#);
    assert_eq!(two.said(), format!("429 {body}"));
    for heard in [one, two] {
        assert_eq!((heard.header("retry-after"), heard.header("ratelimit-reset")), ("50", "50"));
        assert_eq!(heard.header("ratelimit-remaining"), "0");
    }
    assert_eq!(trial.waiting("BETA").await, [""; 0], "another mailbox has no part in it");
    trial.pass_s(50);
    assert_eq!(trial.ask(Ask::get("ALPHA", "/inbox")).await.status, 200);
}

#[tokio::test]
async fn a_token_that_came_once_too_often_is_still_good() {
    let trial = metered(r#"{"quota":{"limit":1}}"#).await;
    assert_eq!(trial.ask(Ask::get("ALPHA", "/inbox")).await.status, 200);
    let token = trial.token("ALPHA");
    let ask = || Ask::get("ALPHA", "/inbox").token(Some(&token));
    assert_eq!(trial.ask(ask()).await.status, 429);
    trial.pass_s(60);
    assert_eq!(trial.ask(ask()).await.status, 200);
    assert_eq!(trial.ask(ask()).await.status, 403, "and is good once");
}

#[tokio::test]
async fn nobody_uses_up_what_is_a_mailboxs() {
    let trial = metered(r#"{"quota":{"limit":2}}"#).await;
    let token = trial.token("ALPHA");
    let stolen = || Ask::get("ALPHA", "/inbox").token(Some(&token));
    assert_eq!(trial.ask(stolen()).await.status, 200);
    for _ in 0..5 {
        assert_eq!(trial.ask(stolen()).await.status, 403);
        assert_eq!(trial.ask(Ask::get("ALPHA", "/inbox").token(None)).await.status, 403);
    }
    assert_eq!(trial.ask(Ask::get("ALPHA", "/inbox")).await.status, 200);
    assert_eq!(trial.ask(Ask::get("ALPHA", "/inbox")).await.status, 429);
}

#[tokio::test]
async fn a_mailbox_may_not_come_too_fast() {
    let trial = metered(r#"{"spikeArrest":{"ratelimit":"60pm","burst":2}}"#).await;
    let shake = || Ask::new(Method::GET, "ALPHA", "/inbox");
    assert_eq!(trial.ask(shake()).await.status, 200);
    assert_eq!(trial.ask(shake()).await.status, 200);
    let heard = trial.ask(shake()).await;
    assert_eq!((heard.status.as_u16(), heard.header("retry-after")), (429, "1"));
    assert!(heard.text().contains("60 a minute are taken, spread evenly, and 2 at once"));
}

#[tokio::test]
async fn who_fails_too_often_is_slowed_down_and_the_mailbox_is_not() {
    let mut trial = Trial::new().await;
    let failures = Arc::new(Failures::new(trial.clock.clone(), 3));
    trial.gate = trial.gate.with_failures(Some(failures));
    let guess = |count| token("ALPHA", "guess", "TestKey", count, "202611221000");
    let wrong = |count| Ask::get("ALPHA", "/inbox").token(Some(&guess(count)));
    for count in 0..3 {
        assert_eq!(trial.ask(wrong(count)).await.status, 403);
    }
    let slowed = trial.ask(wrong(3)).await;
    let text = "Too many credentials from this address, or of this name, were refused";
    let body = format!(r#"{{"detail":[{{"event":"","code":"","msg":"{text}"}}]}}"#);
    assert_eq!(slowed.said(), format!("429 {body}"));
    assert_eq!(slowed.header("retry-after"), "20");
    let nobody = Ask::get("NOBODY", "/inbox").token(Some("NHSMESH NOBODY:x"));
    assert_eq!(trial.ask(nobody).await.status, 429, "whoever it says it is");
    assert_eq!(trial.ask(wrong(4).from("192.0.2.2")).await.status, 403, "another address");
    // Many share an address: the mailbox itself is let in, whoever failed there.
    assert_eq!(trial.ask(Ask::get("ALPHA", "/inbox")).await.status, 200);
    trial.pass_s(20);
    assert_eq!(trial.ask(wrong(5)).await.status, 403);
}
