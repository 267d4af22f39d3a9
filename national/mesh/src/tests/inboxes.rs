//! Lists: pages, filters, counts, rich lists, look-ups.

use http::Method;
use serde_json::{Value, json};

use super::trial::{Ask, Trial, V2, mailbox};

async fn fill(trial: &Trial, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let workflow = if number % 3 == 0 { "LETTER_ACK" } else { "LETTER" };
        let ask = Ask::send("ALPHA", "BETA", b"x").with("mex-workflowid", workflow);
        ids.push(trial.sent(ask).await);
        trial.pass_s(1);
    }
    ids
}

#[tokio::test]
async fn an_inbox_is_listed_in_pages_oldest_first() {
    let trial = Trial::new().await;
    let ids = fill(&trial, 25).await;
    let mut target = "/inbox?max_results=10".to_owned();
    let mut found = Vec::new();
    let mut pages = 0;
    loop {
        let heard = trial.ask(Ask::get("BETA", &target)).await;
        assert_eq!(heard.body["links"]["self"], "/messageexchange/BETA/inbox?max_results=10");
        assert_eq!(heard.body["approx_inbox_count"], 25);
        found.extend(heard.ids());
        pages += 1;
        let Some(next) = heard.body["links"]["next"].as_str() else { break };
        target = next.strip_prefix("/messageexchange/BETA").unwrap().to_owned();
    }
    assert_eq!((found, pages), (ids, 3));
}

#[tokio::test]
async fn there_is_no_next_page_when_this_one_holds_the_last() {
    let trial = Trial::new().await;
    fill(&trial, 10).await;
    let heard = trial.ask(Ask::get("BETA", "/inbox?max_results=10")).await;
    assert_eq!(heard.ids().len(), 10);
    assert_eq!(heard.body["links"].get("next"), None);
    let plain = trial.ask(Ask::get("BETA", "/inbox")).await;
    assert_eq!(plain.body["links"], json!({ "self": "/messageexchange/BETA/inbox" }));
}

#[tokio::test]
async fn a_filter_holds_on_every_page() {
    let trial = Trial::new().await;
    let ids = fill(&trial, 40).await;
    let acks: Vec<String> = ids.iter().step_by(3).cloned().collect();
    let first = trial.ask(Ask::get("BETA", "/inbox?max_results=10&workflow_filter=*_ACK*")).await;
    assert_eq!(first.ids(), acks[..10]);
    let links = &first.body["links"];
    let own = "/messageexchange/BETA/inbox?max_results=10&workflow_filter=%2A_ACK%2A";
    assert_eq!(links["self"], own);
    let next = links["next"].as_str().unwrap();
    assert!(next.starts_with(&format!("{own}&continue_from=")), "{next}");
    let rest =
        trial.ask(Ask::get("BETA", next.strip_prefix("/messageexchange/BETA").unwrap())).await;
    assert_eq!(rest.ids(), acks[10..]);
    assert_eq!(rest.body["links"].get("next"), None);
    let none = trial.ask(Ask::get("BETA", "/inbox?workflow_filter=!*L*")).await;
    assert!(none.ids().is_empty());
}

#[tokio::test]
async fn a_query_that_is_wrong_is_told_all_of_it() {
    let trial = Trial::new().await;
    let long = "x".repeat(256);
    for (query, kinds) in [
        ("max_results=9", vec!["greater_than_equal"]),
        ("max_results=5001", vec!["less_than_equal"]),
        ("max_results=x", vec!["int_parsing"]),
        ("max_results=", vec!["int_parsing"]),
        ("continue_from=abc", vec!["string_too_short"]),
        (&*format!("continue_from={}", "x".repeat(1_001)), vec!["string_too_long"]),
        ("continue_from=xxxxxxxxxxxxxxxxxxxxxxxxxxx", vec!["value_error"]),
        ("workflow_filter=X", vec!["string_too_short"]),
        (&*format!("workflow_filter={long}"), vec!["string_too_long"]),
        ("max_results=9&continue_from=a", vec!["greater_than_equal", "string_too_short"]),
    ] {
        for accept in ["*/*", V2] {
            let ask = Ask::get("BETA", &format!("/inbox?{query}")).with("accept", accept);
            let heard = trial.ask(ask).await;
            assert_eq!(heard.status, 400, "{query}");
            let listed = heard.body["detail"].as_array().unwrap();
            let found: Vec<&str> = listed.iter().map(|one| one["type"].as_str().unwrap()).collect();
            assert_eq!(found, kinds, "{query}");
        }
    }
}

#[tokio::test]
async fn rich_lists_tell_more() {
    let trial = Trial::new().await;
    let ids = fill(&trial, 12).await;
    let inbox = trial.ask(Ask::get("BETA", "/inbox/rich?max_results=10")).await.body;
    let named = |body: &Value| -> Vec<String> {
        let rows = body["messages"].as_array().unwrap().iter();
        rows.map(|row| row["message_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(named(&inbox), ids[..10]);
    let row = &inbox["messages"][0];
    for (name, value) in [
        ("message_type", "DATA"),
        ("recipient", "BETA"),
        ("recipient_name", "Box BETA"),
        ("sender", "ALPHA"),
        ("sender_name", "Box ALPHA"),
        ("sent_date", "2026-11-22T10:00:00.000000"),
        ("expiry_timestamp", "2026-11-27T10:00:00.000000"),
        ("status", "accepted"),
        ("workflow_id", "LETTER_ACK"),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    let next = inbox["links"]["next"].as_str().unwrap().strip_prefix("/messageexchange/BETA");
    let rest = trial.ask(Ask::get("BETA", next.unwrap())).await.body;
    assert_eq!(named(&rest), ids[10..]);

    let outbox = trial.ask(Ask::get("ALPHA", "/outbox/rich")).await.body;
    let mut newest: Vec<String> = ids.clone();
    newest.reverse();
    assert_eq!(named(&outbox), newest);
    let since = "/outbox/rich?start_time=2026-11-22T10:00:06";
    let since = trial.ask(Ask::get("ALPHA", since)).await.body;
    assert_eq!(named(&since), newest[..6]);
    let since =
        trial.ask(Ask::get("BETA", "/inbox/rich?start_time=2026-11-22T10:00:06Z")).await.body;
    assert_eq!(named(&since), ids[6..]);
    let got = trial.ask(Ask::get("BETA", "/outbox/rich")).await.body;
    assert!(named(&got).is_empty(), "what was received was not sent");
    let wrong = trial.ask(Ask::get("BETA", "/inbox/rich?start_time=yesterday")).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn look_ups_ask_for_no_token() {
    let trial = Trial::new().await;
    let look = async |target: &str, accept: &str| {
        let ask = Ask::new(Method::GET, "", target).with("accept", accept).token(None);
        trial.ask(ask).await.body
    };
    let addresses = |body: &Value, name: &str| -> Vec<String> {
        let rows = body["results"].as_array().unwrap().iter();
        rows.map(|row| row[name].as_str().unwrap().to_owned()).collect()
    };
    let one = look("/endpointlookup/Y12345/CLOSED_SHOP", "*/*").await;
    assert!(one["query_id"].is_string());
    let row = json!({ "address": "BETA", "description": "Box BETA", "endpoint_type": "MESH" });
    assert_eq!(one["results"], json!([row]));
    let two = look("/endpointlookup/y12345/CLOSED_SHOP", V2).await;
    let row = json!({ "mailbox_id": "BETA", "mailbox_name": "Box BETA" });
    assert_eq!(two, json!({ "results": [row] }));
    for (target, found) in [
        ("/endpointlookup/Y12345/OPEN_SHOP", vec!["BETA", "GAMMA"]),
        ("/endpointlookup/R1X/CLOSED_SHOP", vec![]),
        ("/endpointlookup/R1X/OPEN_SHOP", vec!["ALPHA"]),
        ("/endpointlookup/Y12345/UNKNOWN", vec![]),
        ("/workflowsearch/CLOSED_SHOP", vec!["BETA"]),
        ("/workflowsearch/OPEN_SHOP", vec!["ALPHA", "BETA", "GAMMA"]),
        ("/workflowsearch/UNKNOWN", vec![]),
    ] {
        for accept in ["application/vnd.mesh.v2+json", "application/vnd.mesh.v3+json"] {
            assert_eq!(addresses(&look(target, accept).await, "mailbox_id"), found, "{target}");
        }
    }
    trial.enter(mailbox("DELTA", "Y12345", false)).await;
    let more = look("/endpointlookup/Y12345/OPEN_SHOP", V2).await;
    assert_eq!(addresses(&more, "mailbox_id"), ["BETA", "DELTA", "GAMMA"]);
}

#[tokio::test]
async fn somebody_is_there() {
    let trial = Trial::new().await;
    for target in ["/_ping", "/deepping"] {
        let heard = trial.ask(Ask::new(Method::GET, "", target).token(None)).await;
        assert_eq!((heard.status.as_u16(), &heard.body["outcome"]), (200, &json!("Yes")));
    }
    let update = trial.ask(Ask::new(Method::POST, "ALPHA", "/update")).await;
    assert_eq!(update.said(), "200");
}
