//! A proxy to try things at, in front of receivers on this machine, each a plain socket, so that
//! it can answer what no server would.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base::{Clock, Dice};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use courier::{Courier, Trust};
use http::Method;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use security::{Gate, Tokens};
use serde_json::{Value, json};
use service::route::Incoming;
use service::{Service, StreamError, Upload};
use store::{Access, Store, Transaction};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use travel::{Leg, Recorder};

use crate::{BASE, HealthcareService, House, record, service};

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8600";
pub(crate) const REQUEST_ID: &str = "c1ab3fba-6bae-4ba4-b257-5a87c44d4a91";
pub(crate) const CORRELATION_ID: &str = "9562466f-c982-4bd5-bb0e-255e9f5e6689";
/// The id of the service that receivers answer for.
pub(crate) const SERVICE_ID: &str = "2000099999";

const TOKENS: &str = r#"
[[token]]
token = "ambulance"
mode = "application"
client = "ambulance-system"
organisation = "RX9Z"

[[token]]
token = "worker"
mode = "worker"
client = "ward"
"#;

/// A proxy, and the store beneath it.
pub(crate) struct Trial {
    service: Service,
    gate: Gate,
    pub(crate) store: Store,
    recorder: Recorder,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Bytes, StreamError>,
}

impl Heard {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body.as_ref().unwrap()).unwrap()
    }

    /// Status, code and issue type of an error.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{outcome:#}");
        assert_eq!(self.headers["content-type"], "application/fhir+json");
        let issue = &outcome["issue"][0];
        let coding = &issue["details"]["coding"][0];
        assert_eq!(coding["system"], nhs::url::HTTP_ERROR);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (self.status, text(&coding["code"]), text(&issue["code"]))
    }

    pub(crate) fn diagnostics(&self) -> String {
        self.json()["issue"][0]["diagnostics"].as_str().unwrap().to_owned()
    }
}

/// A call that is to be made, well-formed until something about it is changed.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

pub(crate) fn call(method: Method, target: &str) -> Call {
    let headers = vec![
        ("authorization", "Bearer ambulance".to_owned()),
        ("accept", "application/fhir+json; version=1.4.0".to_owned()),
        ("x-request-id", REQUEST_ID.to_owned()),
        ("x-correlation-id", CORRELATION_ID.to_owned()),
        ("nhsd-target-identifier", identifier(SERVICE_ID)),
    ];
    Call { method, target: target.to_owned(), headers, body: Bytes::new() }
}

impl Call {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self = self.without(name);
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn sending(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.with("content-type", "application/fhir+json; version=1.4.0")
    }
}

/// The base64 of a JSON document.
pub(crate) fn base64(value: &Value) -> String {
    STANDARD.encode(value.to_string())
}

pub(crate) fn identifier(id: &str) -> String {
    base64(&json!({ "value": id, "system": nhs::url::DOS_SERVICE_ID }))
}

impl Trial {
    /// A proxy whose one service is answered for at this URL.
    pub(crate) async fn before(url: &str) -> Self {
        Self::waiting(url, Duration::from_secs(30)).await
    }

    /// The same, with so much patience.
    pub(crate) async fn waiting(url: &str, wait: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped("2026-11-22T10:00:00Z".parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(5)).unwrap();
        let one = HealthcareService {
            id: SERVICE_ID.into(),
            system: nhs::url::DOS_SERVICE_ID.into(),
            name: "Emergency department".into(),
            organisation: "R1X".into(),
            url: url.into(),
            private: true,
            closed: false,
        };
        let closed = HealthcareService { id: "2000000001".into(), closed: true, ..one.clone() };
        let public = HealthcareService { id: "2000000002".into(), private: false, ..one.clone() };
        let records = [one, closed, public].iter().map(record).collect::<Vec<_>>();
        let transaction = records.into_iter().fold(Transaction::new(), Transaction::record);
        store.commit(transaction).await.unwrap();
        let nobody = Trust::These(rustls::RootCertStore::empty());
        let courier = Courier::new(store.clone(), clock.clone(), ORIGIN, &nobody).unwrap();
        let recorder = Recorder::new(store.clone(), clock.clone());
        let house = House::new(store.clone(), clock, courier.relay())
            .waiting(wait)
            .recorded_by(recorder.clone());
        let gate = Gate::closed(Tokens::from_toml(TOKENS).unwrap());
        Self { service: service(&house), gate, store, recorder, _folder: folder }
    }

    /// Makes a call, and reads all of the answer.
    pub(crate) async fn make(&self, call: Call) -> Heard {
        let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut headers = HeaderMap::new();
        for (name, value) in &call.headers {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let sends = [Method::POST, Method::PUT, Method::PATCH].contains(&call.method);
        let (body, upload) = if sends {
            (Bytes::new(), Upload::from(call.body))
        } else {
            (call.body, Upload::none())
        };
        let incoming = Incoming {
            method: call.method,
            path: format!("{BASE}{path}"),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            headers,
            body,
            upload,
            origin: ORIGIN.into(),
        };
        let reply = self.service.call(&self.gate, incoming).await.reply;
        let body = match reply.download.and_then(|download| download.take()) {
            None => Ok(reply.body),
            Some(mut stream) => {
                let mut whole = Vec::new();
                loop {
                    match stream.next().await {
                        Ok(Some(bytes)) => whole.extend_from_slice(&bytes),
                        Ok(None) => break Ok(whole.into()),
                        Err(error) => break Err(error),
                    }
                }
            }
        };
        Heard { status: reply.status.as_u16(), headers: reply.headers, body }
    }

    /// The lines of the audit chain.
    pub(crate) fn audited(&self) -> Vec<Access> {
        let mut lines = Vec::new();
        let visit = &mut |_: u64, line: &str| {
            assert!(!line.contains("9000000009"), "{line}");
            lines.push(serde_json::from_str(line).unwrap());
            true
        };
        self.store.audit().read(0, visit).unwrap();
        lines
    }

    /// What travelled in the conversation, once it was written down.
    pub(crate) async fn travelled(&self) -> Vec<Leg> {
        let stop = CancellationToken::new();
        stop.cancel();
        self.recorder.clone().run(stop).await;
        let legs = self.recorder.read(CORRELATION_ID).unwrap();
        legs.into_iter().map(|(_, leg)| leg).collect()
    }

    /// The document that the API publishes.
    pub(crate) fn document(&self) -> Value {
        self.service.openapi(ORIGIN)
    }
}

/// A request as a receiver saw it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// A header, by its name; nothing when it is not there.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// What a receiver does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// It answers with these bytes and hangs up.
    Says(Vec<u8>),
    /// It says this and then nothing more, without hanging up.
    Stalls(Vec<u8>),
}

/// An answer with a FHIR body.
pub(crate) fn fhir(status: &str, body: &Value) -> Manner {
    let text = body.to_string();
    Manner::Says(
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/fhir+json; version=1.4.0\r\n\
             connection: close\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        )
        .into_bytes(),
    )
}

/// An answer without a body that says anything.
pub(crate) fn bare(status: &str, headers: &str) -> Manner {
    let text =
        format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: 0\r\n\r\n");
    Manner::Says(text.into_bytes())
}

/// A receiver on a port of its own.
pub(crate) struct Receiver {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Receiver {
    pub(crate) fn who(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let all = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (all, manner) = (Arc::clone(&all), manner.clone());
                thread::spawn(move || serve(stream.unwrap(), &manner, &all));
            }
        });
        Self { address, seen }
    }

    /// The base URL; the slash at its end counts for nothing.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/bars/FHIR/R4/", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, manner: &Manner, all: &Mutex<Vec<Seen>>) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let Some(seen) = request(&mut stream) else { return };
    all.lock().unwrap().push(seen);
    // Who was hung up on has seen enough.
    match manner {
        Manner::Says(bytes) => drop(stream.write_all(bytes)),
        Manner::Stalls(bytes) => {
            drop(stream.write_all(bytes));
            thread::sleep(Duration::from_secs(20));
        }
    }
}

/// Reads a request with its Content-Length; nothing when the caller has hung up.
fn request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut block = [0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let seen = Seen { head, body: bytes[end + 4..].to_vec() };
            let length = seen.header("content-length").map_or(0, |it| it.parse().unwrap());
            if seen.body.len() >= length {
                return Some(seen);
            }
        }
        match stream.read(&mut block) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&block[..count]),
        }
    }
}
