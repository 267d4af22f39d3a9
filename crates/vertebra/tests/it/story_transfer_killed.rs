//! A record in fragments, while everything is killed now and then: the exchange and both
//! practices, which live in one process here. It arrives once, and the same.
//!
//! `VERTEBRA_TRANSFER_MB` makes the record larger.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::Exchange;

use crate::closed_demo;
use crate::kill::setting;
use crate::story_trace::records;

const OLD: &str = "hill-road";
const NEW: &str = "riverside";
/// A patient of the published sandbox, who has no practice to begin with.
const PATIENT: &str = "9736363120";
/// After which shares of the fragments everything is killed, in hundredths.
const KILLED_AT: [u64; 3] = [20, 50, 80];
/// How long it may take in all.
const LONGEST: Duration = Duration::from_mins(5);

/// Makes a practice act; the outcome.
fn act(exchange: &Exchange, practice: &str, act: &str, told: &Value) -> String {
    let credentials = exchange.credentials();
    let systems = credentials["local_systems"].as_array().unwrap();
    let system = systems.iter().find(|it| it["name"] == practice).unwrap();
    let client = testkit::Client::new(system["control_url"].as_str().unwrap());
    let client = client.with_token(system["control_secret"].as_str().unwrap());
    let path = format!("/acts/{act}");
    let answer = client.send("POST", &path, &[], &told.to_string()).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["outcome"].as_str().unwrap().to_owned()
}

/// The only transfer of a practice.
fn transfer(exchange: &Exchange, practice: &str) -> Value {
    let all = records(exchange, practice, "transfer");
    assert_eq!(all.len(), 1, "{practice}");
    all[0].clone()
}

/// Waits until a transfer is as it should be.
fn wait(exchange: &Exchange, practice: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let transfer = transfer(exchange, practice);
        if is(&transfer) {
            return transfer;
        }
        let state = &transfer["state"];
        let done = (&transfer["fragments_done"], &transfer["fragments"]);
        assert!(begun.elapsed() < LONGEST, "{practice} never came to {what}: {state} {done:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_record_in_fragments_arrives_once_though_everything_is_killed_on_the_way() {
    let megabytes = setting("VERTEBRA_TRANSFER_MB").unwrap_or(24);
    let mut exchange = closed_demo();
    let documents = json!([
        { "name": "letter.txt", "content_type": "text/plain", "bytes": 2_000 },
        { "name": "scan.tiff", "content_type": "image/tiff", "bytes": megabytes * 1_000_000 },
    ]);
    let told = json!({ "nhs_number": PATIENT, "notes": ["one note"], "documents": documents });
    assert_eq!(act(&exchange, OLD, "admit", &told), "admitted");
    let told = json!({ "nhs_number": PATIENT, "from": "Y90001", "wait_s": 0 });
    assert_eq!(act(&exchange, NEW, "transfer", &told), "asked");
    for share in KILLED_AT {
        wait(&exchange, NEW, "a share of it", |transfer| {
            let number = |name: &str| transfer[name].as_u64().unwrap();
            let some = number("fragments_done") * 100 >= number("fragments") * share;
            transfer["state"] == "integrated" || (transfer["state"] == "receiving" && some)
        });
        exchange.kill();
        exchange.resume();
    }
    wait(&exchange, NEW, "its end", |transfer| transfer["state"] == "integrated");
    let sent = wait(&exchange, OLD, "its end", |transfer| transfer["state"] == "acknowledged");
    assert_eq!(sent["fragments_done"], sent["fragments"], "each was acknowledged");
    let (old, new) = (records(&exchange, OLD, "record"), records(&exchange, NEW, "record"));
    assert_eq!(old, new, "the same notes, and documents of the same hash");
    assert_eq!(new[0]["documents"].as_array().unwrap().len(), 2);
    assert!(exchange.stop());
    exchange.check();
}
