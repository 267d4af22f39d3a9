//! Who may use the national broker: the system that a client certificate is of, as itself.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::Exchange;

use crate::certificates::{Secure, connect, issue_for};
use crate::spine_messaging::{RELATED, package};
use crate::{closed_demo, token};

const FORWARD: &str = "/reliablemessaging/forwardreliable";
const SYNC: &str = "/sync-service";
/// Riverside, and Hill Road: party and system.
const NEW: (&str, &str) = ("Y90002-009002", "200000009002");
const OLD: (&str, &str) = ("Y90001-009001", "200000009001");
/// The contract under which Hill Road takes requests.
const CPA: &str = "S20001A009001";
const PATIENT: &str = "9000000009";

/// Status and body of the answer to a request over a connection; nothing when hung up on.
fn post(stream: &mut Secure, path: &str, kind: &str, body: &str) -> Option<(u16, String)> {
    let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n");
    let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).ok()?;
    let mut heard = Vec::new();
    while !heard.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        heard.push(byte[0]);
    }
    let head = String::from_utf8(heard).unwrap().to_ascii_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).ok()?;
    Some((status, String::from_utf8(body).unwrap()))
}

/// The certificate of a system of the demonstration, and its key.
fn papers(exchange: &Exchange, name: &str) -> (String, String) {
    let credentials = exchange.credentials();
    let rows = credentials["certificates"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == name).unwrap();
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (text("certificate_file"), text("key_file"))
}

/// A retrieval, as a system asks for it.
fn question(asid: &str) -> String {
    let device = |asid: &str| {
        format!("<device><id root=\"1.2.826.0.1285.0.2.0.107\" extension=\"{asid}\"/></device>")
    };
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <QUPA_IN000008UK02 xmlns=\"urn:hl7-org:v3\"><id root=\"A-1\"/>\
         <creationTime value=\"20260101120000\"/>\
         <interactionId root=\"2.16.840.1.113883.2.1.3.2.4.12\" extension=\"QUPA_IN000008UK02\"/>\
         <communicationFunctionRcv>{}</communicationFunctionRcv>\
         <communicationFunctionSnd>{}</communicationFunctionSnd>\
         <ControlActEvent classCode=\"CACT\" moodCode=\"EVN\"><query><person.id>\
         <value root=\"2.16.840.1.113883.2.1.4.1\" extension=\"{PATIENT}\"/></person.id></query>\
         </ControlActEvent></QUPA_IN000008UK02></soap:Body></soap:Envelope>",
        device("200000001006"),
        device(asid),
    )
}

/// Refused as this wire refuses: with a status, and a SOAP fault with the national number.
fn is_refusal((status, body): &(u16, String), expected: u16) -> bool {
    *status == expected && body.contains(":Fault") && body.contains(">300</nasp:errorCode>")
}

#[test]
fn a_message_is_from_the_party_of_the_certificate_or_it_is_refused() {
    let exchange = closed_demo();
    let (file, key) = papers(&exchange, "riverside");
    let shown = Some((file.as_str(), key.as_str()));
    let send = |shown, from: &str, id: &str| {
        let body = package(from, OLD.0, CPA, id);
        post(&mut connect(&exchange, shown).unwrap(), FORWARD, RELATED, &body).unwrap()
    };
    assert_eq!(send(shown, NEW.0, "M-1").0, 202);
    let answer = send(shown, OLD.0, "M-2");
    assert!(is_refusal(&answer, 403), "another party: {answer:?}");
    let (other, other_key) = papers(&exchange, "pennine-ambulance");
    let answer = send(Some((&other, &other_key)), NEW.0, "M-3");
    assert!(is_refusal(&answer, 403), "another system's certificate: {answer:?}");
    let answer = send(None, NEW.0, "M-4");
    assert!(is_refusal(&answer, 401), "no certificate: {answer:?}");
    // What comes without TLS comes from nobody, whatever token it brings.
    let client = exchange.client().with_token(&token(&exchange, "application"));
    let headers = [("Content-Type", RELATED)];
    let body = package(NEW.0, OLD.0, CPA, "M-5");
    assert_eq!(client.send("POST", FORWARD, &headers, &body).unwrap().status, 401);
}

#[test]
fn a_question_is_from_the_system_of_the_certificate_or_it_is_refused() {
    let exchange = closed_demo();
    let (file, key) = papers(&exchange, "riverside");
    let shown = Some((file.as_str(), key.as_str()));
    let ask = |shown, asid: &str| {
        let mut stream = connect(&exchange, shown).unwrap();
        post(&mut stream, SYNC, "text/xml", &question(asid)).unwrap()
    };
    let (status, body) = ask(shown, NEW.1);
    assert!(status == 200 && body.contains(PATIENT), "{status} {body}");
    for (who, asid, status) in [(shown, OLD.1, 403), (None, NEW.1, 401)] {
        let answer = ask(who, asid);
        assert!(is_refusal(&answer, status), "{answer:?}");
        assert!(!answer.1.contains(PATIENT));
    }
}

#[test]
fn a_certificate_that_was_revoked_sends_nothing_also_on_an_open_connection() {
    let exchange = closed_demo();
    let folder = tempfile::tempdir().unwrap();
    let name = "second.y90002.api.mesh-client.nhs.uk";
    let (file, key) = issue_for(&exchange, folder.path(), NEW.1, name);
    let shown = Some((file.as_str(), key.as_str()));
    let mut open = connect(&exchange, shown).unwrap();
    let send = |stream: &mut Secure, id: &str| {
        post(stream, FORWARD, RELATED, &package(NEW.0, OLD.0, CPA, id))
    };
    assert_eq!(send(&mut open, "M-1").unwrap().0, 202);
    let data = exchange.data().to_str().unwrap().to_owned();
    let output = exchange.run(&["cert", "revoke", name, "--data", &data, "--json"]);
    let row: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(row["revoked"].is_string(), "{row}");
    let answer = send(&mut open, "M-2");
    assert!(answer.is_none_or(|answer| sends_nothing(&answer)), "on the open connection");
    // Whoever comes anew is sent away before anything is said, once the list is heeded.
    let from = Instant::now();
    let anew = || connect(&exchange, shown).and_then(|mut stream| send(&mut stream, "M-3"));
    while let Some(answer) = anew() {
        assert!(sends_nothing(&answer), "on a new connection: {answer:?}");
        assert!(from.elapsed() < Duration::from_secs(20), "the list is not heeded");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Refused by what the directory says of the certificate, or by the door, when the list came into
/// force after the connection was made.
fn sends_nothing(answer: &(u16, String)) -> bool {
    let (status, body) = answer;
    is_refusal(answer, 401)
        || *status == 403
            && body.contains("the certificate of this connection is not good any more")
}
