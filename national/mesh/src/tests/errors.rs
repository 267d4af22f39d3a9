//! What goes wrong, in the words of both versions.

use http::Method;

use super::trial::{Ask, Trial, V2};

#[tokio::test]
async fn what_cannot_be_sent_is_refused_in_the_words_of_the_version() {
    let trial = Trial::new().await;
    let send = |to: &str| Ask::send("ALPHA", to, b"x");
    let closed =
        |from: &str, to: &str| Ask::send(from, to, b"x").with("mex-workflowid", "CLOSED_SHOP");
    for (ask, status, event, code) in [
        (send("NOBODY"), 417, "SEND", "12"),
        (send("CLOSED"), 417, "SEND", "12"),
        (send("").with("mex-to", ""), 400, "SEND", "08"),
        (send("http://x.example"), 400, "TRANSFER", "06"),
        (send("BETA").bytes(b""), 417, "COLLECT", "02"),
        (send("BETA").with("content-encoding", "br"), 422, "SEND", "UnsupportedContentEncoding"),
        (send("BETA").with("mex-chunk-range", "x"), 417, "SEND", "InvalidHeaderChunks"),
        (send("BETA").with("mex-content-checksum", "_"), 400, "SEND", "Invalid checksum"),
        (closed("ALPHA", "NOBODY"), 417, "SEND", "12"),
        (closed("GAMMA", "BETA"), 417, "SEND", "16"),
        (closed("ALPHA", "GAMMA"), 417, "SEND", "17"),
    ] {
        let two = trial.ask(ask.clone()).await;
        let detail = &two.body["detail"][0];
        assert_eq!(two.status.as_u16(), status, "{two:?}");
        assert_eq!((&detail["event"], &detail["code"]), (&event.into(), &code.into()));
        let one = trial.ask(ask.without("accept")).await;
        assert_eq!(one.status.as_u16(), status);
        assert_eq!(
            (&one.body["errorEvent"], &one.body["errorCode"]),
            (&event.into(), &code.into())
        );
        assert_eq!(one.body["errorDescription"], detail["msg"]);
    }
    let missing = trial.ask(send("BETA").without("mex-to").without("mex-workflowid")).await;
    assert_eq!(missing.body["detail"].as_array().unwrap().len(), 2);
    assert!(trial.waiting("BETA").await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_had_is_refused() {
    let trial = Trial::new().await;
    let id = trial.sent(Ask::send("ALPHA", "BETA", b"x")).await;
    let gone = "20261122100000000000_000000";
    let get = |mailbox: &str, target: String| Ask::get(mailbox, &target);
    let put = |mailbox: &str, id: &str| {
        let target = format!("/inbox/{id}/status/acknowledged");
        Ask::new(Method::PUT, mailbox, &target).with("accept", V2)
    };
    let head = Ask::new(Method::HEAD, "BETA", &format!("/inbox/{gone}"));
    for (ask, status) in [
        (get("GAMMA", format!("/inbox/{id}")), 403),
        (get("BETA", format!("/inbox/{gone}")), 404),
        (get("BETA", "/inbox/nonsense".to_owned()), 404),
        (get("BETA", format!("/inbox/{id}/2")), 404),
        (get("BETA", format!("/inbox/{id}/0")), 400),
        (get("BETA", format!("/inbox/{id}/two")), 400),
        (put("GAMMA", &id), 403),
        (put("BETA", gone), 404),
        (put("BETA", "nonsense"), 404),
        (head, 404),
        (get("BETA", format!("/outbox/tracking?messageID={id}")), 404),
        (get("ALPHA", format!("/outbox/tracking?messageID={gone}")), 404),
        (get("ALPHA", "/outbox/tracking?messageID=nonsense".to_owned()), 404),
        (get("ALPHA", "/outbox/tracking".to_owned()), 400),
        (get("ALPHA", "/outbox/tracking/nothing".to_owned()), 404),
    ] {
        let heard = trial.ask(ask).await;
        assert_eq!(heard.status.as_u16(), status, "{heard:?}");
    }
    let heard = trial.ask(get("BETA", format!("/inbox/{gone}"))).await;
    let said = r#"404 {"detail":[{"event":"RECEIVE","code":"20","msg":"Message does not exist"}]}"#;
    assert_eq!(heard.said(), said);
    assert_eq!(trial.waiting("BETA").await, [id], "nothing has come of all this");
}

#[tokio::test]
async fn a_version_that_cannot_be_read_is_refused() {
    let trial = Trial::new().await;
    let said = "Accept header api format incorrect";
    for target in ["/inbox", "/count", "/outbox/tracking?messageID=1"] {
        let ask = Ask::get("ALPHA", target).with("accept", "application/vnd.mesh.vX+json");
        let heard = trial.ask(ask).await;
        assert_eq!((heard.status.as_u16(), &heard.body["errorDescription"]), (400, &said.into()));
    }
}

#[tokio::test]
async fn there_is_nothing_elsewhere() {
    let trial = Trial::new().await;
    for (method, mailbox, target, said) in [
        (Method::GET, "ALPHA", "/nothing", r#"404 {"detail":"Not Found"}"#),
        (Method::GET, "a", "/b/c/d/e/f", r#"404 {"detail":"Not Found"}"#),
        (Method::DELETE, "ALPHA", "/inbox", r#"405 {"detail":"Method Not Allowed"}"#),
        (Method::DELETE, "", "/admin/reset", r#"404 {"detail":"Not Found"}"#),
    ] {
        let heard = trial.ask(Ask::new(method, mailbox, target).token(None)).await;
        assert_eq!(heard.said(), said, "{target}");
    }
}
