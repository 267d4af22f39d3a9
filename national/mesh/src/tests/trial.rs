//! A house to try things in: a broker over a store in a folder that goes when the trial goes,
//! three mailboxes, and tokens made as clients make them. Whatever is answered is held against the
//! published specification, status and body, so that no scenario can pass with an undocumented
//! answer.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base::{Clock, Dice};
use broker::{
    Broker, MAILBOX, Mailbox, Outcome, Pusher, Settings, WORKFLOW, Workflow, pusher, record,
};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use jiff::tz::TimeZone;
use security::{Gate, Tokens};
use serde_json::{Value, json};
use service::route::{Incoming, Whence};
use service::{BodyStream, Interaction, Reply, Service, Upload};
use sha2::Sha256;
use store::messages::MessageId;
use store::{Store, Transaction, directory};
use tempfile::TempDir;

use crate::{BASE, House, SECRET, Secret, Trace, TraceProblem, service};

pub(crate) const V2: &str = "application/vnd.mesh.v2+json";
const ORIGIN: &str = "http://127.0.0.1:8600";
const START: &str = "2026-11-22T10:00:00Z";
const KEY: &str = "TestKey";

/// A house with mailboxes.
pub(crate) struct Trial {
    pub(crate) house: House,
    pub(crate) clock: Clock,
    service: Service,
    document: Value,
    pub(crate) gate: Gate,
    asked: AtomicU32,
    carry: Pusher,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// Whether the length was known beforehand.
    pub(crate) sized: bool,
    pub(crate) body: Value,
}

/// How a caller proves to be a mailbox.
#[derive(Clone)]
enum Proof {
    /// By a fresh token.
    Fresh,
    /// By this header.
    Header(String),
    /// Not at all.
    None,
}

/// What is asked.
#[derive(Clone)]
pub(crate) struct Ask {
    mailbox: String,
    method: Method,
    target: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
    token: Proof,
    address: IpAddr,
}

impl Ask {
    pub(crate) fn new(method: Method, mailbox: &str, target: &str) -> Self {
        Self {
            mailbox: mailbox.into(),
            method,
            target: target.into(),
            headers: Vec::new(),
            body: Vec::new(),
            token: Proof::Fresh,
            address: Ipv4Addr::LOCALHOST.into(),
        }
    }

    /// A GET of a path and query below the mailbox, in version 2.
    pub(crate) fn get(mailbox: &str, target: &str) -> Self {
        Self::new(Method::GET, mailbox, target).with("accept", V2)
    }

    /// A message from one mailbox to another.
    pub(crate) fn send(from: &str, to: &str, body: &[u8]) -> Self {
        let ask = Self::new(Method::POST, from, "/outbox").with("accept", V2).bytes(body);
        ask.with("mex-to", to).with("mex-workflowid", "LETTER")
    }

    /// With a header, in place of one of the same name.
    pub(crate) fn with(self, name: &'static str, value: &str) -> Self {
        self.with_bytes(name, value.as_bytes())
    }

    /// With a header of these bytes.
    pub(crate) fn with_bytes(mut self, name: &'static str, value: &[u8]) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_vec()));
        self
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// From another address.
    pub(crate) fn from(self, address: &str) -> Self {
        Self { address: address.parse().unwrap(), ..self }
    }

    /// With other bytes as its body.
    pub(crate) fn bytes(self, body: &[u8]) -> Self {
        Self { body: body.to_vec(), ..self }
    }

    /// With this in place of a token; nothing for none.
    pub(crate) fn token(self, token: Option<&str>) -> Self {
        Self { token: token.map_or(Proof::None, |text| Proof::Header(text.to_owned())), ..self }
    }
}

impl Heard {
    /// A header as text; empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The id of the message that was taken on.
    pub(crate) fn id(&self) -> String {
        let id = self.body.get("message_id").or_else(|| self.body.get("messageID"));
        id.and_then(Value::as_str).unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }

    /// The status, and the body where there is one: for a table of errors.
    pub(crate) fn said(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        format!("{} {text}", self.status.as_u16()).trim().to_owned()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        let ids = self.body["messages"].as_array().unwrap_or_else(|| panic!("{self:?}"));
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }
}

impl Trial {
    /// A closed house, at ten on a day in November.
    pub(crate) async fn new() -> Self {
        Self::with(|house| house).await
    }

    /// The same, arranged otherwise.
    pub(crate) async fn with(arrange: impl FnOnce(House) -> House) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(START.parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        store.commit(entries()).await.unwrap();
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let broker = Broker::new(store, clock.clone(), Dice::seeded(2), settings).unwrap();
        let house = House::new(broker, clock.clone(), Dice::seeded(3)).with_tracer(tracer());
        let house = arrange(house);
        let service = service(&house);
        Self {
            document: service.openapi(ORIGIN),
            gate: Gate::closed(Tokens::default()),
            asked: AtomicU32::new(0),
            carry: pusher(|_| async { Outcome::Delivered }),
            _folder: folder,
            house,
            clock,
            service,
        }
    }

    /// Asks, and checks the answer against the specification.
    pub(crate) async fn ask(&self, ask: Ask) -> Heard {
        let (path, query) = ask.target.split_once('?').unwrap_or((&ask.target, ""));
        let decode = |text: &str| service::route::decode(text);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), decode(value)));
        let below =
            if ask.mailbox.is_empty() { String::new() } else { format!("/{}", ask.mailbox) };
        let body = bytes::Bytes::from(ask.body.clone());
        let incoming = Incoming {
            method: ask.method.clone(),
            path: format!("{BASE}{below}{path}"),
            query: pairs.collect(),
            headers: self.headers(&ask),
            upload: Upload::new(BodyStream::from(body.clone())),
            body,
            origin: ORIGIN.into(),
        };
        let whence = Whence { address: Some(ask.address), ..Whence::default() };
        let outcome = self.service.call_with(&self.gate, incoming, whence).await;
        let heard = hear(outcome.reply).await;
        let known = self.service.interactions.iter().find(|i| i.name == outcome.interaction);
        if let Some(interaction) = known {
            self.conforms(interaction, &heard);
        }
        heard
    }

    /// Sends a message, which must be taken on.
    pub(crate) async fn sent(&self, ask: Ask) -> String {
        let heard = self.ask(ask).await;
        assert_eq!(heard.status, 202, "{heard:?}");
        heard.id()
    }

    /// Puts an acknowledgement.
    pub(crate) async fn acknowledge(&self, mailbox: &str, id: &str) -> Heard {
        let target = format!("/inbox/{id}/status/acknowledged");
        self.ask(Ask::new(Method::PUT, mailbox, &target).with("accept", V2)).await
    }

    /// The ids that wait in a mailbox.
    pub(crate) async fn waiting(&self, mailbox: &str) -> Vec<String> {
        self.ask(Ask::get(mailbox, "/inbox")).await.ids()
    }

    fn headers(&self, ask: &Ask) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let token = match &ask.token {
            Proof::Fresh => Some(self.token(&ask.mailbox.to_ascii_uppercase())),
            Proof::Header(header) => Some(header.clone()),
            Proof::None => None,
        };
        if let Some(token) = token {
            headers.insert("authorization", HeaderValue::from_str(&token).unwrap());
        }
        for (name, value) in &ask.headers {
            let value = HeaderValue::from_bytes(value).unwrap();
            headers.insert(HeaderName::from_static(name), value);
        }
        headers
    }

    /// A token as a client makes it, never the same twice.
    pub(crate) fn token(&self, mailbox: &str) -> String {
        let count = self.asked.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.now().to_zoned(TimeZone::UTC);
        token(mailbox, "password", KEY, count, &now.strftime("%Y%m%d%H%M").to_string())
    }

    fn conforms(&self, interaction: &Interaction, heard: &Heard) {
        let method = interaction.method.as_str().to_ascii_lowercase();
        let status = heard.status.as_u16().to_string();
        let documented = &self.document["paths"][interaction.path][&method]["responses"][&status];
        assert!(documented.is_object(), "{} may not answer {status}", interaction.name);
        let content = &documented["content"];
        if heard.bytes.is_empty() || !content["*/*"].is_null() {
            return;
        }
        let schema = &content[heard.header("content-type")]["schema"];
        assert!(!schema.is_null(), "{} of {status}: {heard:?}", interaction.name);
        let errors = misfits(&self.document, schema, &heard.body);
        assert!(errors.is_empty(), "{errors:#?} in {:#}", heard.body);
    }

    /// Lets time pass.
    pub(crate) fn pass_s(&self, seconds: i64) {
        self.clock.advance_ms(seconds * 1_000);
    }

    /// Has the broker do what is due.
    pub(crate) async fn work(&self) {
        self.house.broker.work_once(&self.carry).await;
    }

    /// The interactions on the audit chain, with who did what to which message.
    pub(crate) fn audited(&self) -> Vec<(String, String, String)> {
        let mut lines = Vec::new();
        let visit = &mut |_: u64, line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            lines.push((text("interaction"), text("client"), text("request")));
            assert_eq!(line["mode"], "mailbox");
            true
        };
        self.house.store().audit().read(0, visit).unwrap();
        lines
    }

    /// Enters something into the directory, and has the broker read it.
    pub(crate) async fn enter(&self, record: directory::Record) {
        self.house.store().commit(Transaction::new().record(record)).await.unwrap();
        self.house.broker.directory().changed().unwrap();
    }
}

/// A token.
pub(crate) fn token(mailbox: &str, password: &str, key: &str, count: u32, time: &str) -> String {
    let nonce = "97bf007e-3027-4127-ac9d-f9a25de4de68";
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(format!("{mailbox}:{nonce}:{count}:{password}:{time}").as_bytes());
    let hash: Vec<String> =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("NHSMESH {mailbox}:{nonce}:{count}:{time}:{}", hash.concat())
}

/// The message with an id.
pub(crate) fn read(id: &str) -> MessageId {
    broker::read_id(id).unwrap()
}

async fn hear(reply: Reply) -> Heard {
    let sized = reply.download.as_ref().is_none_or(|download| download.size().is_some());
    let mut bytes = reply.body.to_vec();
    if let Some(mut stream) = reply.download.and_then(|download| download.take()) {
        while let Some(piece) = stream.next().await.unwrap() {
            bytes.extend_from_slice(&piece);
        }
    }
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Heard { status: reply.status, headers: reply.headers, body, bytes, sized }
}

fn misfits(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": document["components"],
    });
    let validator = jsonschema::options().build(&whole).unwrap();
    let errors = validator.iter_errors(value);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A mailbox of an organisation.
pub(crate) fn mailbox(id: &str, organisation: &str, closed: bool) -> directory::Record {
    let mailbox = Mailbox {
        id: id.into(),
        name: format!("Box {id}"),
        organisation: organisation.into(),
        closed,
    };
    record(MAILBOX, id, &mailbox)
}

/// A workflow between mailboxes.
pub(crate) fn workflow(id: &str, senders: &[&str], receivers: &[&str]) -> directory::Record {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let (senders, receivers) = (owned(senders), owned(receivers));
    record(WORKFLOW, id, &Workflow { id: id.into(), name: String::new(), senders, receivers })
}

fn entries() -> Transaction {
    let secret = Secret { password: "password".into(), shared_key: KEY.into() };
    let mut transaction = Transaction::new();
    for (id, organisation) in
        [("ALPHA", "R1X"), ("BETA", "Y12345"), ("GAMMA", "Y12345"), ("CLOSED", "R1X")]
    {
        transaction = transaction
            .record(mailbox(id, organisation, id == "CLOSED"))
            .record(record(SECRET, id, &secret));
    }
    let organisation = json!({ "ods": "Y12345", "name": "Long Row Surgery" });
    transaction
        .record(workflow("CLOSED_SHOP", &["ALPHA"], &["BETA"]))
        .record(workflow("OPEN_SHOP", &[], &[]))
        .record(workflow("TOC_FHIR_IP_DISCH", &["ALPHA"], &["BETA"]))
        .record(record("organisation", "Y12345", &organisation))
}

/// Knows Jane, whose practice is Y12345, and Jim, who has none.
fn tracer() -> crate::Tracer {
    Arc::new(|person, request| {
        assert!(!request.caller.client.is_empty());
        let practice = match (person.number().is_some(), person.nhs_number.as_str()) {
            (false, _) => Err(TraceProblem::NoNumber),
            (true, "9000000009")
                if person.born == "2010-10-22" && person.family == "Smith_Jones" =>
            {
                Ok("Y12345".to_owned())
            }
            (true, "9000000009") => Err(TraceProblem::NotThem),
            (true, "9000000017") => Ok("B83001".to_owned()),
            (true, "9000000025") => Err(TraceProblem::NoPractice),
            _ => Err(TraceProblem::NotFound),
        };
        Ok(Trace { practice, access: None })
    })
}
