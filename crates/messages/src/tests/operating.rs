use super::{failed, refused};
use crate::tests::trial::{Ask, Heard, Trial};

impl Trial {
    async fn see(&self, id: &str) -> Heard {
        self.ask(Ask::get("operator", &format!("/{id}"))).await
    }
}

#[tokio::test]
async fn a_receiver_has_the_last_word() {
    let trial = Trial::new().await;
    let from_alpha = || Ask::letter("anna", "THINKS", "x").with("message-from", "ALPHA");
    let (wanted, unwanted) =
        (trial.ask(from_alpha()).await.id(), trial.ask(from_alpha()).await.id());
    let path = |id: &str, n| format!("/{id}/deliveries/{n}/acknowledgement");
    let yes = r#"{"wanted":true}"#;
    let early = trial.ask(Ask::post("ben", &path(&wanted, 1), yes)).await;
    assert_eq!(early.fault(), "409 not-now");
    trial.work().await;
    let sender = trial.ask(Ask::post("anna", &path(&wanted, 1), yes)).await;
    assert_eq!(sender.fault(), "403 forbidden");
    let no_such = trial.ask(Ask::post("ben", &path(&wanted, 2), yes)).await;
    assert_eq!(no_such.fault(), "404 not-found");
    let long = format!(r#"{{"wanted":false,"why":"{}"}}"#, "x".repeat(301));
    for body in ["", "{}", "yes", r#"{"wanted":"yes"}"#, r#"{"wanted":true,"more":1}"#, &long] {
        let heard = trial.ask(Ask::post("ben", &path(&wanted, 1), body)).await;
        assert_eq!(heard.fault(), "400 invalid-body", "{body}");
    }
    let no = r#"{"wanted":false,"why":"not our patient"}"#;
    for _ in 0..2 {
        let heard = trial.ask(Ask::post("ben", &path(&wanted, 1), yes)).await;
        assert_eq!(heard.states(), ["acknowledged"]);
        let heard = trial.ask(Ask::post("ben", &path(&unwanted, 1), no)).await;
        assert_eq!(heard.states(), ["refused"]);
    }
    let other_word = trial.ask(Ask::post("ben", &path(&wanted, 1), no)).await;
    assert_eq!(other_word.fault(), "409 not-now");
    let report = trial.ask(Ask::get("anna", &format!("/conversations/{unwanted}"))).await;
    assert_eq!(report.body["messages"][1]["report"]["reason"], "refused");
    assert_eq!(report.body["messages"][1]["report"]["about"], unwanted);
}

#[tokio::test]
async fn what_came_to_an_end_can_be_sent_again() {
    let trial = Trial::new().await;
    let id = trial.send("anna", "HOOK", "x").await;
    let path = format!("/{id}/deliveries/1/resend");
    let early = trial.ask(Ask::post("operator", &path, "{}")).await;
    assert_eq!(early.fault(), "409 not-now");
    trial.next(refused("answered 410 Gone"));
    trial.work().await;
    let seen = trial.see(&id).await;
    assert_eq!(seen.body["deliveries"][0]["problem"], "answered 410 Gone");
    let again = trial.ask(Ask::post("operator", &path, r#"{"why":"they are back"}"#)).await;
    assert_eq!(again.states(), ["dead", "ready"]);
    assert_eq!(again.body["deliveries"][1]["resend_of"], 1);
    assert_eq!(again.body["deliveries"][1]["history"][0]["why"], "they are back");
    trial.work().await;
    assert_eq!(trial.see(&id).await.states(), ["dead", "acknowledged"]);
}

#[tokio::test]
async fn what_was_given_up_can_be_passed_by() {
    let trial = Trial::new().await;
    let ask = || Ask::letter("anna", "IN-ORDER", "x").with("ordering-key", "K");
    let (first, second) = (trial.ask(ask()).await.id(), trial.ask(ask()).await.id());
    trial.next(refused("answered 400 Bad Request"));
    for _ in 0..3 {
        trial.work().await;
        trial.clock.advance_ms(40_000);
    }
    assert_eq!(trial.see(&second).await.states(), ["blocked"]);
    let path = |id: &str| format!("/{id}/deliveries/1/release");
    let not_it = trial.ask(Ask::post("operator", &path(&second), "")).await;
    assert_eq!(not_it.fault(), "409 not-now");
    assert_eq!(trial.ask(Ask::post("operator", &path(&first), "")).await.status, 200);
    trial.work().await;
    assert_eq!(trial.see(&second).await.states(), ["acknowledged"]);
}

#[tokio::test]
async fn an_endpoint_can_be_stopped_for_a_while() {
    let trial = Trial::new().await;
    let parked =
        trial.ask(Ask::post("operator", "/endpoints/HOOK/park", r#"{"why":"move"}"#)).await;
    assert_eq!((parked.status, &parked.body["parked"]), (200, &true.into()));
    let id = trial.send("anna", "HOOK", "x").await;
    trial.work().await;
    assert_eq!(trial.see(&id).await.states(), ["parked"]);
    let heard = trial.ask(Ask::get("operator", "/endpoints/HOOK/waiting")).await;
    assert_eq!(heard.body["messages"][0]["id"], id);
    let list = trial.ask(Ask::get("operator", "/endpoints")).await;
    assert_eq!(list.body["endpoints"][0]["waiting"], 1);
    let said = String::from_utf8(list.bytes).unwrap();
    assert!(!said.contains("hidden"), "neither secrets nor the query of an address: {said}");
    trial.ask(Ask::post("operator", "/endpoints/HOOK/unpark", "")).await;
    trial.work().await;
    assert_eq!(trial.see(&id).await.states(), ["acknowledged"]);
    for path in ["/endpoints/X/park", "/endpoints/X/unpark"] {
        assert_eq!(trial.ask(Ask::post("operator", path, "")).await.fault(), "404 not-found");
    }
}

#[tokio::test]
async fn what_waits_is_shown_in_pages_with_what_went_wrong() {
    let trial = Trial::new().await;
    trial.next(failed("answered 503 Service Unavailable"));
    let mut sent = vec![trial.send("anna", "HOOK", "x").await];
    trial.work().await;
    trial.ask(Ask::post("operator", "/endpoints/HOOK/park", "")).await;
    for _ in 0..4 {
        sent.push(trial.send("anna", "HOOK", "x").await);
    }
    let mut target = "/endpoints/HOOK/waiting?most=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let heard = trial.ask(Ask::get("operator", &target)).await;
        for one in heard.body["messages"].as_array().unwrap() {
            seen.push(one["id"].as_str().unwrap().to_owned());
        }
        let Some(next) = heard.body["links"]["next"].as_str() else { break };
        target = next.split_once("/messages").unwrap().1.to_owned();
    }
    assert_eq!(seen, sent);
    let first = trial.see(&sent[0]).await;
    assert_eq!(first.body["deliveries"][0]["problem"], "answered 503 Service Unavailable");
    assert_eq!(first.body["deliveries"][0]["failures"], 1);
}
