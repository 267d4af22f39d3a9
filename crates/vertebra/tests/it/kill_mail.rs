//! Killed at any moment, the house keeps every message that it accepted and every acknowledgement
//! that it answered: a ledger of what the outside world was told is held against what is there.
//!
//! The seed of a run is printed. `VERTEBRA_KILL_ROUNDS` and `VERTEBRA_KILL_SEED` run it longer, or
//! again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use testkit::{Client, Exchange};

use crate::kill::setting;
use crate::open_demo;

const MESH: &str = "/messageexchange";
const SENDER: &str = "X26ABC1";
const RECIPIENT: &str = "X26ABC2";
const SENDERS: usize = 6;
const COLLECTORS: usize = 2;
/// A storm lasts between 50 and 500 milliseconds.
const STORM_MS_MIN: u64 = 50;
const STORM_MS_SPAN: u64 = 450;

/// What the outside world was told of a message.
#[derive(Clone, Debug, Default)]
struct Told {
    /// What was sent.
    body: String,
    /// Whether its recipient said that it has it, and was told that this is noted.
    acknowledged: bool,
    /// Whether its recipient said so and heard nothing: it may or may not be noted.
    unsure: bool,
}

/// Everything that was told, by message id.
type Ledger = Arc<Mutex<HashMap<String, Told>>>;

#[test]
fn killed_in_a_storm_of_messages_it_keeps_what_it_accepted_and_noted() {
    let rounds = setting("VERTEBRA_KILL_ROUNDS").unwrap_or(6);
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
        reconcile(&exchange.client(), &ledger, &format!("seed {seed}, round {round}"));
    }
    let ledger = ledger.lock().unwrap();
    let acknowledged = ledger.values().filter(|told| told.acknowledged).count();
    assert!(ledger.len() as u64 > rounds, "the storm did nothing");
    assert!(acknowledged > 0, "nothing was collected");
    println!("{} accepted, {acknowledged} acknowledged", ledger.len());
}

fn kill_in_a_storm(exchange: &mut Exchange, ledger: &Ledger, storm: Duration) {
    let over = Arc::new(AtomicBool::new(false));
    let client = exchange.client();
    let mut threads = Vec::new();
    for _ in 0..SENDERS {
        let (client, ledger, over) = (client.clone(), ledger.clone(), over.clone());
        threads.push(thread::spawn(move || send_until(&client, &ledger, &over)));
    }
    for number in 0..COLLECTORS {
        let (client, ledger, over) = (client.clone(), ledger.clone(), over.clone());
        threads.push(thread::spawn(move || collect_until(&client, number, &ledger, &over)));
    }
    thread::sleep(storm);
    exchange.kill();
    over.store(true, Ordering::SeqCst);
    for thread in threads {
        thread.join().unwrap();
    }
}

fn send_until(client: &Client, ledger: &Ledger, over: &AtomicBool) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    while !over.load(Ordering::SeqCst) {
        let body = format!("message {} {}", NEXT.fetch_add(1, Ordering::Relaxed), "x".repeat(300));
        let headers = [("Mex-To", RECIPIENT), ("Mex-WorkflowID", "TEST_WORKFLOW")];
        let path = format!("{MESH}/{SENDER}/outbox");
        let Ok(answer) = client.send("POST", &path, &headers, &body) else { return };
        assert_eq!(answer.status, 202, "{}", answer.text);
        let id = answer.json()["messageID"].as_str().unwrap().to_owned();
        let told = Told { body, ..Told::default() };
        // A collector may have been faster than this line.
        ledger.lock().unwrap().entry(id).or_default().body = told.body;
    }
}

/// Collects and acknowledges every second message, so that some stay.
fn collect_until(client: &Client, number: usize, ledger: &Ledger, over: &AtomicBool) {
    while !over.load(Ordering::SeqCst) {
        let Some(ids) = listed(client) else { return };
        for id in ids.iter().skip(number).step_by(COLLECTORS * 2) {
            let path = format!("{MESH}/{RECIPIENT}/inbox/{id}");
            let Ok(answer) = client.get(&path) else { return };
            if answer.status != 200 {
                continue;
            }
            let done = client.send("PUT", &format!("{path}/status/acknowledged"), &[], "");
            let mut ledger = ledger.lock().unwrap();
            let told = ledger.entry(id.clone()).or_default();
            match done {
                Ok(answer) if answer.status == 200 => told.acknowledged = true,
                Ok(answer) => panic!("{}: {}", answer.status, answer.text),
                Err(_) => {
                    told.unsure = true;
                    return;
                }
            }
        }
    }
}

/// The ids in the recipient's mailbox, of all pages.
fn listed(client: &Client) -> Option<Vec<String>> {
    let answer = client.get(&format!("{MESH}/{RECIPIENT}/inbox?max_results=5000")).ok()?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let ids = answer.json()["messages"].as_array().unwrap().clone();
    Some(ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect())
}

/// What was accepted is there, whole; what was acknowledged is not listed again.
fn reconcile(client: &Client, ledger: &Ledger, context: &str) {
    let listed = listed(client).unwrap();
    let mut ledger = ledger.lock().unwrap();
    for (id, told) in ledger.iter_mut() {
        let waits = listed.contains(id);
        assert!(!(told.acknowledged && waits), "{context}: {id} was acknowledged and is listed");
        if told.unsure {
            (told.acknowledged, told.unsure) = (!waits, false);
        }
        let accepted = !told.body.is_empty();
        assert!(waits || told.acknowledged || !accepted, "{context}: {id} is lost");
        if waits && accepted {
            let answer = client.get(&format!("{MESH}/{RECIPIENT}/inbox/{id}")).unwrap();
            assert_eq!(answer.text, told.body, "{context}: {id}");
        }
    }
}
