//! A house to try things in: mailboxes and endpoints of two organisations, and callers of every
//! kind. Whatever is answered is held against the published specification, status and body.

use base::{Clock, Dice};
use broker::{
    Broker, ENDPOINT, Endpoint, MAILBOX, Mailbox, Page, Parcel, Settings, WORKFLOW, Workflow,
    record,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use security::{Gate, Tokens};
use serde_json::{Value, json};
use service::route::Incoming;
use service::{Interaction, Service, Upload};
use store::messages::{DeliveryId, MessageId};
use store::{Store, Transaction};
use tempfile::TempDir;

use crate::{BASE, House, service};

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8600";

/// Tokens that say who calls.
const TOKENS: &str = r#"
[[token]]
token = "practice"
mode = "application"
client = "practice-system"
organisation = "Y12345"

[[token]]
token = "other"
mode = "privileged-application"
client = "other-system"
organisation = "R1X"

[[token]]
token = "nobody"
mode = "application"
client = "no-organisation"

[[token]]
token = "publisher"
mode = "application"
client = "publisher"
grants = ["publish-events"]

[[token]]
token = "vaccinator"
mode = "application"
client = "vaccinator"
grants = ["publish-imms-vaccination-record-change-1"]

[[token]]
token = "worker"
mode = "worker"
client = "ward"

[[token]]
token = "patient"
mode = "patient"
client = "phone"
patient = "9000000009"
"#;

/// A house with places to deliver to.
pub(crate) struct Trial {
    pub(crate) broker: Broker,
    service: Service,
    document: Value,
    gate: Gate,
    _folder: TempDir,
}

/// What came back: status, headers, and the body as JSON or null.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Heard {
    /// What is wrong with a member.
    pub(crate) fn problem(&self, member: &str) -> &str {
        self.body["validationErrors"][member].as_str().unwrap_or_default()
    }

    /// The one text of an error.
    pub(crate) fn errors(&self) -> &str {
        self.body["errors"].as_str().unwrap_or_default()
    }

    pub(crate) fn id(&self) -> &str {
        self.body["id"].as_str().unwrap()
    }
}

impl Trial {
    /// A house that wants tokens.
    pub(crate) async fn new() -> Self {
        Self::behind(Gate::closed(Tokens::from_toml(TOKENS).unwrap())).await
    }

    /// A house that lets everybody in.
    pub(crate) async fn open() -> Self {
        Self::behind(Gate::open(Tokens::from_toml(TOKENS).unwrap())).await
    }

    async fn behind(gate: Gate) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped("2026-11-22T10:00:00Z".parse().unwrap());
        let dice = Dice::seeded(5);
        let store = Store::open(folder.path(), clock.clone(), &dice).unwrap();
        store.commit(places()).await.unwrap();
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let broker = Broker::new(store, clock.clone(), dice.clone(), settings).unwrap();
        let service = service(&House::new(broker.clone(), clock, dice));
        Self { document: service.openapi(ORIGIN), broker, service, gate, _folder: folder }
    }

    /// Asks, and checks the answer against the specification.
    pub(crate) async fn ask(&self, token: &str, what: (Method, &str), body: &Value) -> Heard {
        let media_type = match what.1 {
            "/events" => "application/cloudevents+json",
            _ => "application/fhir+json",
        };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(token, what, media_type, body.into()).await
    }

    /// Asks with any bytes of any media type.
    pub(crate) async fn send(
        &self,
        token: &str,
        (method, target): (Method, &str),
        media_type: &str,
        body: Bytes,
    ) -> Heard {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut headers = HeaderMap::new();
        let bearer = format!("Bearer {token}");
        let authorization = if token.is_empty() { "" } else { &bearer };
        for (name, value) in [
            ("authorization", authorization),
            ("content-type", media_type),
            ("x-correlation-id", "11C46F5F-CDEF"),
        ] {
            if !value.is_empty() {
                let value = HeaderValue::from_str(value).unwrap();
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let incoming = Incoming {
            method,
            path: format!("{BASE}{path}"),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            headers,
            body,
            upload: Upload::none(),
            origin: ORIGIN.into(),
        };
        let outcome = self.service.call(&self.gate, incoming).await;
        let heard = Heard {
            status: outcome.reply.status.as_u16(),
            headers: outcome.reply.headers,
            body: serde_json::from_slice(&outcome.reply.body).unwrap_or_default(),
        };
        assert_eq!(heard.headers["x-correlation-id"], "11C46F5F-CDEF");
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
        assert!(documented.is_object(), "{} may not answer {status}", interaction.name);
        let content = &documented["content"];
        let type_sent = heard.headers.get("content-type").map_or("", |sent| sent.to_str().unwrap());
        assert!(content.is_null() || !content[type_sent].is_null(), "{type_sent} of {status}");
        let schema = &content[type_sent]["schema"];
        if schema.is_object() {
            self.fits(schema, &heard.body);
        }
    }

    /// Checks a value against a schema of the specification.
    pub(crate) fn fits(&self, schema: &Value, value: &Value) {
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": self.document["components"],
        });
        let judge = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
        let errors: Vec<String> = judge.iter_errors(value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?} in {value:#}");
    }

    /// The document of a body that is taken.
    pub(crate) fn body_of(&self, path: &str, media_type: &str) -> &Value {
        &self.document["paths"][path]["post"]["requestBody"]["content"][media_type]
    }

    /// Subscribes, and gives the id.
    pub(crate) async fn subscribe(&self, token: &str, body: &Value) -> String {
        let heard = self.ask(token, (Method::POST, "/subscriptions"), body).await;
        assert_eq!(heard.status, 201, "{:#}", heard.body);
        heard.id().to_owned()
    }

    /// What waits in a mailbox, oldest first.
    pub(crate) fn waiting(&self, mailbox: &str) -> Vec<Parcel> {
        let page = Page { after: DeliveryId(0), most: 100 };
        let waiting = self.broker.waiting(mailbox, page, &|_| true).unwrap();
        let look = |id: MessageId| self.broker.look(mailbox, id).unwrap();
        waiting.messages.into_iter().map(look).collect()
    }

    /// The interactions on the audit chain, with outcome and how many patients they name.
    pub(crate) fn audited(&self) -> Vec<(String, u64, usize)> {
        let mut lines = Vec::new();
        let visit = &mut |_: u64, line: &str| {
            assert!(!line.contains("9000000009"), "{line}");
            let line: Value = serde_json::from_str(line).unwrap();
            lines.push((
                line["interaction"].as_str().unwrap().to_owned(),
                line["outcome"].as_u64().unwrap(),
                line["subjects"].as_array().unwrap().len(),
            ));
            true
        };
        self.broker.store().audit().read(0, visit).unwrap();
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
        url: "https://example.org/".into(),
        wire: "webhook".into(),
        organisation: "Y12345".into(),
        secrets: Vec::new(),
        acknowledges: false,
        in_order: false,
        pushes_max: 4,
        push_s_max: 30,
        private: false,
        closed: name == "closed-hook",
    };
    let workflow = Workflow {
        id: "CLOSED_SHOP".into(),
        name: String::new(),
        senders: Vec::new(),
        receivers: vec!["OTHER".into()],
    };
    let mut transaction = Transaction::new().record(record(WORKFLOW, "CLOSED_SHOP", &workflow));
    for (id, owner) in [
        ("PRACTICE", "Y12345"),
        ("PRACTICE2", "Y12345"),
        ("CLOSED", "Y12345"),
        ("OTHER", "R1X"),
        ("NOBODYS", ""),
    ] {
        transaction = transaction.record(record(MAILBOX, id, &mailbox(id, owner)));
    }
    for name in ["hook", "closed-hook", "OTHER"] {
        transaction = transaction.record(record(ENDPOINT, name, &endpoint(name)));
    }
    transaction
}

/// A subscription to be made.
pub(crate) fn wanted(criteria: &str, endpoint: &str) -> Value {
    json!({
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "Because",
        "criteria": criteria,
        "channel": { "type": "message", "endpoint": endpoint, "payload": "application/json" },
    })
}
