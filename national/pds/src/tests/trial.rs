//! A house to try things in: a store in a folder that goes when the trial goes, a handful of
//! people, and callers of every mode. Whatever is answered is held against the published
//! specification, status and body, so that no scenario can pass with an undocumented answer.

use std::sync::atomic::{AtomicU32, Ordering};

use base::{Clock, Dice};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use security::{Gate, Tokens};
use serde_json::{Value, json};
use service::route::Incoming;
use service::{Interaction, Service, Upload};
use store::{Expect, Key, Put, Store, Transaction, directory};
use tempfile::TempDir;

use crate::record::{Annex, KIND, Record};
use crate::{BASE, House, index, service};

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8600";

/// Tokens that say who calls.
const TOKENS: &str = r#"
[[token]]
token = "worker"
mode = "worker"
client = "ward"

[[token]]
token = "application"
mode = "application"
client = "lab"

[[token]]
token = "privileged"
mode = "privileged-application"
client = "registry"

[[token]]
token = "jane"
mode = "patient"
client = "phone"
patient = "9000000009"

[[token]]
token = "updater"
mode = "application"
client = "updater"
grants = ["app-restricted-update"]

[[token]]
token = "trusted"
mode = "worker"
client = "back-office"
grants = ["update-restricted", "formal-death-notification", "remove-general-practice"]

[[token]]
token = "hidden"
mode = "patient"
client = "phone"
patient = "9000000025"

[[token]]
token = "stranger"
mode = "patient"
client = "phone"
patient = "9111231130"

[[api_key]]
key = "monitor's key"
client = "monitor"
"#;

/// The organisations of the directory, by code and kind.
const ORGANISATIONS: [(&str, &str); 6] = [
    ("Y12345", "gp-practice"),
    ("B83001", "gp-practice"),
    ("FA123", "pharmacy"),
    ("FB999", "pharmacy"),
    ("FX123", "pharmacy"),
    ("R1X", "hospital-trust"),
];

/// A house with people in it.
pub(crate) struct Trial {
    pub(crate) house: House,
    pub(crate) clock: Clock,
    service: Service,
    document: Value,
    gate: Gate,
    asked: AtomicU32,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// What is asked.
pub(crate) struct Ask {
    token: &'static str,
    method: Method,
    target: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Ask {
    /// A GET of a path and query below the base.
    pub(crate) fn get(token: &'static str, target: &str) -> Self {
        Self {
            token,
            method: Method::GET,
            target: target.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A POST of a resource.
    pub(crate) fn post(token: &'static str, target: &str, body: &Value) -> Self {
        let ask = Self { method: Method::POST, ..Self::get(token, target) };
        let ask = Self { body: body.to_string().into_bytes(), ..ask };
        ask.with("content-type", "application/fhir+json")
    }

    /// A PATCH of a patient at a version.
    pub(crate) fn patch(token: &'static str, number: &str, version: u64, patches: &Value) -> Self {
        let target = format!("/Patient/{number}");
        let ask = Self { method: Method::PATCH, ..Self::get(token, &target) };
        let ask = Self { body: json!({ "patches": patches }).to_string().into_bytes(), ..ask };
        let ask = ask.with("content-type", "application/json-patch+json");
        ask.with("if-match", &format!("W/\"{version}\""))
    }

    /// With a header, in place of one of the same name.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// With other bytes as its body.
    pub(crate) fn bytes(self, body: &[u8]) -> Self {
        Self { body: body.to_vec(), ..self }
    }
}

impl Heard {
    /// The code of the one issue, with the status in front: `400 MISSING_VALUE`.
    pub(crate) fn fault(&self) -> String {
        let code = self.body.pointer("/issue/0/details/coding/0/code").and_then(Value::as_str);
        format!("{} {}", self.status.as_u16(), code.unwrap_or("-"))
    }

    /// The text for the developer.
    pub(crate) fn diagnostics(&self) -> &str {
        self.body.pointer("/issue/0/diagnostics").and_then(Value::as_str).unwrap_or_default()
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Trial {
    /// A closed house with these people, seven minutes after nine on a day in May.
    pub(crate) async fn of(people: Vec<Record>) -> Self {
        Self::made(people, |house| house).await
    }

    /// The same, but that the house is made otherwise.
    pub(crate) async fn made(people: Vec<Record>, make: impl Fn(House) -> House) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped("2025-05-20T09:07:00Z".parse().unwrap());
        let dice = Dice::seeded(5);
        let store = Store::open(folder.path(), clock.clone(), &dice).unwrap();
        let house = make(House::new(store, clock.clone(), dice));
        let service = service(&house);
        let trial = Self {
            document: service.openapi(ORIGIN),
            gate: Gate::closed(Tokens::from_toml(TOKENS).unwrap()),
            asked: AtomicU32::new(0),
            _folder: folder,
            house,
            clock,
            service,
        };
        for (code, kind) in ORGANISATIONS {
            let body = json!({ "ods": code, "name": "The Name", "kind": kind });
            trial.enter("organisation", code, &body).await;
        }
        for person in people {
            trial.put(&person).await;
        }
        trial
    }

    /// Enters something into the directory.
    pub(crate) async fn enter(&self, kind: &'static str, id: &str, body: &Value) {
        let record = directory::Record { kind, id: id.to_owned(), body: Some(body.to_string()) };
        self.house.store.commit(Transaction::new().record(record)).await.unwrap();
    }

    /// Puts a record into the store as it is.
    pub(crate) async fn put(&self, record: &Record) {
        let put = Put {
            key: Key::new(KIND, record.patient["id"].as_str().unwrap()),
            expect: Expect::Any,
            version: None,
            body: record.encode(),
            terms: index::terms(record),
        };
        self.house.store.commit(Transaction::new().put(put)).await.unwrap();
    }

    /// Asks, and checks the answer against the specification.
    pub(crate) async fn ask(&self, ask: Ask) -> Heard {
        let (path, query) = ask.target.split_once('?').unwrap_or((&ask.target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let incoming = Incoming {
            method: ask.method.clone(),
            path: format!("{BASE}{path}"),
            query: pairs.collect(),
            headers: self.headers(&ask),
            body: ask.body.clone().into(),
            upload: Upload::none(),
            origin: ORIGIN.into(),
        };
        let outcome = self.service.call(&self.gate, incoming).await;
        let heard = Heard {
            status: outcome.reply.status,
            headers: outcome.reply.headers,
            body: serde_json::from_slice(&outcome.reply.body).unwrap_or_default(),
        };
        let known = self.service.interactions.iter().find(|i| i.name == outcome.interaction);
        if let Some(interaction) = known {
            self.conforms(interaction, &heard);
        }
        heard
    }

    fn headers(&self, ask: &Ask) -> HeaderMap {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let mut all = vec![
            ("authorization", format!("Bearer {}", ask.token)),
            ("x-request-id", format!("60e0b220-8136-4ca5-ae46-{number:012}")),
        ];
        all.extend(ask.headers.iter().cloned());
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.remove(name);
            if !value.is_empty() {
                let value = HeaderValue::from_str(&value).unwrap();
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers
    }

    fn conforms(&self, interaction: &Interaction, heard: &Heard) {
        let method = interaction.method.as_str().to_ascii_lowercase();
        let status = heard.status.as_u16().to_string();
        let documented = &self.document["paths"][interaction.path][&method]["responses"][&status];
        assert!(documented.is_object(), "{} may not answer {status}", interaction.name);
        let content = &documented["content"];
        let type_sent = heard.headers.get("content-type").map_or("", |sent| sent.to_str().unwrap());
        assert!(content.is_null() || !content[type_sent].is_null(), "{type_sent} of {status}");
        let schema = &content[type_sent]["schema"];
        if schema.is_object() {
            fits(&self.document, schema, &heard.body);
        }
    }

    /// How many records of patients there are.
    pub(crate) fn people(&self) -> u64 {
        self.house.store.resources().count(KIND).unwrap()
    }

    /// The interactions on the audit chain, with their outcomes and how many patients they name.
    pub(crate) fn audited(&self) -> Vec<(String, u64, usize)> {
        let mut lines = Vec::new();
        let visit = &mut |_: u64, line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            lines.push((
                line["interaction"].as_str().unwrap().to_owned(),
                line["outcome"].as_u64().unwrap(),
                line["subjects"].as_array().unwrap().len(),
            ));
            true
        };
        self.house.store.audit().read(0, visit).unwrap();
        lines
    }
}

/// Checks a value against a schema of the document.
pub(crate) fn fits(document: &Value, schema: &Value, value: &Value) {
    let errors = misfits(document, schema, value);
    assert!(errors.is_empty(), "{errors:#?} in {value:#}");
}

/// What is wrong with a value, by a schema of the document.
pub(crate) fn misfits(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let errors = validator(document, schema);
    errors.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What judges values by a schema of the document.
pub(crate) fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": document["components"],
    });
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

/// A patient of whom nothing else is known.
pub(crate) fn person(number: &str, name: (&str, &str), born: &str, postcode: &str) -> Record {
    let (given, family) = name;
    Record::new(json!({
        "resourceType": "Patient",
        "id": number,
        "identifier": [{ "system": nhs::url::NHS_NUMBER, "value": number }],
        "meta": { "versionId": "1", "security": [{ "code": "U", "display": "unrestricted" }] },
        "name": [{ "id": "AA11BB22", "use": "usual", "given": [given], "family": family }],
        "gender": "female",
        "birthDate": born,
        "address": [{
            "id": "CC33DD44",
            "use": "home",
            "line": ["1 Long Row"],
            "postalCode": postcode,
        }],
    }))
}

/// The same patient, restricted (`R`) or very restricted (`V`).
pub(crate) fn restricted(mut record: Record, code: &str) -> Record {
    record.patient["meta"]["security"] = json!([{ "code": code, "display": "restricted" }]);
    record
}

/// The same patient, with this beside the resource.
pub(crate) fn beside(record: Record, annex: Annex) -> Record {
    Record { annex, ..record }
}
