//! Killed at any moment, the house keeps every version that it acknowledged, and none half.
//!
//! The seed of a run is printed. `VERTEBRA_KILL_ROUNDS` and `VERTEBRA_KILL_SEED` run it longer, or
//! again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use testkit::{Client, Exchange};

use crate::{PDS, open_demo};

const PATIENTS: [&str; 6] =
    ["5900046192", "5900056597", "5900057208", "5900059332", "9736363066", "9736363074"];
/// A storm lasts between 20 and 400 milliseconds.
const STORM_MS_MIN: u64 = 20;
const STORM_MS_SPAN: u64 = 380;

/// The newest version of each patient that was acknowledged.
type Ledger = Arc<Mutex<HashMap<&'static str, u64>>>;

#[test]
fn killed_in_a_storm_of_patches_it_keeps_what_it_acknowledged() {
    let rounds = setting("VERTEBRA_KILL_ROUNDS").unwrap_or(8);
    let seed = setting("VERTEBRA_KILL_SEED").unwrap_or_else(|| base::Dice::System.bits());
    println!("seed {seed}, {rounds} rounds");
    let dice = base::Dice::seeded(seed);
    let mut exchange = open_demo();
    let ledger = Ledger::default();
    for round in 0..rounds {
        let storm = Duration::from_millis(STORM_MS_MIN + dice.bits() % STORM_MS_SPAN);
        kill_in_a_storm(&mut exchange, &ledger, storm);
        exchange.check();
        exchange.resume();
        reconcile(&exchange, &ledger, &format!("seed {seed}, round {round}"));
    }
    let acknowledged: u64 = ledger.lock().unwrap().values().sum();
    assert!(acknowledged > rounds, "the storm did nothing");
}

fn kill_in_a_storm(exchange: &mut Exchange, ledger: &Ledger, storm: Duration) {
    let over = Arc::new(AtomicBool::new(false));
    let client = exchange.client();
    let patchers: Vec<_> = PATIENTS
        .into_iter()
        .map(|patient| {
            let (client, ledger, over) = (client.clone(), ledger.clone(), over.clone());
            thread::spawn(move || patch_until(&client, patient, &ledger, &over))
        })
        .collect();
    thread::sleep(storm);
    exchange.kill();
    over.store(true, Ordering::SeqCst);
    for patcher in patchers {
        patcher.join().unwrap();
    }
}

fn patch_until(client: &Client, patient: &'static str, ledger: &Ledger, over: &AtomicBool) {
    let path = format!("{PDS}/Patient/{patient}");
    let Ok(mut version) = client.get(&path).map(|answer| version_of(&answer)) else { return };
    while !over.load(Ordering::SeqCst) {
        let body = format!(
            r#"{{"patches":[{{"op":"replace","path":"/birthDate","value":"{}"}}]}}"#,
            birth_date(version + 1)
        );
        let if_match = format!("W/\"{version}\"");
        let headers =
            [("If-Match", if_match.as_str()), ("Content-Type", "application/json-patch+json")];
        let Ok(answer) = client.send("PATCH", &path, &headers, &body) else { return };
        assert_eq!(answer.status, 200, "{}", answer.text);
        version = version_of(&answer);
        ledger.lock().unwrap().insert(patient, version);
    }
}

/// What was acknowledged is there; what is there is whole; at most one unacknowledged patch of
/// each patcher came through as well.
fn reconcile(exchange: &Exchange, ledger: &Ledger, context: &str) {
    let mut ledger = ledger.lock().unwrap();
    for patient in PATIENTS {
        let answer = exchange.client().get(&format!("{PDS}/Patient/{patient}")).unwrap();
        let version = version_of(&answer);
        let record = answer.json();
        assert_eq!(record["meta"]["versionId"], version.to_string(), "{context}");
        if let Some(&acknowledged) = ledger.get(patient) {
            let span = acknowledged..=acknowledged + 1;
            assert!(
                span.contains(&version),
                "{context}: {acknowledged} acknowledged, {version} there"
            );
            assert_eq!(record["birthDate"], birth_date(version), "{context}: half a version");
            ledger.insert(patient, version);
        }
    }
}

fn version_of(answer: &testkit::Answer) -> u64 {
    let etag = answer.header("etag").unwrap_or_else(|| panic!("no version: {}", answer.text));
    etag.trim_start_matches("W/\"").trim_end_matches('"').parse().unwrap()
}

/// A birth date that tells the version.
fn birth_date(version: u64) -> String {
    format!("{:04}-{:02}-{:02}", 1900 + version / 336, 1 + version / 28 % 12, 1 + version % 28)
}

/// A number from the environment.
pub(crate) fn setting(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "a test may be told to run longer")]
    std::env::var(name).ok()?.parse().ok()
}
