use serde_json::{Value, json};

use crate::tests::trial::{Ask, Heard, Trial};

/// Asks with nothing but an API key, if any.
async fn ask(trial: &Trial, target: &str, key: &str) -> Heard {
    let ask = Ask::get("", target).with("authorization", "").with("x-request-id", "");
    trial.ask(ask.with("apikey", key)).await
}

#[tokio::test]
async fn a_ping_asks_for_nothing_and_the_status_for_an_api_key() {
    let trial = Trial::of(Vec::new()).await;
    assert_eq!(ask(&trial, "/_ping", "").await.status, 200);
    let well = ask(&trial, "/_status", "monitor's key").await;
    assert_eq!((well.status.as_u16(), &well.body["status"]), (200, &json!("pass")));
    let fault = |text: &str, code: &str| -> Value {
        json!({ "fault": { "faultstring": text, "detail": { "errorcode": code } } })
    };
    let missing = fault(
        "Failed to resolve API Key variable request.header.apikey",
        "steps.oauth.v2.FailedToResolveAPIKey",
    );
    let invalid = fault("Invalid ApiKey", "oauth.v2.InvalidApiKey");
    for (key, body) in [("", missing), ("another key", invalid)] {
        let refused = ask(&trial, "/_status", key).await;
        assert_eq!((refused.status.as_u16(), refused.body), (401, body), "{key}");
        assert_eq!(refused.headers["content-type"], "application/json");
    }
}

#[tokio::test]
async fn a_token_is_no_api_key() {
    let trial = Trial::of(Vec::new()).await;
    assert_eq!(trial.ask(Ask::get("worker", "/_status")).await.status, 401);
    assert_eq!(ask(&trial, "/_status", "worker").await.status, 401);
    let heard = ask(&trial, "/Patient/9000000009", "monitor's key").await;
    assert_eq!(heard.diagnostics(), "Missing Authorization header");
}
