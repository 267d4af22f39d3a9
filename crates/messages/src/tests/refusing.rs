use crate::tests::trial::{Ask, Trial};

/// To whom it does not concern there is no such message, whatever they ask.
#[tokio::test]
async fn a_stranger_learns_nothing_of_a_message() {
    let trial = Trial::new().await;
    let sent = Ask::letter("anna", "THINKS", "x").with("conversation-id", "case-7");
    let id = trial.ask(sent).await.id();
    trial.work().await;
    let acknowledgement = format!("/{id}/deliveries/1/acknowledgement");
    for token in ["carl", "nobody", "alpha"] {
        let asks = [
            Ask::get(token, &format!("/{id}")),
            Ask::get(token, &format!("/{id}/body")),
            Ask::get(token, "/conversations/case-7"),
            Ask::get(token, &format!("/conversations/{id}")),
            Ask::post(token, &format!("/{id}/cancel"), ""),
            Ask::post(token, &acknowledgement, r#"{"wanted":true}"#),
        ];
        for ask in asks {
            assert_eq!(trial.ask(ask).await.fault(), "404 not-found", "{token}");
        }
        let list = trial.ask(Ask::get(token, "?party=THINKS")).await;
        assert_eq!(list.body["messages"].as_array().unwrap().len(), 0);
    }
    let missing = trial.ask(Ask::get("carl", "/20261122100000000001_000000")).await;
    let refused = trial.ask(Ask::get("carl", &format!("/{id}"))).await;
    assert_eq!(missing.body, refused.body, "the two cannot be told apart");
}

/// A client is not taken for the mailbox that happens to have its name.
#[tokio::test]
async fn a_name_alone_opens_no_mailbox() {
    let trial = Trial::new().await;
    let id = trial.ask(Ask::letter("anna", "BETA", "x").with("message-from", "ALPHA")).await.id();
    assert_eq!(trial.ask(Ask::get("alpha", &format!("/{id}"))).await.fault(), "404 not-found");
}

#[tokio::test]
async fn operators_see_where_a_message_is_but_do_not_read_it() {
    let trial = Trial::new().await;
    let id = trial.send("anna", "BETA", "x").await;
    assert_eq!(trial.ask(Ask::get("operator", &format!("/{id}"))).await.status, 200);
    let read = trial.ask(Ask::get("operator", &format!("/{id}/body"))).await;
    assert_eq!(read.fault(), "404 not-found");
    assert_eq!(trial.audited(), ["anna send-message"]);
}

#[tokio::test]
async fn what_is_for_operators_is_for_nobody_else() {
    let trial = Trial::new().await;
    let id = trial.send("anna", "HOOK", "x").await;
    let for_operators: Vec<(String, bool)> = trial
        .service
        .interactions
        .iter()
        .filter(|one| one.description.contains("For operators"))
        .map(|one| {
            let path = one.path.replace("{id}", &id).replace("{n}", "1").replace("{name}", "HOOK");
            (path, one.method == "POST")
        })
        .collect();
    assert_eq!(for_operators.len(), 6);
    for (path, post) in &for_operators {
        for token in ["anna", "ben", "carl", "nobody"] {
            let ask = if *post { Ask::post(token, path, "") } else { Ask::get(token, path) };
            assert_eq!(trial.ask(ask).await.fault(), "403 forbidden", "{token} {path}");
        }
    }
    assert_eq!(trial.audited(), ["anna send-message"], "nothing happened");
}

/// Derived from the declaration: a new interaction is tested the day it is declared.
#[tokio::test]
async fn every_interaction_refuses_who_may_not_use_it() {
    let trial = Trial::new().await;
    for one in &trial.service.interactions {
        assert!(!one.access.is_empty(), "{} asks for no token", one.name);
        for (token, wanted) in [("", "401 unauthenticated"), ("patient", "403 forbidden")] {
            let ask = if one.method == "POST" {
                Ask::post(token, one.path, "{}")
            } else {
                Ask::get(token, one.path)
            };
            assert_eq!(trial.ask(ask).await.fault(), wanted, "{} as '{token}'", one.name);
        }
    }
}
