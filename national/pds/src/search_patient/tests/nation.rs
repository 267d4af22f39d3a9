//! A handful of patients in a store, and a way to ask for them.

use base::{Clock, Dice};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use jiff::Timestamp;
use security::{Caller, Mode};
use serde_json::{Value, json};
use service::{Answer, Request, Upload};
use store::{Expect, Key, Put, Store, Transaction};
use tempfile::TempDir;

use crate::record::{KIND, Record, State};
use crate::search_patient::search_patient;
use crate::{House, index};

/// A house with people in it; the folder goes when it goes.
pub(crate) struct Nation {
    pub(crate) house: House,
    _folder: TempDir,
}

impl Nation {
    pub(crate) async fn of(people: Vec<Record>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(Timestamp::UNIX_EPOCH);
        let dice = Dice::seeded(1);
        let store = Store::open(folder.path(), clock.clone(), &dice).unwrap();
        let nation = Self { house: House::new(store, clock, dice), _folder: folder };
        let puts = people.iter().map(put);
        let all = puts.fold(Transaction::new(), Transaction::put);
        nation.house.store.commit(all).await.unwrap();
        nation
    }

    /// The answer to a query by a caller of this mode.
    pub(crate) async fn ask(&self, mode: Mode, query: &str) -> Answer {
        search_patient(self.house.clone(), request(mode, query).into()).await
    }

    /// The body of an answer to a worker.
    pub(crate) async fn body(&self, query: &str) -> Value {
        let reply = self.ask(Mode::Worker, query).await.unwrap();
        assert_eq!(reply.status, 200);
        serde_json::from_slice(&reply.body).unwrap()
    }

    /// Whom a worker finds, as the last four digits of the numbers, and `too many` for too many.
    pub(crate) async fn found(&self, query: &str) -> Vec<String> {
        numbers(&self.body(query).await)
    }
}

pub(crate) fn put(record: &Record) -> Put {
    Put {
        key: Key::new(KIND, record.patient["id"].as_str().unwrap()),
        expect: Expect::Absent,
        version: None,
        body: record.encode(),
        terms: index::terms(record),
    }
}

/// Whom an answer holds, as the last four digits of the numbers.
pub(crate) fn numbers(body: &Value) -> Vec<String> {
    if body["resourceType"] == "OperationOutcome" {
        return vec!["too many".into()];
    }
    let entries = body["entry"].as_array().cloned().unwrap_or_default();
    assert_eq!(body["total"], entries.len());
    let id = |entry: &Value| entry["resource"]["id"].as_str().unwrap()[6..].to_owned();
    entries.iter().map(id).collect()
}

pub(crate) fn request(mode: Mode, query: &str) -> Request {
    let mut headers = HeaderMap::new();
    let id = "60e0b220-8136-4ca5-ae46-1d97ef59d068";
    headers.insert("x-request-id", HeaderValue::from_static(id));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Request {
        method: Method::GET,
        path: "/personal-demographics/FHIR/R4/Patient".into(),
        path_values: Vec::new(),
        query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        headers,
        body: Bytes::new(),
        upload: Upload::none(),
        caller: Caller { mode, ..Caller::open() },
        origin: "https://example.org".into(),
    }
}

/// A patient who lives at LS1 6AE and is with practice Y12345.
pub(crate) fn patient(id: &str, given: &[&str], family: &str, gender: &str, born: &str) -> Record {
    Record::new(json!({
        "resourceType": "Patient",
        "id": id,
        "identifier": [{ "system": nhs::url::NHS_NUMBER, "value": id }],
        "meta": { "versionId": "1", "security": [{ "code": "U" }] },
        "name": [name("usual", given, family)],
        "gender": gender,
        "birthDate": born,
        "address": [{ "use": "home", "line": ["1 High Street"], "postalCode": "LS1 6AE" }],
        "telecom": [
            { "system": "phone", "use": "home", "value": "01632960001" },
            { "system": "email", "use": "home", "value": "Jane@Example.com" },
        ],
        "generalPractitioner": [{ "identifier": { "value": "Y12345" } }],
    }))
}

pub(crate) fn name(usage: &str, given: &[&str], family: &str) -> Value {
    let mut name = json!({ "use": usage, "given": given });
    if !family.is_empty() {
        name["family"] = family.into();
    }
    name
}

/// Changes to a record, in the order of the sentence.
pub(crate) trait Changes: Sized {
    fn with(self, member: &str, value: Value) -> Self;
    fn class(self, code: &str) -> Self;
    fn also(self, usage: &str, given: &[&str], family: &str) -> Self;
    fn once(self, given: &[&str], family: &str) -> Self;
    fn once_at(self, postcode: &str) -> Self;
    fn once_on(self, system: &str, value: &str) -> Self;
    fn once_gender(self, gender: &str) -> Self;
    fn state(self, state: State) -> Self;
}

impl Changes for Record {
    fn with(mut self, member: &str, value: Value) -> Self {
        self.patient[member] = value;
        self
    }

    fn class(mut self, code: &str) -> Self {
        self.patient["meta"]["security"][0]["code"] = code.into();
        self
    }

    fn also(mut self, usage: &str, given: &[&str], family: &str) -> Self {
        let names = self.patient["name"].as_array_mut().unwrap();
        names.push(name(usage, given, family));
        self
    }

    fn once(mut self, given: &[&str], family: &str) -> Self {
        self.annex.past_names.push(name("usual", given, family));
        self
    }

    fn once_at(mut self, postcode: &str) -> Self {
        self.annex.past_addresses.push(json!({ "use": "home", "postalCode": postcode }));
        self
    }

    fn once_on(mut self, system: &str, value: &str) -> Self {
        self.annex.past_telecoms.push(json!({ "system": system, "value": value }));
        self
    }

    fn once_gender(mut self, gender: &str) -> Self {
        self.annex.past_genders.push(gender.into());
        self
    }

    fn state(mut self, state: State) -> Self {
        self.annex.state = state;
        self
    }
}
