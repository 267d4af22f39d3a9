//! What is refused before anybody is called, in the order in which it is looked at.

use http::Method;
use serde_json::json;

use super::trial::{Call, Receiver, Trial, bare, base64, call, identifier};

/// A change to a call, and what is then answered.
type Case = (&'static str, fn(Call) -> Call, u16, &'static str, &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("no token", |c| c.without("authorization"), 401, "SEND_UNAUTHORIZED", "unknown"),
    ("another scheme", |c| c.with("authorization", "Basic eDp5"), 401, "SEND_UNAUTHORIZED", "login"),
    ("an unknown token", |c| c.with("authorization", "Bearer nobody"), 401, "SEND_UNAUTHORIZED", "security"),
    ("a person", |c| c.with("authorization", "Bearer worker"), 403, "SEND_FORBIDDEN", "forbidden"),
    ("another path", |c| Call { target: "/Patient".into(), ..c }, 404, "NOT_FOUND", "not-found"),
    ("another method", |c| Call { method: Method::DELETE, ..c }, 405, "SEND_METHOD_NOT_ALLOWED", "not-supported"),
    ("accepts text only", |c| c.with("accept", "text/html, image/*"), 406, "SEND_NOT_ACCEPTABLE", "processing"),
    ("no request id", |c| c.without("x-request-id"), 400, "SEND_BAD_REQUEST", "invalid"),
    ("a request id that is none", |c| c.with("x-request-id", "1"), 400, "SEND_BAD_REQUEST", "value"),
    ("no correlation id", |c| c.without("x-correlation-id"), 400, "SEND_BAD_REQUEST", "invalid"),
    ("a correlation id that is none", |c| c.with("x-correlation-id", "x"), 400, "SEND_BAD_REQUEST", "value"),
    ("no target", |c| c.without("nhsd-target-identifier"), 400, "SEND_BAD_REQUEST", "invalid"),
    ("a target in no base64", |c| target(c, "{\"value\"}"), 400, "BAD_REQUEST", "structure"),
    ("a target that is empty", |c| target(c, ""), 400, "BAD_REQUEST", "structure"),
    ("a target that is no object", |c| target(c, &base64(&json!("2000099999"))), 400, "BAD_REQUEST", "structure"),
    ("a target without a system", |c| target(c, &base64(&json!({ "value": "2000099999" }))), 400, "BAD_REQUEST", "structure"),
    ("a target that is a number", |c| target(c, &base64(&json!({ "value": 1, "system": "x" }))), 400, "BAD_REQUEST", "structure"),
    ("a target of depth", |c| target(c, &base64(&deep())), 400, "BAD_REQUEST", "structure"),
    ("an unknown target", |c| target(c, &identifier("2000000009")), 404, "PROXY_NOT_FOUND", "not-found"),
    ("a closed target", |c| target(c, &identifier("2000000001")), 404, "PROXY_NOT_FOUND", "not-found"),
    ("a target of another system", |c| target(c, &base64(&json!({ "value": "2000099999", "system": "x" }))), 404, "PROXY_NOT_FOUND", "not-found"),
    ("an organisation in no base64", |c| c.with("nhsd-end-user-organisation", "R1X"), 400, "SEND_BAD_REQUEST", "value"),
    ("an organisation that is software", |c| c.with("nhsd-end-user-organisation", base64(&json!({ "resourceType": "Device" }))), 400, "SEND_BAD_REQUEST", "value"),
    ("software that is none", |c| c.with("nhsd-requesting-software", "!"), 400, "SEND_BAD_REQUEST", "value"),
    ("a person that is none", |c| c.with("nhsd-requesting-practitioner", base64(&json!([]))), 400, "SEND_BAD_REQUEST", "value"),
];

fn target(call: Call, value: &str) -> Call {
    call.with("nhsd-target-identifier", value)
}

fn deep() -> serde_json::Value {
    (0..80).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn what_is_wrong_is_told_before_anybody_is_called() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    for (name, change, status, code, issue) in CASES {
        let heard = trial.make(change(call(Method::GET, "/Slot"))).await;
        let expected = (*status, (*code).to_owned(), (*issue).to_owned());
        assert_eq!(heard.error(), expected, "{name}");
    }
    assert!(receiver.seen().is_empty() && trial.audited().is_empty());
}

#[tokio::test]
async fn the_first_thing_that_is_wrong_is_told_first() {
    let trial = Trial::before("http://127.0.0.1:9/").await;
    let mut wrong = call(Method::GET, "/Slot")
        .without("authorization")
        .with("accept", "text/html")
        .without("x-request-id")
        .with("nhsd-target-identifier", "!")
        .with("nhsd-requesting-software", "!");
    let mut told = Vec::new();
    let fixes: [fn(Call) -> Call; 5] = [
        |c| c.with("authorization", "Bearer ambulance"),
        |c| c.without("accept"),
        |c| c.with("x-request-id", "c1ab3fba-6bae-4ba4-b257-5a87c44d4a91"),
        |c| target(c, &identifier("2000000009")),
        |c| target(c, &identifier("2000099999")),
    ];
    for fix in fixes {
        told.push(trial.make(wrong.clone()).await.error().1);
        wrong = fix(wrong);
    }
    told.push(trial.make(wrong).await.diagnostics());
    let software = "nhsd-requesting-software is not the base64 of a FHIR Device in JSON";
    let expected = [
        "SEND_UNAUTHORIZED",
        "SEND_NOT_ACCEPTABLE",
        "SEND_BAD_REQUEST",
        "BAD_REQUEST",
        "PROXY_NOT_FOUND",
        software,
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn no_id_leads_out_of_the_receivers_base() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    for id in ["..", ".", "%2e%2e", "..%2f..%2fadmin", "a%2fb", "a%3fb", "a%23b", "a%00b", "a b"] {
        let heard = trial.make(call(Method::GET, &format!("/Appointment/{id}"))).await;
        let expected = (400, "SEND_BAD_REQUEST".to_owned(), "value".to_owned());
        assert_eq!(heard.error(), expected, "{id}");
    }
    assert!(receiver.seen().is_empty());
}

#[tokio::test]
async fn versions_are_for_the_receiver_to_judge() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    for accept in [
        "application/fhir+json; version=1.0.0",
        "application/fhir+json;version=9.9.9, application/fhir+xml",
        "text/html, */*;q=0.1",
        "",
    ] {
        let heard = trial.make(call(Method::GET, "/Slot").with("accept", accept)).await;
        assert_eq!(heard.status, 200, "{accept}");
        let passed = receiver.seen().pop().unwrap().header("accept").unwrap_or("").to_owned();
        assert_eq!(passed, accept);
    }
}

/// Every answer that the proxy words itself fits what it publishes.
#[tokio::test]
async fn refusals_are_as_published() {
    let trial = Trial::before("http://127.0.0.1:9/").await;
    let document = trial.document();
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/components/schemas/OperationOutcome",
        "components": document["components"],
    });
    let judge = jsonschema::validator_for(&whole).unwrap();
    let responses = &document["paths"]["/Slot"]["get"]["responses"];
    for (name, change, ..) in CASES {
        let heard = trial.make(change(call(Method::GET, "/Slot"))).await;
        assert!(judge.is_valid(&heard.json()), "{name}: {:#}", heard.json());
        assert!(responses[heard.status.to_string()].is_object(), "{name}: {}", heard.status);
    }
}
