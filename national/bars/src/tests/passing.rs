//! What is passed on, and what comes back.

use base::limit::{ONWARD_BYTES_MAX, ONWARD_HELD_BYTES_MAX};
use bytes::Bytes;
use http::Method;
use serde_json::json;
use travel::{Ended, Leg};

use super::trial::{
    CORRELATION_ID, ORIGIN, REQUEST_ID, Receiver, SERVICE_ID, Trial, bare, base64, call, fhir,
    identifier,
};
use crate::BASE;
use crate::interactions::ROWS;

#[tokio::test]
async fn a_message_arrives_as_it_was_sent() {
    let answer = json!({ "resourceType": "Bundle", "type": "message", "id": "answer" });
    let receiver = Receiver::who(fhir("200 OK", &answer));
    let trial = Trial::before(&receiver.url()).await;
    let message = json!({ "resourceType": "Bundle", "type": "message", "n": 1.50 }).to_string();
    let organisation = base64(&json!({
        "resourceType": "Organization",
        "identifier": [{ "system": nhs::url::ODS_CODE, "value": "rx9" }],
    }));
    let sent = call(Method::POST, "/$process-message")
        .sending(message.clone())
        .with("use-context", "a1t5|referral|servicerequest-request|new")
        .with("nhsd-end-user-organisation", organisation.clone())
        .with("cookie", "secret=1")
        .with("x-forwarded-for", "10.0.0.1");
    let heard = trial.make(sent).await;
    assert_eq!((heard.status, heard.json()), (200, answer));
    assert_eq!(heard.headers["content-type"], "application/fhir+json; version=1.4.0");
    assert_eq!(heard.headers["x-request-id"], REQUEST_ID);
    assert_eq!(heard.headers["x-correlation-id"], CORRELATION_ID);
    let seen = receiver.seen().remove(0);
    assert_eq!(seen.line(), "POST /bars/FHIR/R4/$process-message HTTP/1.1");
    assert_eq!(seen.body, message.as_bytes());
    for (name, value) in [
        ("accept", Some("application/fhir+json; version=1.4.0")),
        ("content-type", Some("application/fhir+json; version=1.4.0")),
        ("x-request-id", Some(REQUEST_ID)),
        ("x-correlation-id", Some(CORRELATION_ID)),
        ("use-context", Some("a1t5|referral|servicerequest-request|new")),
        ("nhsd-target-identifier", Some(identifier(SERVICE_ID).as_str())),
        ("nhsd-end-user-organisation", Some(organisation.as_str())),
        ("authorization", None),
        ("cookie", None),
        ("x-forwarded-for", None),
    ] {
        assert_eq!(seen.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn what_is_passed_on_is_noted_and_names_no_patient() {
    let receiver = Receiver::who(fhir("404 Not Found", &json!({ "resourceType": "Bundle" })));
    let trial = Trial::before(&receiver.url()).await;
    let query = "patient:identifier=https://fhir.nhs.uk/Id/nhs-number|9000000009";
    trial.make(call(Method::GET, &format!("/ServiceRequest?{query}"))).await;
    trial.make(call(Method::POST, "/$process-message").sending("{}")).await;
    let lines = trial.audited();
    let told: Vec<(&str, u16, &str, usize)> = lines
        .iter()
        .map(|it| (it.interaction.as_str(), it.outcome, it.recipient.as_str(), it.subjects.len()))
        .collect();
    let expected =
        [("search-service-request", 404, SERVICE_ID, 1), ("process-message", 404, SERVICE_ID, 0)];
    assert_eq!(told, expected);
    assert_eq!(lines[0].subjects, [trial.store.audit().pseudonym("9000000009")]);
    let who = (lines[0].client.as_str(), lines[0].organisation.as_str(), lines[0].request.as_str());
    assert_eq!(who, ("ambulance-system", "RX9Z", REQUEST_ID));
}

#[tokio::test]
async fn the_organisation_that_a_call_says_it_is_for_is_noted_apart() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    let organisation = json!({
        "resourceType": "Organization",
        "identifier": [{ "system": nhs::url::ODS_CODE, "value": "rx8" }],
    });
    let sent = call(Method::DELETE, "/ServiceRequest/1")
        .with("nhsd-end-user-organisation", base64(&organisation));
    assert_eq!(trial.make(sent).await.status, 200);
    let line = &trial.audited()[0];
    assert_eq!((line.organisation.as_str(), line.claimed.as_str()), ("RX9Z", "RX8"));
}

#[tokio::test]
async fn what_travelled_is_on_the_record_of_the_conversation() {
    let receiver = Receiver::who(bare("202 Accepted", ""));
    let trial = Trial::before(&receiver.url()).await;
    trial.make(call(Method::POST, "/$process-message").sending("{}")).await;
    let missing = call(Method::GET, "/Slot").with("nhsd-target-identifier", identifier("2"));
    assert_eq!(trial.make(missing).await.status, 404);
    let legs = trial.travelled().await;
    assert_eq!(legs.len(), 1, "who was not called is on no leg");
    let Leg { from, to, what, outcome, ended, .. } = &legs[0];
    assert_eq!(
        (from.name.as_str(), to.name.as_str()),
        ("Booking and Referral", "Emergency department")
    );
    assert_eq!((to.organisation.as_str(), what.as_str()), ("R1X", "Process a message"));
    assert_eq!((outcome.as_str(), *ended), ("202 Accepted", Ended::Acknowledged));
}

/// Every interaction reaches the receiver at the same path and with the same query.
#[tokio::test]
async fn every_interaction_is_passed_on() {
    let receiver = Receiver::who(fhir("200 OK", &json!({ "resourceType": "Bundle" })));
    let trial = Trial::before(&receiver.url()).await;
    for row in ROWS {
        let path = row.path.replace("{id}", "91607239-b002-470a-8709-6b25bd50fdd1");
        let query = "_include=Slot:*&start=ge2022-03-01T12:00:00%2B00:00&x=a|b c&start=le2023";
        let heard = trial.make(call(row.method.clone(), &format!("{path}?{query}"))).await;
        assert_eq!(heard.status, 200, "{}: {heard:?}", row.name);
        let seen = receiver.seen().pop().unwrap();
        let onward = "_include=Slot:%2A&start=ge2022-03-01T12:00:00%252B00:00&x=a%7Cb%20c\
            &start=le2023";
        let expected = format!("{} /bars/FHIR/R4{path}?{onward} HTTP/1.1", row.method);
        assert_eq!(seen.line(), expected);
        assert_eq!(trial.audited().pop().unwrap().interaction, row.name);
    }
}

#[tokio::test]
async fn a_dollar_may_come_in_percent_encoding() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    let heard = trial.make(call(Method::POST, "/%24process-message").sending("{}")).await;
    assert_eq!(heard.status, 200);
    assert_eq!(receiver.seen()[0].line(), "POST /bars/FHIR/R4/$process-message HTTP/1.1");
}

#[tokio::test]
async fn without_a_target_the_proxy_speaks_of_itself() {
    let trial = Trial::before("http://127.0.0.1:9/").await;
    let own = call(Method::GET, "/metadata").without("nhsd-target-identifier");
    let statement = trial.make(own).await.json();
    assert_eq!(statement["resourceType"], "CapabilityStatement");
    assert_eq!(statement["implementation"]["url"], format!("{ORIGIN}{BASE}"));
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    let codes = |kind: &str| {
        let one = resources.iter().find(|one| one["type"] == kind).unwrap();
        let codes = one["interaction"].as_array().unwrap().iter();
        codes.map(|it| it["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes("Slot"), ["search-type"]);
    let all = ["search-type", "create", "read", "update", "patch", "delete"];
    assert_eq!(codes("Appointment"), all);
    assert_eq!(codes("ServiceRequest"), all);
    assert!(trial.audited().is_empty());
}

#[tokio::test]
async fn where_a_new_resource_is_is_told_if_it_is_relative() {
    for (location, told) in
        [("ServiceRequest/7", Some("ServiceRequest/7")), ("http://10.0.0.7/internal/7", None)]
    {
        let header = format!("location: {location}\r\nserver: x\r\nset-cookie: a=b\r\n");
        let receiver = Receiver::who(bare("201 Created", &header));
        let trial = Trial::before(&receiver.url()).await;
        let heard = trial.make(call(Method::POST, "/ServiceRequest").sending("{}")).await;
        assert_eq!(heard.status, 201);
        let heard = |name: &str| heard.headers.get(name).map(|it| it.to_str().unwrap());
        assert_eq!(heard("location"), told);
        assert_eq!((heard("server"), heard("set-cookie")), (None, None));
    }
}

#[tokio::test]
async fn a_large_answer_is_passed_on_as_it_comes() {
    let large = json!({ "resourceType": "Bundle", "x": "y".repeat(3 * ONWARD_HELD_BYTES_MAX) });
    let receiver = Receiver::who(fhir("200 OK", &large));
    let trial = Trial::before(&receiver.url()).await;
    let heard = trial.make(call(Method::GET, "/Slot")).await;
    assert!(heard.status == 200 && heard.json() == large);
    assert_eq!(trial.audited()[0].outcome, 200);
}

#[tokio::test]
async fn a_large_message_is_passed_on_up_to_the_limit() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    let message = Bytes::from(vec![b' '; ONWARD_BYTES_MAX]);
    let heard = trial.make(call(Method::POST, "/$process-message").sending(message)).await;
    assert_eq!(heard.status, 200);
    assert_eq!(receiver.seen()[0].body.len(), ONWARD_BYTES_MAX);
}

#[tokio::test]
async fn a_retry_is_a_request_like_any_other() {
    let duplicate = json!({ "resourceType": "OperationOutcome", "issue": [{
        "severity": "error", "code": "duplicate",
        "details": { "coding": [{ "system": nhs::url::HTTP_ERROR, "code": "REC_CONFLICT" }] },
    }]});
    let receiver = Receiver::who(fhir("409 Conflict", &duplicate));
    let trial = Trial::before(&receiver.url()).await;
    for round in 1..=2 {
        let heard = trial.make(call(Method::POST, "/$process-message").sending("{}")).await;
        assert_eq!((heard.status, heard.json()), (409, duplicate.clone()));
        let seen = receiver.seen();
        assert_eq!(seen.len(), round, "it is the receiver who judges");
        assert_eq!(seen[round - 1].header("x-request-id"), Some(REQUEST_ID));
    }
}

#[tokio::test]
async fn a_target_is_found_whatever_the_case_of_its_system() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    let named = json!({ "value": SERVICE_ID, "system": "https://fhir.nhs.uk/id/DOS-service-id" });
    for written in [base64(&named), base64(&named).trim_end_matches('=').to_owned()] {
        let sent = call(Method::GET, "/Slot").with("nhsd-target-identifier", written);
        assert_eq!(trial.make(sent).await.status, 200);
    }
}
