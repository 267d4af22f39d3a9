//! Bad input of every kind gets a clear error and loses nothing.

use std::io::{Read, Write};
use std::net::TcpStream;

use testkit::Exchange;

use crate::{PDS, open_demo};

const PATIENT: &str = "/personal-demographics/FHIR/R4/Patient/9000000009";

fn patch(exchange: &Exchange, body: &str) -> testkit::Answer {
    let headers = [("If-Match", "W/\"2\""), ("Content-Type", "application/json-patch+json")];
    exchange.client().send("PATCH", PATIENT, &headers, body).unwrap()
}

#[test]
fn rubbish_in_a_patch_is_told_what_is_wrong_and_changes_nothing() {
    let exchange = open_demo();
    let one = r#"{"op":"replace","path":"/gender","value":"male"}"#;
    let thousand = vec![one; 1000].join(",");
    for (what, body, status) in [
        ("no body", String::new(), 400),
        ("not JSON", "{".to_owned(), 400),
        ("an array", "[]".to_owned(), 400),
        ("no patches", "{}".to_owned(), 400),
        ("empty patches", r#"{"patches":[]}"#.to_owned(), 400),
        (
            "deep JSON",
            format!("{{\"patches\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)),
            400,
        ),
        ("a thousand patches", format!("{{\"patches\":[{thousand}]}}"), 400),
        ("ten megabytes", format!("{{\"patches\":\"{}\"}}", "x".repeat(10_000_000)), 413),
    ] {
        let answer = patch(&exchange, &body);
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        let issue = &answer.json()["issue"][0];
        assert!(issue["details"]["coding"][0]["code"].is_string(), "{what}");
    }
    let after = exchange.client().get(PATIENT).unwrap();
    assert_eq!(after.header("etag"), Some("W/\"2\""));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let exchange = open_demo();
    let body = b"{\"patches\":[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"\xff\xfe\"}]}";
    let head = format!(
        "PATCH {PATIENT} HTTP/1.1\r\nHost: x\r\n\
         X-Request-ID: 60e0b220-8136-4ca5-ae46-1d97ef59d068\r\n\
         If-Match: W/\"2\"\r\nContent-Type: application/json-patch+json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let answer = raw(&exchange, &[head.as_bytes(), body].concat());
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[test]
fn a_flood_of_headers_is_refused_and_the_house_stands() {
    let exchange = open_demo();
    let many: String = (0..1000).map(|n| format!("X-Flood-{n}: {n}\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "y".repeat(1_000_000));
    for flood in [many, long] {
        let answer =
            raw(&exchange, format!("GET {PATIENT} HTTP/1.1\r\nHost: x\r\n{flood}\r\n").as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert_eq!(exchange.client().get("/health").unwrap().status, 200);
}

#[test]
fn odd_addresses_are_refused_in_the_words_of_the_api() {
    let exchange = open_demo();
    let client = exchange.client();
    let long = format!("{PDS}/Patient?family={}", "a".repeat(20_000));
    let many = format!("{PDS}/Patient?{}", "family=a&".repeat(100));
    for (path, status) in [
        (long.as_str(), 413),
        (many.as_str(), 413),
        ("/personal-demographics/FHIR/R4/Patient/%00", 400),
        ("/personal-demographics/FHIR/R4/Patient/%FF%FE", 400),
        ("/personal-demographics/FHIR/R4/../../metrics", 400),
        ("/personal-demographics/FHIR/R4/patient/9000000009", 400),
        ("/personal-demographics/FHIR/R4", 400),
        ("/nowhere", 404),
    ] {
        let answer = client.get(path).unwrap();
        let shown: String = path.chars().take(80).collect();
        assert_eq!(answer.status, status, "{shown}: {}", answer.text);
    }
}

#[test]
fn a_client_that_never_finishes_does_not_keep_others_waiting() {
    let exchange = open_demo();
    let address = exchange.url().strip_prefix("http://").unwrap().to_owned();
    let slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
            stream
        })
        .collect();
    assert_eq!(exchange.client().get("/health").unwrap().status, 200);
    drop(slow);
}

fn raw(exchange: &Exchange, bytes: &[u8]) -> String {
    let address = exchange.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(15))).unwrap();
    // The server may hang up before it has read all of it: that is an answer too.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read) = stream.read(&mut buffer) {
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&buffer[..read]);
        if answer.windows(4).any(|window| window == b"\r\n\r\n") {
            break;
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}
