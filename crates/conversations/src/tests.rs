//! Who sees what, and in which form.

use base::{Clock, Dice};
use broker::{Body, Broker, Envelope, MAILBOX, Mailbox, Settings, Submission, record};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use security::{Gate, Tokens};
use serde_json::Value;
use service::route::Incoming;
use service::{Reply, Upload};
use store::directory::Record;
use store::{Store, Transaction};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use travel::{Ended, Leg, Party, Recorder};

use crate::{BASE, House, service};

const CALLS: &str = "60e0b220-8136-4ca5-ae46-1d97ef59d068";
const TOKENS: &str = r#"
[[token]]
token = "anna"
mode = "application"
client = "anna"
organisation = "A1"

[[token]]
token = "carl"
mode = "application"
client = "carl"
organisation = "C3"

[[token]]
token = "nobody"
mode = "application"
client = "nobody"

[[token]]
token = "operator"
mode = "worker"
client = "operator"
grants = ["operate-messages"]
"#;

struct Trial {
    house: House,
    gate: Gate,
    _folder: TempDir,
}

impl Trial {
    async fn begin() -> Self {
        let folder = TempDir::new().unwrap();
        let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let clock = Clock::stopped(at);
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        let body = Some(r#"{"name":"Hill Road Surgery"}"#.to_owned());
        let known = Record { kind: "organisation", id: "A1".into(), body };
        let mailbox = Mailbox {
            id: "ALPHA".into(),
            name: String::new(),
            organisation: "A1".into(),
            closed: false,
        };
        let directory = Transaction::new().record(known).record(record(MAILBOX, "ALPHA", &mailbox));
        store.commit(directory).await.unwrap();
        let broker =
            Broker::new(store.clone(), clock.clone(), Dice::seeded(2), Settings::default())
                .unwrap();
        let recorder = Recorder::new(store, clock.clone());
        recorder.tell(CALLS, at, &call());
        let stop = CancellationToken::new();
        stop.cancel();
        recorder.clone().run(stop).await;
        let gate = Gate::closed(Tokens::from_toml(TOKENS).unwrap());
        Self { house: House::new(recorder, broker, clock), gate, _folder: folder }
    }

    async fn get(&self, path: &str, token: &str, accept: &str) -> Reply {
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, value: &str| {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        };
        set("accept", accept);
        if !token.is_empty() {
            set("authorization", &format!("Bearer {token}"));
        }
        let incoming = Incoming {
            method: Method::GET,
            path: format!("{BASE}{path}"),
            query: Vec::new(),
            headers,
            body: Bytes::new(),
            upload: Upload::none(),
            origin: "http://127.0.0.1:8600".into(),
        };
        service(&self.house).call(&self.gate, incoming).await.reply
    }
}

fn call() -> Leg {
    Leg {
        from: Party { name: "gp".into(), organisation: "A1".into() },
        to: Party::own("Demographics"),
        what: "Read a patient".into(),
        wire: "FHIR R4".into(),
        took_us: 900,
        sent_bytes: None,
        got_bytes: Some(2_048),
        outcome: "200 OK".into(),
        ended: Ended::Answered,
    }
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[tokio::test]
async fn whoever_takes_part_sees_it_and_nobody_else() {
    let trial = Trial::begin().await;
    for (token, sees) in [("anna", true), ("operator", true), ("carl", false), ("nobody", false)] {
        let one = trial.get(&format!("/{CALLS}"), token, "*/*").await;
        let due = if sees { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(one.status, due, "{token}");
        let list = json(&trial.get("", token, "*/*").await);
        let listed = list["conversations"].as_array().unwrap().len();
        assert_eq!(listed, usize::from(sees), "{token}");
    }
    let nobody = trial.get(&format!("/{CALLS}"), "", "*/*").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn it_goes_out_in_every_form() {
    let trial = Trial::begin().await;
    let whole = json(&trial.get(&format!("/{CALLS}"), "anna", "application/json").await);
    assert_eq!(whole["legs"][0]["from"]["name"], "Hill Road Surgery");
    assert_eq!(whole["legs"][0]["ended"], "answered");
    assert_eq!(whole["running"], true);
    for (path, accept, media_type, begins) in [
        (".svg", "*/*", "image/svg+xml", "<svg"),
        (".txt", "*/*", "text/plain; charset=utf-8", "Asked"),
        (".json", "text/html", "application/json", "{"),
        ("", "image/svg+xml", "image/svg+xml", "<svg"),
        ("", "text/plain", "text/plain; charset=utf-8", "Asked"),
        ("", "text/html,application/xhtml+xml", "text/html; charset=utf-8", "<!doctype html>"),
    ] {
        let reply = trial.get(&format!("/{CALLS}{path}"), "anna", accept).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.headers["content-type"], media_type);
        let text = String::from_utf8(reply.body.to_vec()).unwrap();
        assert!(text.starts_with(begins), "{text}");
    }
    let page = trial.get("", "anna", "text/html").await;
    assert!(String::from_utf8(page.body.to_vec()).unwrap().contains("Hill Road Surgery"));
}

#[tokio::test]
async fn a_message_in_a_mailbox_is_drawn_from_its_history() {
    let trial = Trial::begin().await;
    let broker = &trial.house.broker;
    let envelope = Envelope {
        wire: "mesh".into(),
        from: "ALPHA".into(),
        to: "ALPHA".into(),
        kind: "LETTER".into(),
        conversation: CALLS.to_ascii_uppercase(),
        ..Envelope::default()
    };
    let body = Body::Inline(Bytes::from_static(b"hello"));
    let letter = Submission { envelope, body, named: false, with: Transaction::new() };
    let id = broker.accept(letter).await.unwrap().id;
    broker.collect("ALPHA", id, Transaction::new()).await.unwrap();
    broker.acknowledge("ALPHA", id, Transaction::new()).await.unwrap();
    let whole = json(&trial.get(&format!("/{CALLS}"), "operator", "*/*").await);
    let told: Vec<_> =
        whole["legs"].as_array().unwrap().iter().map(|leg| leg["what"].as_str().unwrap()).collect();
    assert_eq!(told, ["Read a patient", "LETTER", "Fetch LETTER", "Acknowledge it"]);
    let list = json(&trial.get("", "operator", "*/*").await);
    assert_eq!(list["conversations"].as_array().unwrap().len(), 1, "calls and messages are one");
}

#[tokio::test]
async fn a_message_that_came_by_a_call_is_drawn_once_and_by_its_name() {
    let trial = Trial::begin().await;
    let house = trial.house.naming(|kind| kind.ends_with("/R05").then_some("Asks for a record"));
    let broker = &house.broker;
    let envelope = Envelope {
        wire: "ebxml".into(),
        from: "ALPHA".into(),
        to: "ALPHA".into(),
        kind: "urn:records/R05".into(),
        conversation: CALLS.into(),
        ..Envelope::default()
    };
    let letter = Submission {
        envelope,
        body: Body::Inline(Bytes::from_static(b"hello")),
        named: false,
        with: Transaction::new(),
    };
    let at = broker.accept(letter).await.map(|receipt| broker::named_at(receipt.id)).unwrap();
    let brought = Leg { ended: Ended::Acknowledged, what: "Hand over".into(), ..call() };
    let other = Leg { from: Party::own("somebody else"), ..brought.clone() };
    for (call, drawn) in [(brought, 1), (other, 2)] {
        let mut legs = vec![(at, call)];
        gather_messages(&house, &mut legs);
        assert_eq!(legs.len(), drawn);
        let named = legs.iter().filter(|(_, leg)| leg.what == "Asks for a record").count();
        assert_eq!(named, 1);
    }
}

fn gather_messages(house: &House, legs: &mut Vec<(Timestamp, Leg)>) {
    crate::gather::messages::add(house, CALLS, legs).unwrap();
}

#[test]
fn a_call_that_was_passed_on_is_called_what_was_passed_on() {
    let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let onward = Leg {
        from: Party::own("Demographics"),
        to: Party { name: "other".into(), organisation: "B2".into() },
        what: "Refers a patient".into(),
        took_us: 100,
        ..call()
    };
    let later = at + jiff::SignedDuration::from_secs(1);
    for (sent, named) in [(at, "Refers a patient"), (later, "Read a patient")] {
        let mut legs = vec![(at, call()), (sent, onward.clone())];
        crate::gather::name_passed_on(&mut legs);
        assert_eq!(legs[0].1.what, named);
        assert_eq!(legs[1].1.what, "Refers a patient");
    }
}

#[tokio::test]
async fn what_nobody_knows_is_not_found() {
    let trial = Trial::begin().await;
    let reply = trial.get("/00000000-0000-0000-0000-000000000000", "operator", "*/*").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(json(&reply)["code"], "not-found");
}

#[tokio::test]
async fn an_open_house_asks_for_no_token() {
    let trial = Trial::begin().await;
    let trial = Trial { house: trial.house.open(true), ..trial };
    assert_eq!(trial.get(&format!("/{CALLS}"), "", "*/*").await.status, StatusCode::OK);
}
