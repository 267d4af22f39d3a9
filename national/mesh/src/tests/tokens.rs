//! Who is let in.

use http::Method;
use serde_json::json;

use super::trial::{Ask, Trial, V2, token};

fn shake(mailbox: &str) -> Ask {
    let ask = Ask::new(Method::POST, mailbox, "");
    ask.with("mex-clientversion", "1").with("mex-osname", "x").with("mex-osversion", "2")
}

#[tokio::test]
async fn a_handshake_says_that_the_token_works() {
    let trial = Trial::new().await;
    let heard = trial.ask(shake("ALPHA")).await;
    assert_eq!((heard.status.as_u16(), &heard.body), (200, &json!({ "mailboxId": "ALPHA" })));
    assert_eq!(trial.ask(shake("ALPHA").with("accept", V2)).await.said(), "200");
    let missing =
        trial.ask(shake("ALPHA").without("mex-osname").without("mex-clientversion")).await;
    assert_eq!(missing.status, 400);
    assert_eq!(missing.body["detail"][1]["loc"], json!(["header", "mex-osname"]));
}

#[tokio::test]
async fn who_does_not_prove_it_is_not_let_in() {
    let trial = Trial::new().await;
    let at = "202611221000";
    let with = |mailbox: &str, password: &str, key: &str, count, time: &str| {
        Some(token(mailbox, password, key, count, time))
    };
    let unreadable = "Error reading from Authorization header";
    let invalid = "Invalid Authentication Token";
    let other = "Mailbox id does not match token";
    for (mailbox, token, said) in [
        ("ALPHA", None, unreadable),
        ("ALPHA", Some("Bearer x".into()), unreadable),
        ("ALPHA", Some("NHSMESH ALPHA:a:b".into()), unreadable),
        ("ALPHA", with("BETA", "password", "TestKey", 900, at), other),
        ("ALPHA", with("alpha", "password", "TestKey", 901, at), other),
        ("ALPHA", with("ALPHA", "Password", "TestKey", 902, at), invalid),
        ("ALPHA", with("ALPHA", "password", "testkey", 903, at), invalid),
        ("ALPHA", with("ALPHA", "password", "TestKey", 904, "202611220759"), invalid),
        ("ALPHA", with("ALPHA", "password", "TestKey", 905, "202611221201"), invalid),
        ("NOBODY", with("NOBODY", "password", "TestKey", 906, at), "No mailbox matched"),
        ("CLOSED", with("CLOSED", "password", "TestKey", 907, at), "Mailbox is not active"),
        ("CLOSED", with("CLOSED", "wrong", "TestKey", 908, at), invalid),
    ] {
        let ask = Ask::get(mailbox, "/inbox").token(token.as_deref());
        let heard = trial.ask(ask).await;
        assert_eq!((heard.status.as_u16(), &heard.body["detail"][0]["msg"]), (403, &json!(said)));
    }
    for (count, time) in [(910, "202611220800"), (911, "202611221200")] {
        let fresh = token("ALPHA", "password", "TestKey", count, time);
        let heard = trial.ask(Ask::get("ALPHA", "/inbox").token(Some(&fresh))).await;
        assert_eq!(heard.status, 200, "{time}");
    }
}

#[tokio::test]
async fn a_token_is_good_for_one_request() {
    let trial = Trial::new().await;
    let token = trial.token("ALPHA");
    let ask = || Ask::get("ALPHA", "/inbox").token(Some(&token));
    assert_eq!(trial.ask(ask()).await.status, 200);
    let again = trial.ask(ask()).await;
    assert_eq!(
        again.said(),
        r#"403 {"detail":[{"event":"","code":"","msg":"Authentication Token was used before"}]}"#
    );
    // A request that was wrong has used its token as well.
    let token = trial.token("ALPHA");
    let wrong = || Ask::get("ALPHA", "/inbox?max_results=1").token(Some(&token));
    assert_eq!(trial.ask(wrong()).await.status, 400);
    assert_eq!(trial.ask(wrong()).await.status, 403);
}

#[tokio::test]
async fn a_request_that_may_be_sent_again_may_be_sent_with_its_token() {
    // An exchange whose disk is full takes nothing: 503.
    let full = broker::Settings { reserve_bytes: u64::MAX, ..broker::Settings::default() };
    let trial = Trial::with(|house| {
        let (store, clock) = (house.broker.store().clone(), house.clock.clone());
        let broker = broker::Broker::new(store, clock, base::Dice::seeded(4), full).unwrap();
        crate::House { broker, ..house }
    })
    .await;
    let token = trial.token("ALPHA");
    let ask = || Ask::send("ALPHA", "BETA", b"x").token(Some(&token));
    for _ in 0..2 {
        let heard = trial.ask(ask()).await;
        assert_eq!((heard.status.as_u16(), heard.header("retry-after")), (503, "60"));
    }
}

#[tokio::test]
async fn an_open_house_asks_for_none() {
    let trial = Trial::with(|house| house.open(true)).await;
    let id = trial.sent(Ask::send("ALPHA", "BETA", b"hello").token(None)).await;
    let listed = trial.ask(Ask::get("beta", "/inbox").token(Some("Bearer whatever"))).await;
    assert_eq!(listed.ids(), [id]);
    assert_eq!(trial.ask(Ask::get("NOBODY", "/inbox").token(None)).await.status, 403);
}

#[tokio::test]
async fn no_secret_is_in_an_answer() {
    let trial = Trial::new().await;
    for password in ["password", "guess"] {
        let token = token("ALPHA", password, "TestKey", 77, "202611221000");
        let heard = trial.ask(Ask::get("ALPHA", "/inbox").token(Some(&token))).await;
        assert!(!heard.text().contains(password) && !heard.text().contains("TestKey"));
    }
}
