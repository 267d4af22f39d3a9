//! Killed at any moment while the demonstration nation is loaded, it goes on at the next start,
//! and the nation is the one that a load in one piece makes.
//!
//! The seed of a run is printed. `VERTEBRA_KILL_ROUNDS` and `VERTEBRA_KILL_SEED` run it longer, or
//! again.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use base::{Clock, Dice};
use pds::record::KIND;
use serde_json::Value;
use store::Store;
use testkit::Exchange;

use crate::kill::setting;
use crate::{BINARY, PDS};

/// How many people are kept at once.
const BATCH: u64 = 4_000;
/// Six batches, the last of them short.
const PEOPLE: u64 = 22_000;
const ARGUMENTS: [&str; 4] = ["--demo", "--people", "22000", "--open"];
/// How many times as many rounds as asked for there are at most.
const PATIENCE: u64 = 10;
/// So many people are read over the wire as well.
const READ: usize = 25;

#[test]
fn killed_while_it_loads_it_becomes_the_nation_of_a_load_in_one_piece() {
    let rounds = setting("VERTEBRA_KILL_ROUNDS").unwrap_or(2);
    let seed = setting("VERTEBRA_KILL_SEED").unwrap_or_else(|| Dice::System.bits());
    println!("seed {seed}, {rounds} rounds");
    let dice = Dice::seeded(seed);
    let mut whole = Exchange::idle(BINARY, &ARGUMENTS);
    let started = Instant::now();
    whole.resume();
    let takes = started.elapsed();
    let everybody = everybody(&whole);
    let answers = read(&whole, &everybody);
    whole.kill();
    let mut halves = 0;
    // Which kills come between batches is up to the machine: the test goes on until some did.
    for round in 0..rounds * PATIENCE {
        if round >= rounds && halves > 0 {
            break;
        }
        let context = format!("seed {seed}, round {round}");
        let mut cut = Exchange::idle(BINARY, &ARGUMENTS);
        halves += kill_until_ready(&cut, &dice, takes, &context);
        cut.check();
        same_records(&whole, &cut, &everybody, &context);
        cut.resume();
        for (answer, due) in read(&cut, &everybody).iter().zip(&answers) {
            assert_eq!(answer, due, "{context}");
        }
    }
    println!("{halves} halves seen");
    assert!(halves > 0, "no load was seen between its first batch and its last");
}

/// Starts it and kills it, again and again, until it is ready before it is killed. How often some
/// people were there then, and others not yet.
fn kill_until_ready(exchange: &Exchange, dice: &Dice, takes: Duration, context: &str) -> u64 {
    let mut halves = 0;
    for start in 0_u32.. {
        // A little longer each time, so that a machine that became slow gets there too.
        let longest = takes.mul_f64(0.6 + f64::from(start) / 8.0);
        let after = longest.mul_f64((dice.bits() % 1_000) as f64 / 1_000.0);
        let mut child = exchange.launch();
        let ready = ready_within(&mut child, after, context);
        child.kill().unwrap();
        child.wait().unwrap();
        if ready {
            break;
        }
        // Opening the store ends what was cut off; sometimes the next start must do that itself.
        if !dice.bits().is_multiple_of(3) {
            exchange.check();
            let there = open(exchange).resources().count(KIND).unwrap();
            halves += u64::from((BATCH..PEOPLE).contains(&there));
        }
    }
    halves
}

/// Whether it says within some time that it is ready; it must not end by itself.
fn ready_within(child: &mut Child, time: Duration, context: &str) -> bool {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (told, ready) = mpsc::channel();
    // Ends with the line, or when the process does.
    thread::spawn(move || {
        let mut line = String::new();
        let _ = out.read_line(&mut line);
        let _ = told.send(line);
    });
    match ready.recv_timeout(time) {
        Ok(line) if line.starts_with("ready ") => true,
        Err(RecvTimeoutError::Timeout) => false,
        other => panic!("{context}: it said {other:?}, {}", text(child.stderr.take().unwrap())),
    }
}

fn text(mut from: impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).unwrap();
    text
}

/// The NHS numbers of all made-up people.
fn everybody(exchange: &Exchange) -> Vec<String> {
    let people = PEOPLE.to_string();
    let told =
        exchange.run(&["demo", "people", "--people", &people, "--sample", &people, "--json"]);
    let shown: Vec<Value> = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(shown.len() as u64, PEOPLE);
    shown.iter().map(|person| person["id"].as_str().unwrap().to_owned()).collect()
}

/// Both hold everybody and nobody else, in the same words.
fn same_records(whole: &Exchange, cut: &Exchange, everybody: &[String], context: &str) {
    let open =
        |exchange: &Exchange| Store::open(exchange.data(), Clock::System, &Dice::System).unwrap();
    let (whole, cut) = (open(whole), open(cut));
    let count = |store: &Store| store.resources().count(KIND).unwrap();
    assert!(count(&whole) > PEOPLE, "the published people are there as well");
    assert_eq!(count(&cut), count(&whole), "{context}");
    for number in everybody {
        let get = |store: &Store| {
            let stored = store.resources().get(KIND, number).unwrap();
            let stored = stored.unwrap_or_else(|| panic!("{context}: {number} is not there"));
            (stored.version, stored.body)
        };
        assert_eq!(get(&cut), get(&whole), "{context}: {number}");
    }
}

fn open(exchange: &Exchange) -> Store {
    Store::open(exchange.data(), Clock::System, &Dice::System).unwrap()
}

/// What a caller gets for some of them, spread over the nation, and who is found.
fn read(exchange: &Exchange, everybody: &[String]) -> Vec<Value> {
    let some = everybody.iter().step_by(everybody.len() / READ);
    let mut paths: Vec<String> = some.map(|number| format!("/Patient/{number}")).collect();
    paths.push("/Patient/9000000009".to_owned());
    paths.push("/Patient?family=Smi*&gender=female&birthdate=ge1950-01-01".to_owned());
    let client = exchange.client();
    let answer = |path: &String| {
        let mut answer = client.get(&format!("{PDS}{path}")).unwrap().json();
        // When it was asked, and through which port.
        answer["timestamp"].take();
        for entry in answer["entry"].as_array_mut().into_iter().flatten() {
            entry["fullUrl"].take();
        }
        answer
    };
    paths.iter().map(answer).collect()
}
