//! The stand-in for the exchange: it forwards what it gets, knows one patient and two practices,
//! and loses and changes messages when it is told to.

use std::sync::{Arc, Mutex};

use desk::{Client, Reply, Request};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::NUMBER;

/// The action of messages in which something is changed: a text, and what stands in its place.
pub(crate) type Change = (&'static str, &'static str, &'static str);

/// A message on its way: where to, of which type, and what.
struct Letter {
    url: String,
    content_type: String,
    bodies: Vec<Vec<u8>>,
}

/// What the stand-in knows.
#[derive(Clone, Default)]
pub(crate) struct StandIn {
    pub(crate) practice: Arc<Mutex<String>>,
    /// Where parties are.
    pub(crate) places: Arc<Mutex<Vec<(String, String)>>>,
    /// How often everything is forwarded.
    pub(crate) times: Arc<Mutex<usize>>,
    /// What came back for what was forwarded.
    pub(crate) receipts: Arc<Mutex<Vec<(u16, String)>>>,
    /// The actions of messages that are lost, each with how many of them pass before.
    pub(crate) lost: Arc<Mutex<Vec<(&'static str, usize)>>>,
    /// The actions of messages that are not forwarded before [`StandIn::let_go`].
    pub(crate) held: Arc<Mutex<Vec<&'static str>>>,
    waiting: Arc<Mutex<Vec<Letter>>>,
    /// What is changed in messages of an action: a text, and what stands in its place.
    pub(crate) changed: Arc<Mutex<Vec<Change>>>,
    /// The action of messages that come once more, under another id.
    pub(crate) again: Arc<Mutex<Option<&'static str>>>,
    /// The codes of refusals that passed.
    pub(crate) codes: Arc<Mutex<Vec<String>>>,
    /// The interactions that nobody has a contract for.
    pub(crate) unlisted: Arc<Mutex<Vec<&'static str>>>,
}

impl StandIn {
    pub(crate) fn answer(self, request: &Request) -> Reply {
        let json = |value: Value| Reply::json(StatusCode::OK, "application/json", &value);
        let body = request.body.clone().unwrap();
        match (&request.method, request.path.as_str()) {
            (&Method::POST, "/oauth2/token") => {
                json(json!({ "access_token": "t", "expires_in": "599" }))
            }
            (&Method::PATCH, _) => {
                let patches: Value = serde_json::from_slice(&body).unwrap();
                let practice = patches["patches"][1]["value"].as_str().unwrap();
                practice.clone_into(&mut self.practice.lock().unwrap());
                json(self.patient())
            }
            (&Method::GET, path) if path.ends_with(NUMBER) => json(self.patient()),
            (&Method::GET, path) if path.starts_with("/spine-directory") => {
                assert_eq!(request.header("apikey"), "key");
                json(self.listed(&request.query))
            }
            (&Method::GET, _) => Reply::new(StatusCode::NOT_FOUND),
            _ => self.forward(request, body.to_vec()),
        }
    }

    /// What the directory knows of the organisation or party that a query names.
    fn listed(&self, query: &str) -> Value {
        let query = percent_decode_str(query).decode_utf8().unwrap().into_owned();
        let unlisted = self.unlisted.lock().unwrap().iter().any(|one| query.contains(one));
        let known = ["OLD", "NEW"]
            .into_iter()
            .find(|code| query.ends_with(code) || query.contains(&format!("|{code}&")));
        let (Some(code), false) = (known, unlisted) else { return json!({ "entry": [] }) };
        let identifier = |name: &str, value: &str| json!({ "system": format!("https://fhir.nhs.uk/Id/{name}"), "value": format!("{value}-{code}") });
        json!({ "entry": [{ "resource": {
            "managingOrganization": { "identifier": { "value": code } },
            "identifier": [
                identifier("nhsSpineASID", "S"),
                identifier("nhsMhsPartyKey", "P"),
                identifier("nhsMhsCPAId", "C"),
            ],
            "extension": [{ "extension": [
                { "url": "nhsMHSPersistDuration", "valueString": "PT1S" },
            ] }],
        } }] })
    }

    /// What is forwarded of a message, in order.
    fn forwarded(&self, action: &str, id: &str, body: Vec<u8>, times: usize) -> Vec<Vec<u8>> {
        let mut text = String::from_utf8(body).unwrap();
        if let Some((_, code)) =
            text.split_once("<acknowledgementDetail typeCode=\"ER\"><code code=\"")
        {
            self.codes.lock().unwrap().push(code[..2].to_owned());
        }
        let changes = self.changed.lock().unwrap();
        for (_, from, to) in changes.iter().filter(|change| change.0 == action) {
            text = text.replace(from, to);
        }
        let mut bodies = vec![text.clone().into_bytes(); times];
        if *self.again.lock().unwrap() == Some(action) {
            let other = format!("{}{}", if id.starts_with('F') { "E" } else { "F" }, &id[1..]);
            bodies.push(text.replace(id, &other).into_bytes());
        }
        bodies
    }

    /// Whether a message is to be lost.
    fn loses(&self, action: &str) -> bool {
        let mut lost = self.lost.lock().unwrap();
        let Some(row) = lost.iter_mut().find(|row| row.0 == action) else { return false };
        if row.1 == 0 {
            return true;
        }
        row.1 -= 1;
        false
    }

    fn patient(&self) -> Value {
        let practice = self.practice.lock().unwrap().clone();
        json!({ "id": NUMBER, "meta": { "versionId": "1" }, "generalPractitioner": [
            { "id": "a", "identifier": { "value": practice } },
        ] })
    }

    fn forward(self, request: &Request, body: Vec<u8>) -> Reply {
        let content_type = request.header("content-type").to_owned();
        let package = hl7v3::ebxml::Package::read(&content_type, &body).unwrap();
        let to = package.message.header.to.id.clone();
        if self.loses(&package.message.header.action) {
            return Reply::new(StatusCode::ACCEPTED);
        }
        let places = self.places.lock().unwrap().clone();
        let (_, url) = places.iter().find(|(party, _)| *party == to).unwrap().clone();
        let times = *self.times.lock().unwrap();
        let header = &package.message.header;
        let bodies = self.forwarded(&header.action, &header.message_id, body, times);
        let letter = Letter { url, content_type, bodies };
        if self.held.lock().unwrap().iter().any(|held| *held == header.action) {
            self.waiting.lock().unwrap().push(letter);
        } else {
            tokio::spawn(async move { self.carry(letter).await });
        }
        Reply::new(StatusCode::ACCEPTED)
    }

    async fn carry(&self, letter: Letter) {
        for body in letter.bodies {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", HeaderValue::from_str(&letter.content_type).unwrap());
            let client = Client::new().unwrap();
            let sent = client.send(Method::POST, &letter.url, headers, body.into()).await;
            let answer = sent.unwrap();
            let kind = answer.header("content-type").to_owned();
            let said = hl7v3::ebxml::Package::read(&kind, &answer.body).unwrap();
            let receipt = (answer.status, said.message.header.action.clone());
            self.receipts.lock().unwrap().push(receipt);
        }
    }

    /// Forwards what was held, and holds nothing from then on.
    pub(crate) async fn let_go(&self) {
        self.held.lock().unwrap().clear();
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap());
        assert!(!waiting.is_empty(), "nothing came that was to be held");
        for letter in waiting {
            self.carry(letter).await;
        }
    }
}
