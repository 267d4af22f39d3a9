//! A directory to ask: an exchange, a practice that messages are forwarded to, and systems of all
//! kinds.

use base::{Clock, Dice};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use security::{Caller, Gate, Tokens};
use serde_json::{Value, json};
use service::route::Incoming;
use service::{Service, Upload};
use store::directory::Record;
use store::{Store, Transaction};
use tempfile::TempDir;

use crate::{BASE, House, service};

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8600";
pub(crate) const KEY: &str = "a-key-of-sixteen";
/// An interaction that is forwarded, one that the exchange answers at once, and another.
pub(crate) const REQUEST: &str = "urn:nhs:names:services:gp2gp:RCMR_IN010000UK05";
pub(crate) const TRACE: &str = "urn:nhs:names:services:pdsquery:QUPA_IN000005UK01";
pub(crate) const UPLOAD: &str = "urn:nhs:names:services:psis:REPC_IN150016UK05";
pub(crate) const OTHER: &str = "urn:nhs:names:services:other:OTHR_IN000001UK01";

/// A directory, and who asks.
pub(crate) struct Trial {
    service: Service,
    gate: Gate,
    document: Value,
    store: Store,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Heard {
    /// The resources that were found.
    pub(crate) fn found(&self) -> Vec<&Value> {
        assert_eq!(self.status, 200, "{:#}", self.body);
        let entries = self.body["entry"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(self.body["total"], entries.len());
        entries.iter().map(|entry| &entry["resource"]).collect()
    }

    /// The values of an identifier of what was found.
    pub(crate) fn identifiers(&self, system: &str) -> Vec<&str> {
        let all = self.found().into_iter().filter_map(|it| it["identifier"].as_array()).flatten();
        all.filter(|it| it["system"] == system).filter_map(|it| it["value"].as_str()).collect()
    }

    /// Status, code and issue type of an error.
    pub(crate) fn error(&self) -> (u16, &str, &str) {
        let issue = &self.body["issue"][0];
        let code = issue["details"]["coding"][0]["code"].as_str().unwrap();
        (self.status, code, issue["code"].as_str().unwrap())
    }

    pub(crate) fn diagnostics(&self) -> &str {
        self.body["issue"][0]["diagnostics"].as_str().unwrap()
    }
}

impl Trial {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Clock::System, &Dice::seeded(5)).unwrap();
        let filled = records().into_iter().fold(Transaction::new(), Transaction::record);
        store.commit(filled).await.unwrap();
        let house = House::new(store.clone(), Dice::seeded(6), "https://exchange.example:8601/");
        let service = service(&house);
        let digest = security::tokens::digest(KEY.as_bytes());
        let tokens = Tokens::default().with_key(digest, Caller::application("asker".into()));
        let document = service.openapi(ORIGIN);
        Self { service, gate: Gate::closed(tokens), document, store, _folder: folder }
    }

    /// Writes to the directory.
    pub(crate) async fn write(&self, records: impl IntoIterator<Item = Record>) {
        let all = records.into_iter().fold(Transaction::new(), Transaction::record);
        self.store.commit(all).await.unwrap();
    }

    /// Asks with a key, and checks the answer against the specification.
    pub(crate) async fn ask(&self, target: &str) -> Heard {
        self.send(Method::GET, target, &[("apikey", KEY)]).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        given: &[(&'static str, &str)],
    ) -> Heard {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            let value = HeaderValue::from_str(value).unwrap();
            headers.append(HeaderName::from_static(name), value);
        }
        let incoming = Incoming {
            method,
            path: format!("{BASE}{path}"),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            headers,
            body: Bytes::new(),
            upload: Upload::none(),
            origin: ORIGIN.into(),
        };
        let reply = self.service.call(&self.gate, incoming).await.reply;
        let heard = Heard {
            status: reply.status.as_u16(),
            headers: reply.headers,
            body: serde_json::from_slice(&reply.body).unwrap(),
        };
        self.conforms(path, &heard);
        heard
    }

    fn conforms(&self, path: &str, heard: &Heard) {
        let documented = &self.document["paths"][path]["get"]["responses"];
        let Some(response) = documented.get(heard.status.to_string()) else {
            assert!(documented.is_null(), "{path} may not answer {}", heard.status);
            return;
        };
        let media_type = heard.headers["content-type"].to_str().unwrap();
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [response["content"][media_type]["schema"]],
            "components": self.document["components"],
        });
        let judge = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
        let errors: Vec<String> = judge.iter_errors(&heard.body).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?} in {:#}", heard.body);
    }
}

pub(crate) fn record(kind: &'static str, id: &str, body: &Value) -> Record {
    Record { kind, id: id.to_owned(), body: Some(body.to_string()) }
}

pub(crate) fn system(
    asid: &str,
    organisation: &str,
    key: Option<&str>,
    interactions: &[&str],
) -> Record {
    let mut body = json!({ "asid": asid, "organisation": organisation, "name": "A system" });
    if let Some(key) = key {
        body["party_key"] = json!(key);
    }
    if !interactions.is_empty() {
        body["interactions"] = json!(interactions);
        body["manufacturer"] = json!("m1");
    }
    record("system", asid, &body)
}

fn records() -> Vec<Record> {
    let contract = |cpa: &str, pattern: &str, interaction: &str| -> Value {
        json!({ "cpa": cpa, "pattern": pattern, "interactions": [interaction] })
    };
    let exchange = json!({ "key": "X26-001006", "organisation": "X26", "contract": [
        contract("S001", "synchronous", TRACE),
        contract("S002", "async-reliable", UPLOAD),
        contract("S003", "async-express", OTHER),
        contract("S004", "forward-reliable", REQUEST),
    ]});
    let practice = json!({
        "key": "B86041-822103",
        "organisation": "b86041",
        "address": "https://msh.practice.example:4430/in",
        "contract": [
            {
                "cpa": "P001",
                "pattern": "forward-reliable",
                "interactions": [REQUEST],
                "retries": 3,
                "retry_interval": "PT2M",
                "persist_duration": "PT7H",
            },
            contract("P002", "forward-express", OTHER),
            contract("P003", "async-reliable", UPLOAD),
        ],
    });
    let mut closed = practice.clone();
    closed["key"] = json!("B86042-822104");
    closed["closed"] = json!(true);
    vec![
        record("party", "X26-001006", &exchange),
        record("party", "B86041-822103", &practice),
        record("party", "B86042-822104", &closed),
        system("200000000001", "B86041", Some("B86041-822103"), &["pds:get-patient"]),
        system("200000000002", "B86041", Some("B86041-999999"), &[]),
        system("200000000003", "B86041", None, &[TRACE, REQUEST]),
        system("200000000004", "C86041", Some("B86041-822103"), &[]),
    ]
}

/// A parameter that holds an identifier.
pub(crate) fn pair(name: &str, system: &str, value: &str) -> String {
    format!("{name}={system}|{value}")
}
