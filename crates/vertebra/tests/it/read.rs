//! A GP system asks the national demographics service.

use crate::{PDS, closed_demo, open_demo, token};

#[test]
fn a_patient_is_read_with_a_version() {
    let exchange = open_demo();
    let answer = exchange.client().get(&format!("{PDS}/Patient/9000000009")).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("etag"), Some("W/\"2\""));
    assert_eq!(answer.header("content-type"), Some("application/fhir+json"));
    let patient = answer.json();
    assert_eq!(patient["id"], "9000000009");
    assert_eq!(patient["meta"]["versionId"], "2");
    assert_eq!(patient["name"][0]["family"], "Smith");
}

#[test]
fn identifiers_are_mirrored_on_success_and_on_error() {
    let exchange = open_demo();
    let id = "60E0B220-8136-4CA5-AE46-1D97EF59D068";
    let headers = [("X-Request-ID", id), ("X-Correlation-ID", "abc")];
    for number in ["9000000009", "9111231130", "9000000000"] {
        let path = format!("{PDS}/Patient/{number}");
        let answer = exchange.client().send("GET", &path, &headers, "").unwrap();
        assert_eq!(answer.header("x-request-id"), Some(id), "{number}");
        assert_eq!(answer.header("x-correlation-id"), Some("abc"), "{number}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let exchange = open_demo();
    let client = exchange.client();
    for (method, path, request_id, status, code) in [
        ("GET", "/Patient/9111231130", None, 404, "RESOURCE_NOT_FOUND"),
        ("GET", "/Patient/9000000000", None, 400, "INVALID_RESOURCE_ID"),
        ("GET", "/Patient/9000000009", Some(""), 400, "MISSING_VALUE"),
        ("GET", "/Patient/9000000009", Some("1234"), 400, "INVALID_VALUE"),
        ("GET", "/HelloWorld", None, 400, "UNSUPPORTED_REQUEST"),
        ("DELETE", "/Patient/9000000009", None, 400, "UNSUPPORTED_SERVICE"),
        ("GET", "/Patient", None, 400, "UNSUPPORTED_SERVICE"),
    ] {
        let headers: Vec<_> = request_id.map(|id| ("X-Request-ID", id)).into_iter().collect();
        let answer = client.send(method, &format!("{PDS}{path}"), &headers, "").unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{method} {path}");
    }
}

#[test]
fn without_a_token_a_closed_house_says_what_is_missing() {
    let exchange = closed_demo();
    let client = exchange.client();
    let path = format!("{PDS}/Patient/9000000009");
    for (authorization, diagnostics) in [
        ("", "Missing Authorization header"),
        ("Bearer", "Missing access token"),
        ("Basic abc", "Invalid token type 'Basic', must be 'Bearer'"),
        ("Bearer nobody", "Invalid Access Token"),
    ] {
        let answer = client.send("GET", &path, &[("Authorization", authorization)], "").unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (401, "ACCESS_DENIED"));
        assert_eq!(answer.json()["issue"][0]["diagnostics"], diagnostics);
    }
}

#[test]
fn a_patient_reads_their_own_record_and_no_other() {
    let exchange = closed_demo();
    let client = exchange.client().with_token(&token(&exchange, "patient"));
    assert_eq!(client.get(&format!("{PDS}/Patient/9000000009")).unwrap().status, 200);
    let other = client.get(&format!("{PDS}/Patient/9000000017")).unwrap();
    assert_eq!((other.status, other.code().as_str()), (403, "INVALID_VALUE"));
}
