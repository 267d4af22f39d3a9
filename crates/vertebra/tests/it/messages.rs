//! Messages over the wire: handed over, pushed, followed, through the end of the house and back.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use broker::{ENDPOINT, Endpoint, record};
use serde_json::Value;
use store::Transaction;
use testkit::{Client, Exchange};

use crate::{BINARY, open_demo};

/// How long a test waits for something to arrive before it has failed.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn accepted_messages_arrive_once_though_the_house_is_killed_between() {
    let hook = Hook::new();
    let mut exchange = Exchange::idle(BINARY, &["--open"]);
    enter(&exchange, &hook.endpoint());
    exchange.resume();
    let client = exchange.client();
    let ids: Vec<String> = (0..5).map(|number| send(&client, number)).collect();
    let refused = hook.turned_away.recv_timeout(PATIENCE).unwrap();
    exchange.kill();
    hook.well.store(true, Ordering::SeqCst);
    exchange.resume();
    let mut arrived: Vec<String> =
        ids.iter().map(|_| hook.taken.recv_timeout(PATIENCE).unwrap()).collect();
    assert!(arrived.contains(&refused), "{refused} had another id the second time");
    arrived.sort();
    let mut wanted: Vec<String> = ids.iter().map(|id| format!("{id}-1")).collect();
    wanted.sort();
    assert_eq!(arrived, wanted);
    let client = exchange.client();
    for id in &ids {
        until_it_is(&client, id, "acknowledged");
    }
    assert!(exchange.stop());
    assert!(hook.taken.try_recv().is_err(), "one arrived twice");
    exchange.check();
}

#[test]
fn a_repeat_is_told_from_a_new_message_after_a_restart() {
    let hook = Hook::new();
    let mut exchange = Exchange::idle(BINARY, &["--open"]);
    enter(&exchange, &hook.endpoint());
    exchange.resume();
    let first = send(&exchange.client(), 1);
    exchange.kill();
    exchange.resume();
    assert_eq!(send(&exchange.client(), 1), first);
    assert_ne!(send(&exchange.client(), 2), first);
}

/// What is handed over by one wire is collected by another, and both tell the same of it.
#[test]
fn what_is_posted_is_fetched_from_a_mailbox() {
    let exchange = open_demo();
    let client = exchange.client();
    let mailbox = "/messageexchange/X26ABC1/inbox";
    // One that is kept with its message, and one that is kept beside it.
    for body in ["Dear colleague".to_owned(), "long ".repeat(100_000)] {
        let headers =
            [("Message-To", "X26ABC1"), ("Message-Type", "LETTER"), ("Content-Type", "text/plain")];
        let sent = client.send("POST", "/messages", &headers, &body).unwrap();
        let id = sent.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(client.get(mailbox).unwrap().json()["messages"], serde_json::json!([id]));
        let fetched = client.get(&format!("{mailbox}/{id}")).unwrap();
        assert!(fetched.text == body, "{} bytes of {}", fetched.text.len(), body.len());
        assert_eq!(fetched.header("mex-workflowid"), Some("LETTER"));
        until_it_is(&client, &id, "collected");
        let path = format!("{mailbox}/{id}/status/acknowledged");
        assert_eq!(client.send("PUT", &path, &[], "").unwrap().status, 200);
        until_it_is(&client, &id, "acknowledged");
    }
}

/// Writes an endpoint into the directory of an exchange that is not running.
fn enter(exchange: &Exchange, endpoint: &Endpoint) {
    let clock = base::Clock::System;
    let store = store::Store::open(exchange.data(), clock, &base::Dice::System).unwrap();
    let written = Transaction::new().record(record(ENDPOINT, &endpoint.name, endpoint));
    tokio::runtime::Runtime::new().unwrap().block_on(store.commit(written)).unwrap();
    store.close();
}

fn send(client: &Client, number: u32) -> String {
    let name = format!("letter-{number}");
    let headers = [
        ("Message-To", "HOOK"),
        ("Message-Type", "LETTER"),
        ("Message-Id", name.as_str()),
        ("Content-Type", "text/plain"),
    ];
    let answer = client.send("POST", "/messages", &headers, &format!("letter {number}")).unwrap();
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Asks until the message's delivery is in a state: what arrived is written down a moment later.
fn until_it_is(client: &Client, id: &str, state: &str) {
    let begun = std::time::Instant::now();
    loop {
        let seen = client.get(&format!("/messages/{id}")).unwrap().json();
        if seen["deliveries"][0]["state"] == state {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{seen:#}");
        thread::yield_now();
    }
}

/// A receiver of webhooks that turns everything away until it is well.
struct Hook {
    url: String,
    well: Arc<AtomicBool>,
    taken: Receiver<String>,
    turned_away: Receiver<String>,
}

impl Hook {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let well = Arc::new(AtomicBool::new(false));
        let (take, taken) = channel();
        let (turn_away, turned_away) = channel();
        let (flag, tell) = (Arc::clone(&well), Arc::new(Mutex::new((take, turn_away))));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (flag, tell) = (Arc::clone(&flag), Arc::clone(&tell));
                thread::spawn(move || answer(stream.unwrap(), &flag, &tell));
            }
        });
        Self { url, well, taken, turned_away }
    }

    fn endpoint(&self) -> Endpoint {
        let json = serde_json::json!({
            "name": "HOOK",
            "url": self.url,
            "wire": "webhook",
            "secrets": ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="],
            "private": true,
            // What was under way at the kill is taken up again soon after.
            "push_s_max": 1,
        });
        serde_json::from_value(json).unwrap()
    }
}

/// Answers one request, and tells the id of its webhook.
fn answer(
    mut stream: TcpStream,
    well: &AtomicBool,
    tell: &Mutex<(Sender<String>, Sender<String>)>,
) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut bytes = Vec::new();
    let mut block = [0; 4096];
    let (head, length) = loop {
        match stream.read(&mut block) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&block[..count]),
            _ => return,
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length: usize = header(head, "content-length").parse().unwrap();
        if body.len() >= length {
            let told: Value = serde_json::from_str(body).unwrap();
            assert_eq!(told["type"], "LETTER");
            break (head.to_owned(), length);
        }
    };
    assert!(length > 0);
    let well = well.load(Ordering::SeqCst);
    let status = if well { "200 OK" } else { "503 Service Unavailable" };
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    if stream.write_all(answer.as_bytes()).is_ok() {
        let tell = tell.lock().unwrap();
        let to = if well { &tell.0 } else { &tell.1 };
        // Nobody listens any more when the test is over.
        let _ = to.send(header(&head, "webhook-id").to_owned());
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let mut pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
}
