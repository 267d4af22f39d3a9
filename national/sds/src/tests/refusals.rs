//! What is refused, and what callers are told of it.

use http::Method;
use nhs::url::{ODS_CODE, PARTY_KEY, SERVICE_INTERACTION};

use super::trial::{KEY, REQUEST, Trial, pair};

const CORRELATION: &str = "6d3d3674-7ce5-11ec-90d6-0242ac120003";

fn good() -> String {
    let organisation = pair("organization", ODS_CODE, "B86041");
    format!("/Device?{organisation}&{}", pair("identifier", SERVICE_INTERACTION, REQUEST))
}

#[tokio::test]
async fn who_writes_it_wrongly_is_told_how_it_is_written() {
    let trial = Trial::new().await;
    let organisation = pair("organization", ODS_CODE, "X");
    let interaction = pair("identifier", SERVICE_INTERACTION, "x:y");
    let should = |name: &str| format!("Should be '{name}={ODS_CODE}|value'");
    let identifier = format!("'identifier={PARTY_KEY}|value'");
    for (target, told) in [
        ("/Device".to_owned(), should("organization")),
        (format!("/Device?{interaction}"), should("organization")),
        (format!("/Device?organization=X&{interaction}"), should("organization")),
        (format!("/Device?organization={ODS_CODE}|&{interaction}"), should("organization")),
        (format!("/Device?organization=wrong|X&{interaction}"), should("organization")),
        (format!("/Device?{organisation}"), identifier.clone()),
        (format!("/Device?{organisation}&identifier=x:y"), identifier.clone()),
        (format!("/Device?{organisation}&identifier=wrong|x:y"), identifier.clone()),
        (
            format!("/Device?{organisation}&{interaction}&manufacturing-organization=X"),
            should("manufacturing-organization"),
        ),
        (
            format!("/Device?{organisation}&{interaction}&owner=X"),
            "Illegal query parameter 'owner'".to_owned(),
        ),
        (format!("/Endpoint?{organisation}"), "Should be one of".to_owned()),
        (format!("/Endpoint?{interaction}"), "Should be one of".to_owned()),
        ("/Endpoint".to_owned(), "Should be one of".to_owned()),
        (
            format!("/Endpoint?{organisation}&manufacturing-organization={ODS_CODE}|X"),
            "Illegal query parameter 'manufacturing-organization'".to_owned(),
        ),
        (format!("/Endpoint?{organisation}&identifier=x"), identifier),
    ] {
        let heard = trial.ask(&target).await;
        assert_eq!(heard.error(), (400, "BAD_REQUEST", "required"), "{target}");
        assert!(heard.diagnostics().contains(&told), "{target}: {}", heard.diagnostics());
    }
}

#[tokio::test]
async fn paths_and_methods_are_exact() {
    let trial = Trial::new().await;
    for path in ["/device", "/DEVICE", "/Devices", "/Device/", "/Device/1", "/", "/metadata"] {
        let heard = trial.ask(path).await;
        assert_eq!(heard.error(), (404, "NO_RECORD_FOUND", "not-found"), "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::HEAD] {
        let heard = trial.send(method.clone(), "/Endpoint", &[("apikey", KEY)]).await;
        assert_eq!(heard.error(), (405, "NOT_IMPLEMENTED", "not-supported"), "{method}");
        assert_eq!(heard.headers["allow"], "GET");
    }
}

#[tokio::test]
async fn the_answer_is_in_what_is_accepted() {
    let trial = Trial::new().await;
    for (accept, answered) in [
        ("", Some("application/fhir+json")),
        ("*/*", Some("application/fhir+json")),
        ("application/fhir+json", Some("application/fhir+json")),
        ("Application/FHIR+JSON; q=0.5", Some("application/fhir+json")),
        ("text/html, application/*", Some("application/fhir+json")),
        ("application/json", Some("application/json")),
        ("application/json, application/fhir+json", Some("application/fhir+json")),
        ("application/fhir+xml", None),
        ("text/html", None),
    ] {
        let heard = trial.send(Method::GET, &good(), &[("apikey", KEY), ("accept", accept)]).await;
        if let Some(media_type) = answered {
            assert_eq!(heard.headers["content-type"], media_type, "{accept}");
        } else {
            let expected = (406, "MISSING_OR_INVALID_HEADER", "not-supported");
            assert_eq!(heard.error(), expected, "{accept}");
        }
    }
}

#[tokio::test]
async fn a_call_can_be_followed() {
    let trial = Trial::new().await;
    let given = [("apikey", KEY), ("x-correlation-id", CORRELATION)];
    for (target, status) in [(good(), 200), ("/Device".to_owned(), 400), ("/x".to_owned(), 404)] {
        let heard = trial.send(Method::GET, &target, &given).await;
        assert_eq!(heard.status, status);
        assert_eq!(heard.headers["x-correlation-id"], CORRELATION);
    }
    let made = trial.ask(&good()).await.headers["x-correlation-id"].clone();
    assert_eq!(made.len(), 36);
    assert_ne!(trial.ask(&good()).await.headers["x-correlation-id"], made);
    let wrong = [("apikey", KEY), ("x-correlation-id", "1")];
    let heard = trial.send(Method::GET, &good(), &wrong).await;
    assert_eq!(heard.error(), (400, "BAD_REQUEST", "required"));
    assert!(heard.diagnostics().contains("UUID"));
}

#[tokio::test]
async fn nobody_asks_without_a_key() {
    let trial = Trial::new().await;
    for (given, why) in [
        (&[][..], "Failed to resolve API Key variable request.header.apikey"),
        (&[("apikey", "another")][..], "Invalid ApiKey"),
        (&[("authorization", "Bearer a-key-of-sixteen")][..], "Failed to resolve"),
    ] {
        let heard = trial.send(Method::GET, &good(), given).await;
        assert_eq!(heard.error(), (401, "ACCESS_DENIED", "forbidden"));
        assert!(heard.diagnostics().starts_with(why), "{}", heard.diagnostics());
    }
}
