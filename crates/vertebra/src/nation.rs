//! A stand-in until the nation is built (its builder overwrites this file).

use store::{Expect, Key, Put, Store};

pub(crate) struct Plan;

#[derive(serde::Serialize)]
pub(crate) struct Interesting {
    pub(crate) id: String,
    pub(crate) why: String,
}

impl Plan {
    pub(crate) fn new(_people: u64, _seed: u64) -> Self {
        Self
    }
}

pub(crate) fn sample(_plan: &Plan, _most: u64) -> Vec<Interesting> {
    Vec::new()
}

pub(crate) fn interesting(_plan: &Plan) -> Vec<Interesting> {
    Vec::new()
}

pub(crate) fn load(store: &Store, _plan: &Plan, progress: &mut dyn FnMut(u64, u64)) -> Result<(), String> {
    let record = pds::Record::new(serde_json::json!({"resourceType": "Patient", "id": "9000000009", "meta": {"versionId": "2"}}));
    let put = Put { key: Key::new(pds::record::KIND, "9000000009"), expect: Expect::Absent, version: Some(2), body: record.encode(), terms: pds::index::terms(&record) };
    progress(1, 1);
    store.resources().load(vec![put]).map_err(|e| e.to_string())
}
