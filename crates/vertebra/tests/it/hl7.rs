//! Messages of HL7 version 2 over MLLP, sent to the real binary.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use testkit::{Client, free_port};

use crate::BINARY;

/// A connection of a sender.
pub(crate) struct Line {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Line {
    pub(crate) fn to(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { stream, heard: Vec::new() }
    }

    /// Says something; the code of what is answered.
    pub(crate) fn say(&mut self, message: &str) -> String {
        self.stream.write_all(format!("\u{b}{message}\u{1c}\r").as_bytes()).unwrap();
        loop {
            if let Some(end) = self.heard.windows(2).position(|pair| pair == b"\x1c\r") {
                let block: Vec<u8> = self.heard.drain(..end + 2).collect();
                let text = String::from_utf8(block).unwrap();
                let segment = text.split('\r').find(|line| line.starts_with("MSA|")).unwrap();
                return segment.split('|').nth(1).unwrap().to_owned();
            }
            let mut piece = [0; 4096];
            let bytes = self.stream.read(&mut piece).unwrap();
            assert!(bytes > 0, "the exchange hung up");
            self.heard.extend_from_slice(&piece[..bytes]);
        }
    }

    /// Whether the exchange hangs up.
    fn is_hung_up_on(&mut self) -> bool {
        matches!(self.stream.read(&mut [0; 16]), Ok(0) | Err(_))
    }
}

/// Every message that a question finds, page by page.
pub(crate) fn every(client: &Client, question: &str) -> Vec<Value> {
    let (mut found, mut path) = (Vec::new(), format!("/messages?{question}&most=100"));
    loop {
        let page = client.get(&path).unwrap().json();
        found.extend(page["messages"].as_array().unwrap().iter().cloned());
        let Some(next) = page["links"]["next"].as_str() else { return found };
        next[next.find("/messages").unwrap()..].clone_into(&mut path);
    }
}

fn admission(id: usize) -> String {
    format!("MSH|^~\\&|LAB|X26ABC1|GP|X26ABC2|||ADT^A01|{id}|T|2.5\rPID|1||9999999999\r")
}

#[test]
fn what_was_acknowledged_is_there_after_a_crash() {
    let port = free_port().to_string();
    let address = format!("127.0.0.1:{port}");
    let arguments = ["--demo", "--people", "50", "--open", "--mllp-listen", &address];
    let mut exchange = testkit::Exchange::start(BINARY, &arguments);
    let mut line = Line::to(port.parse().unwrap());
    for id in 0..300 {
        assert_eq!(line.say(&admission(id)), "AA");
    }
    assert_eq!(line.say(&admission(7)), "AA", "the same again changes nothing");
    assert_eq!(line.say(&admission(7).replace("PID|1", "PID|2")), "AE");
    exchange.kill();
    exchange.resume();
    let client = exchange.client();
    let kept = every(&client, "kind=ADT%5EA01");
    // The newest first, each once, in the order in which they were acknowledged.
    let names: Vec<&str> = kept.iter().map(|one| one["local_id"].as_str().unwrap()).collect();
    let sent: Vec<String> = (0..300).rev().map(|id| format!("LAB/{id}")).collect();
    assert_eq!(names, sent);
    for (id, one) in (0..300).rev().zip(&kept) {
        let path = format!("/messages/{}", one["id"].as_str().unwrap());
        assert_eq!(client.get(&format!("{path}/body")).unwrap().text, admission(id));
        let (from, to, wire) = (&one["from"], &one["to"], &one["wire"]);
        assert_eq!((from, to, wire), (&"X26ABC1".into(), &"X26ABC2".into(), &"mllp".into()));
        let told = client.get(&path).unwrap().json();
        let lines = told["deliveries"][0]["history"].as_array().unwrap();
        assert_eq!((lines.len(), &lines[0]["state"]), (1, &"available".into()), "{told:#}");
        assert_eq!(lines[0]["who"], "X26ABC1");
    }
    let mut line = Line::to(port.parse().unwrap());
    assert_eq!(line.say(&admission(299)), "AA");
    assert_eq!(line.say(&admission(299).replace("PID|1", "PID|2")), "AE", "it was kept");
    assert!(exchange.stop());
    exchange.check();
}

#[test]
fn rubbish_is_hung_up_on_and_harms_nobody() {
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let arguments = ["--demo", "--people", "50", "--mllp-listen", &address];
    let exchange = testkit::Exchange::start(BINARY, &arguments);
    let mut web = Line::to(port);
    web.stream.write_all(&b"GET / HTTP/1.1\r\n".repeat(400)).unwrap();
    assert!(web.is_hung_up_on());
    let mut waiting = Line::to(port);
    waiting.stream.write_all(b"\x0bMSH|^~\\&|and no more").unwrap();
    let mut line = Line::to(port);
    line.stream.write_all(b"\r\n\x0bno message\x1c\r").unwrap();
    assert_eq!(line.say(&admission(1)), "AR", "nobody is let in without credentials");
    drop((waiting, exchange));
}

#[test]
fn without_tls_it_is_for_this_machine_only() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(BINARY)
        .args(["serve", "--open", "--mllp-listen", "0.0.0.0:0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("mllp_listen"));
}
