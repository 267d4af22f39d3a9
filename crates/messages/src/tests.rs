//! Scenarios: what is asked in one line, what comes of it in the next.

use broker::Outcome;

use crate::tests::trial::{Ask, Trial};

mod operating;
mod refusing;
mod sending;
pub(crate) mod trial;

fn refused(why: &str) -> Outcome {
    Outcome::Refused(why.into())
}

fn failed(why: &str) -> Outcome {
    Outcome::Failed { why: why.into(), after_s: None }
}

#[tokio::test]
async fn a_conversation_is_told_in_order() {
    let trial = Trial::new().await;
    let asked = Ask::letter("anna", "THINKS", "may I?").with("message-from", "ALPHA");
    let asked = trial.ask(asked.with("conversation-id", "case 7/b")).await.id();
    trial.work().await;
    let path = format!("/{asked}/deliveries/1/acknowledgement");
    trial.clock.advance_ms(1_000);
    trial.ask(Ask::post("ben", &path, r#"{"wanted":true}"#)).await;
    trial.clock.advance_ms(1_000);
    let answer = Ask::letter("ben", "ALPHA", "you may").with("message-from", "THINKS");
    let answer = trial.ask(answer.with("in-reply-to", &asked)).await.id();
    let lost = Ask::letter("anna", "HOOK", "hm").with("message-from", "ALPHA");
    trial.ask(lost.with("conversation-id", "case 7/b")).await;
    trial.next(refused("answered 410 Gone"));
    trial.clock.advance_ms(1_000);
    trial.work().await;
    let heard = trial.ask(Ask::get("anna", "/conversations/case%207%2Fb")).await;
    assert_eq!(heard.status, 200, "{:?}", heard.body);
    assert_eq!(heard.body["messages"].as_array().unwrap().len(), 4);
    assert_eq!(heard.body["messages"][1]["id"], answer);
    let events = heard.body["events"].as_array().unwrap();
    let told: Vec<String> = events
        .iter()
        .map(|event| {
            let word = |name: &str| event[name].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", word("role"), word("recipient"), word("state"))
        })
        .collect();
    let wanted = [
        "request - accepted",
        "request THINKS ready",
        "request THINKS sent",
        "request THINKS acknowledged",
        "request THINKS answered",
        "answer - accepted",
        "answer ALPHA available",
        "request - accepted",
        "request HOOK ready",
        "request HOOK dead",
        "report - accepted",
        "report ALPHA available",
    ];
    let (mut told, mut wanted) = (told, wanted.map(str::to_owned).to_vec());
    assert_eq!((&told[..4], &told[told.len() - 3..]), (&wanted[..4], &wanted[9..]));
    told.sort();
    wanted.sort();
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_list_is_the_callers_own_and_goes_on() {
    let trial = Trial::new().await;
    for number in 0..7 {
        trial.send("anna", if number == 3 { "HOOK" } else { "BETA" }, "x").await;
        trial.send("carl", "HOOK", "y").await;
    }
    let mut seen = Vec::new();
    let mut target = "?most=3&kind=LETTER".to_owned();
    loop {
        let heard = trial.ask(Ask::get("anna", &target)).await;
        let messages = heard.body["messages"].as_array().unwrap().clone();
        seen.extend(messages.iter().map(|one| one["from"].as_str().unwrap().to_owned()));
        let Some(next) = heard.body["links"]["next"].as_str() else { break };
        target = next.split_once("/messages").unwrap().1.to_owned();
    }
    assert_eq!(seen, ["anna"; 7]);
    let count = async |token, target| {
        let heard = trial.ask(Ask::get(token, target)).await;
        heard.body["messages"].as_array().map(Vec::len)
    };
    assert_eq!(count("anna", "?party=hook").await, Some(1));
    assert_eq!(count("ben", "?party=hook").await, Some(8));
    assert_eq!(count("operator", "?state=available").await, Some(6));
    assert_eq!(count("nobody", "").await, Some(0));
    assert_eq!(count("anna", "?since=2026-11-22T10:00:01Z").await, Some(0));
    assert_eq!(count("anna", "?kind=OTHER").await, Some(0));
    for wrong in ["?most=0", "?most=101", "?state=lost", "?since=noon", "?before=1", "?color=red"] {
        assert_eq!(trial.ask(Ask::get("anna", wrong)).await.fault(), "400 invalid-parameter");
    }
    let twice = trial.ask(Ask::get("anna", "?kind=A&kind=B")).await;
    assert_eq!(twice.fault(), "400 invalid-parameter");
}

#[tokio::test]
async fn an_open_house_lets_anybody_do_everything() {
    let trial = Trial::open().await;
    let id = trial.ask(Ask::letter("", "HOOK", "x").with("message-from", "ALPHA")).await.id();
    assert_eq!(trial.ask(Ask::get("", &format!("/{id}/body"))).await.bytes, b"x");
    assert_eq!(trial.ask(Ask::get("", "/endpoints")).await.status, 200);
    let with_token = trial.ask(Ask::get("carl", &format!("/{id}"))).await;
    assert_eq!(with_token.fault(), "404 not-found", "a token still counts");
    let closed = Trial::new().await;
    assert_eq!(closed.ask(Ask::get("", "")).await.fault(), "401 unauthenticated");
    assert_eq!(closed.ask(Ask::get("who", "")).await.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let trial = Trial::new().await;
    assert_eq!(trial.ask(Ask::get("anna", "/a/b/c/d/e")).await.fault(), "404 unknown-path");
    let posted = trial.ask(Ask::post("anna", "/conversations/1", "")).await;
    assert_eq!(posted.fault(), "405 unknown-method");
    assert_eq!(trial.ask(Ask::get("anna", "/conversations/1")).await.fault(), "404 not-found");
    assert_eq!(trial.ask(Ask::get("patient", "")).await.fault(), "403 forbidden");
}
