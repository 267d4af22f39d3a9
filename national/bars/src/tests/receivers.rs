//! Receivers that refuse, dawdle, talk rubbish or too much, and what senders are told of it.

use std::time::{Duration, Instant};

use base::limit::ONWARD_BYTES_MAX;
use http::Method;
use serde_json::json;
use service::StreamError;

use super::trial::{Heard, Manner, Receiver, Trial, bare, call, fhir, identifier};

async fn met(manner: Manner) -> (Heard, u16) {
    let stalls = matches!(manner, Manner::Stalls(_));
    let receiver = Receiver::who(manner);
    let wait = Duration::from_millis(if stalls { 500 } else { 20_000 });
    let trial = Trial::waiting(&receiver.url(), wait).await;
    let heard = trial.make(call(Method::POST, "/$process-message").sending("{}")).await;
    assert_eq!(receiver.seen().len(), 1, "nothing is tried twice");
    let noted = trial.audited();
    assert_eq!(noted.len(), 1);
    (heard, noted[0].outcome)
}

/// What a status means from a receiver who says nothing more.
const STATUSES: [(&str, u16, &str, &str); 22] = [
    ("301 Moved", 500, "REC_SERVER_ERROR", "exception"),
    ("304 Not Modified", 500, "REC_SERVER_ERROR", "exception"),
    ("307 Elsewhere", 500, "REC_SERVER_ERROR", "exception"),
    ("400 Bad Request", 400, "REC_BAD_REQUEST", "invalid"),
    ("401 Unauthorized", 401, "REC_UNAUTHORIZED", "forbidden"),
    ("403 Forbidden", 403, "REC_FORBIDDEN", "forbidden"),
    ("404 Not Found", 404, "REC_NOT_FOUND", "not-found"),
    ("405 Not Allowed", 405, "REC_METHOD_NOT_ALLOWED", "not-supported"),
    ("406 Not Acceptable", 406, "REC_NOT_ACCEPTABLE", "processing"),
    ("408 Timeout", 408, "REC_TIMEOUT", "timeout"),
    ("409 Conflict", 409, "REC_CONFLICT", "conflict"),
    ("413 Too Large", 400, "REC_BAD_REQUEST", "invalid"),
    ("418 Teapot", 400, "REC_BAD_REQUEST", "invalid"),
    ("422 Unprocessable", 422, "REC_UNPROCESSABLE_ENTITY", "not-supported"),
    ("425 Too Early", 425, "REC_TOO_EARLY", "transient"),
    ("429 Too Many", 429, "REC_TOO_MANY_REQUESTS", "throttled"),
    ("500 Broken", 500, "REC_SERVER_ERROR", "exception"),
    ("501 Not Implemented", 501, "REC_NOT_IMPLEMENTED", "not-supported"),
    ("502 Bad Gateway", 503, "REC_SERVICE_UNAVAILABLE", "transient"),
    ("503 Unavailable", 503, "REC_SERVICE_UNAVAILABLE", "transient"),
    ("504 Timeout", 408, "REC_TIMEOUT", "timeout"),
    ("599 Strange", 500, "REC_SERVER_ERROR", "exception"),
];

#[tokio::test]
async fn a_status_without_a_word_becomes_a_row_of_the_table() {
    for (line, status, code, issue) in STATUSES {
        let (heard, noted) = met(bare(line, "location: http://127.0.0.1:9/\r\n")).await;
        assert_eq!(heard.error(), (status, code.to_owned(), issue.to_owned()), "{line}");
        assert_eq!(noted, status);
        assert!(heard.headers.get("location").is_none());
    }
}

#[tokio::test]
async fn a_receivers_own_words_go_through_as_they_are() {
    let words = json!({ "resourceType": "OperationOutcome", "issue": [{
        "severity": "error", "code": "invariant", "diagnostics": "Message validation failed",
    }]});
    for (line, status) in [("400 Bad", 400), ("403 No", 403), ("425 Early", 425), ("500 X", 500)] {
        let (heard, noted) = met(fhir(line, &words)).await;
        assert_eq!((heard.status, noted, heard.json()), (status, status, words.clone()));
    }
    // A time-out on the way is one, whoever words it.
    let (heard, _) = met(fhir("504 Timeout", &words)).await;
    assert_eq!(heard.error().1, "REC_TIMEOUT");
}

#[tokio::test]
async fn when_to_come_back_is_told() {
    let (heard, _) = met(bare("503 Busy", "retry-after: 7\r\n")).await;
    assert_eq!(heard.headers["retry-after"], "7");
    let (heard, _) = met(bare("503 Busy", "retry-after: soon\r\n")).await;
    assert!(heard.headers.get("retry-after").is_none());
}

#[tokio::test]
async fn rubbish_is_the_receivers_fault() {
    let says = |text: &str| Manner::Says(text.as_bytes().to_vec());
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 9\r\n\r\n<script/>";
    let part = "HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\n\
        content-length: 99\r\n\r\n{\"half";
    for (manner, issue, word) in [
        (says("SSH-2.0-OpenSSH_9\r\n"), "transient", "broke off"),
        (says(""), "transient", "broke off"),
        (says("HTTP/1.1 200 OK\r\ncontent-"), "transient", "broke off"),
        (says(part), "transient", "in the middle"),
        (says(html), "exception", "not FHIR"),
    ] {
        let (heard, noted) = met(manner).await;
        let expected = (500, "REC_SERVER_ERROR".to_owned(), issue.to_owned());
        assert_eq!((heard.error(), noted), (expected, 500));
        assert!(heard.diagnostics().contains(word), "{}", heard.diagnostics());
    }
}

#[tokio::test]
async fn whoever_dawdles_is_not_waited_for() {
    let begun = b"HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\n\
        content-length: 99\r\n\r\n{\"half";
    for manner in [Manner::Stalls(Vec::new()), Manner::Stalls(begun.to_vec())] {
        let before = Instant::now();
        let (heard, noted) = met(manner).await;
        let timeout = (408, "REC_TIMEOUT".to_owned(), "timeout".to_owned());
        assert_eq!((heard.error(), noted), (timeout, 408));
        assert!(before.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_cut_off() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\n\r\n";
    let mut huge = head.as_bytes().to_vec();
    huge.resize(head.len() + ONWARD_BYTES_MAX + 1, b' ');
    let (heard, noted) = met(Manner::Says(huge)).await;
    assert_eq!((heard.status, noted), (200, 200), "it had begun well");
    assert_eq!(heard.body, Err(StreamError::TooLarge), "and the sender sees that it broke off");
}

#[tokio::test]
async fn who_is_not_there_is_not_available() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let expected = (503, "REC_SERVICE_UNAVAILABLE".to_owned(), "transient".to_owned());
    for url in [format!("http://127.0.0.1:{port}/"), "http://nowhere.invalid/".to_owned()] {
        let trial = Trial::before(&url).await;
        let heard = trial.make(call(Method::GET, "/Slot")).await;
        assert_eq!(heard.error(), expected, "{url}");
        assert!(!heard.diagnostics().contains("127.0.0.1"), "addresses are nobody's business");
        assert_eq!(trial.audited()[0].outcome, 503);
    }
    // One that is not marked private is called on the Internet only.
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    let public =
        call(Method::GET, "/Slot").with("nhsd-target-identifier", identifier("2000000002"));
    assert_eq!(trial.make(public).await.error(), expected);
    assert!(receiver.seen().is_empty());
}
