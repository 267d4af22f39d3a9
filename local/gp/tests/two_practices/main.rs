//! Two practices, and between them a stand-in for the exchange that forwards what it gets and
//! knows one patient. What it cannot show, the whole house's own tests do.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod hostile;
mod refusals;
mod stand_in;
mod trial;

use desk::Folder;
use serde_json::{Value, json};

use crate::trial::Trial;

const NUMBER: &str = "9000000009";
/// A message is small here, so that records are soon too large for one.
const MESSAGE_BYTES_MAX: usize = 100_000;

/// A record that takes several messages.
pub(crate) fn large() -> Value {
    let scan = json!({ "name": "scan.tiff", "bytes": 300_000 });
    json!({ "nhs_number": NUMBER, "notes": ["a note"], "documents": [scan] })
}

pub(crate) fn notes() -> Value {
    json!({ "nhs_number": NUMBER, "notes": ["asthma since 2019", "a < b & \"c\""] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_moves_and_both_practices_know_it() {
    let trial = Trial::new().await;
    assert_eq!(trial.old.act("admit", notes()).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    assert_eq!(*trial.stand_in.practice.lock().unwrap(), "NEW");
    let records = trial.new.records("record").await;
    assert_eq!(records, trial.old.records("record").await, "word for word");
    assert_eq!(records[0]["notes"].as_array().unwrap().len(), 2);
    trial.old.comes_to("acknowledged").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forwarded_twice_is_done_once() {
    let trial = Trial::new().await;
    *trial.stand_in.times.lock().unwrap() = 3;
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    let records = trial.new.records("record").await;
    assert_eq!(records[0]["notes"].as_array().unwrap().len(), 2);
    assert!(trial.stand_in.receipts.lock().unwrap().len() >= 3, "each time");
    assert_eq!(trial.old.records("transfer").await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_go_with_the_record_apart_from_it_and_in_fragments() {
    let trial = Trial::new().await;
    let document = |name: &str, bytes: u64| json!({ "name": name, "bytes": bytes });
    let documents = json!([
        document("letter \"one\".tiff", 20_000),
        document("scan.tiff", 60_000),
        document("scan.tiff", 400_000),
        document("scan.tiff", 0),
    ]);
    let told = json!({ "nhs_number": NUMBER, "notes": ["a note"], "documents": documents });
    assert_eq!(trial.old.act("admit", told).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    let (old, new) = (trial.old.records("record").await, trial.new.records("record").await);
    assert_eq!(old, new, "each with its name and the same hash");
    let transfer = &trial.new.records("transfer").await[0];
    let fragments = transfer["fragments"].as_u64().unwrap();
    assert!(fragments > 6, "one whole, one index and its fragments: {fragments}");
    assert_eq!(transfer["fragments_done"], fragments);
    let sent = trial.old.comes_to("acknowledged").await;
    assert_eq!(sent["fragments_done"], fragments, "each was acknowledged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_here_already_is_not_written_over() {
    let trial = Trial::new().await;
    let documents = json!([{ "name": "scan.tiff", "bytes": 300 }]);
    let told = json!({ "nhs_number": NUMBER, "notes": ["a note"], "documents": documents });
    assert_eq!(trial.old.act("admit", told).await["outcome"], "admitted");
    let mut here = trial.old.records("record").await[0].clone();
    here["notes"] = json!([]);
    here["documents"][0]["sha256"] = json!("another content");
    let folder = Folder::open(&trial.folder.path().join("NEW")).unwrap();
    folder.put("record", NUMBER, &here).await.unwrap();
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    let new = trial.new.records("record").await[0].clone();
    assert_eq!(new["notes"].as_array().unwrap().len(), 1, "the rest of the record came");
    assert_eq!(new["documents"], here["documents"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_that_is_too_large_goes_compressed_behind_a_skeleton() {
    let trial = Trial::new().await;
    let told = json!({ "nhs_number": NUMBER, "notes": ["a note"], "notes_bytes": 600_000 });
    assert_eq!(trial.old.act("admit", told).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    let (old, new) = (trial.old.records("record").await, trial.new.records("record").await);
    assert_eq!(new[0]["notes"].as_array().unwrap().len(), 601);
    assert_eq!(old, new);
}
