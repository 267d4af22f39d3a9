//! A house to try things in: a store in a folder that goes when the trial goes, two organisations
//! with mailboxes and endpoints, and callers of every kind. Whatever is answered is held against
//! the published specification, so that no scenario can pass with an undocumented answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base::{Clock, Dice};
use broker::{
    Broker, ENDPOINT, Endpoint, MAILBOX, Mailbox, Outcome, ROUTE, Route, Settings, WORKFLOW,
    Workflow, pusher, record,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use security::{Gate, Tokens};
use serde_json::{Value, json};
use service::route::Incoming;
use service::{Interaction, Service, Upload};
use store::{Store, Transaction};
use tempfile::TempDir;

use crate::{BASE, House, service};

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8600";
pub(crate) const START: &str = "2026-11-22T10:00:00Z";

/// Tokens that say who calls: `anna` of the organisation that owns ALPHA, `ben` of the one that
/// owns BETA and the endpoints, `carl` of a third one, and an operator of none.
const TOKENS: &str = r#"
[[token]]
token = "anna"
mode = "application"
client = "anna"
organisation = "A1"

[[token]]
token = "ben"
mode = "worker"
client = "ben"
organisation = "B2"

[[token]]
token = "carl"
mode = "privileged-application"
client = "carl"
organisation = "C3"

[[token]]
token = "nobody"
mode = "application"
client = "nobody"

[[token]]
token = "alpha"
mode = "application"
client = "ALPHA"

[[token]]
token = "operator"
mode = "worker"
client = "operator"
grants = ["operate-messages"]

[[token]]
token = "patient"
mode = "patient"
client = "phone"
patient = "1"
"#;

/// A house with people in it.
pub(crate) struct Trial {
    pub(crate) house: House,
    pub(crate) clock: Clock,
    /// What the next pushes come to; delivered when empty.
    pub(crate) outcomes: Arc<Mutex<VecDeque<Outcome>>>,
    pub(crate) service: Service,
    document: Value,
    gate: Gate,
    _folder: TempDir,
}

/// What is asked.
pub(crate) struct Ask {
    token: &'static str,
    method: Method,
    target: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) body: Value,
}

impl Ask {
    pub(crate) fn get(token: &'static str, target: &str) -> Self {
        let (headers, body) = (Vec::new(), Vec::new());
        Self { token, method: Method::GET, target: target.into(), headers, body }
    }

    pub(crate) fn post(token: &'static str, target: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref().to_vec();
        Self { method: Method::POST, body, ..Self::get(token, target) }
    }

    /// A letter that is handed over.
    pub(crate) fn letter(token: &'static str, to: &str, body: impl AsRef<[u8]>) -> Self {
        let ask = Self::post(token, "", body).with("message-to", to).with("message-type", "LETTER");
        ask.with("content-type", "text/plain")
    }

    /// With a header, in place of one of the same name; without it when the value is empty.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            self.headers.push((name, value.into()));
        }
        self
    }
}

impl Heard {
    /// The status and the code of the problem: `404 not-found`.
    pub(crate) fn fault(&self) -> String {
        format!("{} {}", self.status, self.body["code"].as_str().unwrap_or("-"))
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The id of the message that was accepted.
    pub(crate) fn id(&self) -> String {
        assert_eq!(self.status, 202, "{:?}", self.body);
        self.body["id"].as_str().unwrap().to_owned()
    }

    /// The states of a message's deliveries.
    pub(crate) fn states(&self) -> Vec<&str> {
        let deliveries = self.body["deliveries"].as_array().unwrap();
        deliveries.iter().map(|one| one["state"].as_str().unwrap()).collect()
    }
}

impl Trial {
    /// A closed house.
    pub(crate) async fn new() -> Self {
        Self::of(false).await
    }

    /// A house that is open to callers without credentials.
    pub(crate) async fn open() -> Self {
        Self::of(true).await
    }

    async fn of(open: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(START.parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        store.commit(places()).await.unwrap();
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let broker = Broker::new(store, clock.clone(), Dice::seeded(2), settings).unwrap();
        let house = House::new(broker, clock.clone()).open(open);
        let service = service(&house);
        let tokens = Tokens::from_toml(TOKENS).unwrap();
        Self {
            document: service.openapi(ORIGIN),
            gate: if open { Gate::open(tokens) } else { Gate::closed(tokens) },
            outcomes: Arc::default(),
            _folder: folder,
            house,
            clock,
            service,
        }
    }

    /// Asks, and checks the answer against the specification.
    pub(crate) async fn ask(&self, ask: Ask) -> Heard {
        let (path, query) = ask.target.split_once('?').unwrap_or((&ask.target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut headers = HeaderMap::new();
        let token = format!("Bearer {}", ask.token);
        let credentials = ("authorization", token);
        let all = ask.headers.iter().chain((!ask.token.is_empty()).then_some(&credentials));
        for (name, value) in all {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.insert(HeaderName::from_static(name), value);
        }
        let incoming = Incoming {
            method: ask.method.clone(),
            path: format!("{BASE}{path}"),
            query: pairs.collect(),
            headers,
            body: ask.body.clone().into(),
            upload: Upload::from(bytes::Bytes::from(ask.body.clone())),
            origin: ORIGIN.into(),
        };
        let outcome = self.service.call(&self.gate, incoming).await;
        let reply = outcome.reply;
        let mut bytes = reply.body.to_vec();
        if let Some(download) = &reply.download {
            let mut stream = download.take().unwrap();
            while let Some(piece) = stream.next().await.unwrap() {
                bytes.extend_from_slice(&piece);
            }
        }
        let heard = Heard {
            status: reply.status.as_u16(),
            headers: reply.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            bytes,
        };
        let known = self.service.interactions.iter().find(|i| i.name == outcome.interaction);
        if let Some(interaction) = known {
            self.conforms(interaction, &heard);
        }
        heard
    }

    fn conforms(&self, interaction: &Interaction, heard: &Heard) {
        let method = interaction.method.as_str().to_ascii_lowercase();
        let status = heard.status.to_string();
        let documented = &self.document["paths"][interaction.path][&method]["responses"][&status];
        let name = interaction.name;
        assert!(documented.is_object(), "{name} may not answer {status}: {:?}", heard.body);
        let content = &documented["content"];
        if content["*/*"].is_object() {
            return;
        }
        let type_sent = heard.header("content-type");
        let schema = &content[type_sent]["schema"];
        assert!(schema.is_object(), "{name} may not answer {type_sent} with {status}");
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": self.document["components"],
        });
        let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&heard.body).map(|e| format!("{e}")).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?} in {:#}", heard.body);
    }

    /// Hands a letter over and gives its id.
    pub(crate) async fn send(&self, token: &'static str, to: &str, body: &str) -> String {
        self.ask(Ask::letter(token, to, body)).await.id()
    }

    /// Pushes whatever is due.
    pub(crate) async fn work(&self) {
        let outcomes = Arc::clone(&self.outcomes);
        let carry = pusher(move |_| {
            let outcome = outcomes.lock().unwrap().pop_front().unwrap_or(Outcome::Delivered);
            async move { outcome }
        });
        self.house.broker.work_once(&carry).await;
    }

    /// What the next push comes to.
    pub(crate) fn next(&self, outcome: Outcome) {
        self.outcomes.lock().unwrap().push_back(outcome);
    }

    /// The interactions on the audit chain, each with who called.
    pub(crate) fn audited(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let visit = &mut |_: u64, line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            let word = |name: &str| line[name].as_str().unwrap().to_owned();
            lines.push(format!("{} {}", word("client"), word("interaction")));
            true
        };
        self.house.broker.store().audit().read(0, visit).unwrap();
        lines
    }
}

fn places() -> Transaction {
    let mailbox = |id: &str, organisation: &str| Mailbox {
        id: id.into(),
        name: String::new(),
        organisation: organisation.into(),
        closed: id == "CLOSED",
    };
    let endpoint = |name: &str| Endpoint {
        name: name.into(),
        url: "https://me:hidden@hooks.example/in?key=hidden".into(),
        wire: "webhook".into(),
        organisation: "B2".into(),
        secrets: vec!["hidden".into()],
        acknowledges: name == "THINKS",
        in_order: false,
        pushes_max: 4,
        push_s_max: 30,
        private: false,
        closed: false,
    };
    let route = Route {
        name: "both".into(),
        to: "BOTH".into(),
        kind: String::new(),
        deliver: vec!["BETA".into(), "HOOK".into()],
        ordered: false,
        halt: false,
        deadline_s: 0,
    };
    let in_order = Route {
        name: "order".into(),
        to: "IN-ORDER".into(),
        deliver: vec!["HOOK".into()],
        ordered: true,
        halt: true,
        ..route.clone()
    };
    let workflow = Workflow {
        id: "CLOSED_SHOP".into(),
        name: String::new(),
        senders: vec!["BETA".into()],
        receivers: Vec::new(),
    };
    let mut all = Transaction::new()
        .record(record(ROUTE, "both", &route))
        .record(record(ROUTE, "order", &in_order))
        .record(record(WORKFLOW, "CLOSED_SHOP", &workflow));
    for (id, organisation) in [("ALPHA", "A1"), ("BETA", "B2"), ("CLOSED", "B2")] {
        all = all.record(record(MAILBOX, id, &mailbox(id, organisation)));
    }
    for name in ["HOOK", "THINKS"] {
        all = all.record(record(ENDPOINT, name, &endpoint(name)));
    }
    all
}
