//! The story `transfer`, and what goes wrong in it.

use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::Exchange;

use crate::closed_demo;
use crate::story_trace::{acts, outcomes, records};

const OLD: &str = "hill-road";
const NEW: &str = "riverside";

/// The states of the transfers of a practice, once they are as many as that and none is open.
fn settled(exchange: &Exchange, practice: &str, many: usize) -> Vec<String> {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let all = records(exchange, practice, "transfer");
        let states: Vec<String> =
            all.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect();
        let open =
            states.iter().any(|state| ["sent", "asked", "receiving"].contains(&state.as_str()));
        if states.len() == many && !open {
            return states;
        }
        assert!(Instant::now() < until, "{practice}: {states:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_record_goes_to_the_new_practice_and_both_know_after_a_restart() {
    let mut exchange = closed_demo();
    let acts = acts(&exchange, &["transfer"]);
    assert_eq!(outcomes(&acts[0]).last(), Some(&"202"), "the broker took the request");
    assert_eq!(settled(&exchange, OLD, 1), ["acknowledged"]);
    exchange.kill();
    exchange.resume();
    let (old, new) = (records(&exchange, OLD, "record"), records(&exchange, NEW, "record"));
    assert_eq!(old, new, "word for word");
    assert_eq!(new[0]["notes"].as_array().unwrap().len(), 3);
    assert_eq!(records(&exchange, NEW, "registration")[0]["practice"], "Y90002");
    assert_eq!(settled(&exchange, NEW, 1), ["integrated"]);
}

#[test]
fn a_large_record_comes_in_fragments_and_its_diagram_is_short() {
    let exchange = closed_demo();
    let said = crate::story_trace::play(&exchange, &["transfer", "--size", "20M"]);
    assert!(said.contains("Its 1 documents are the same on both sides"), "{said}");
    assert!(said.contains("A part of the record, or leave to go on × "), "{said}");
    assert!(said.contains("Hill Road Surgery") && !said.contains("hill-road"), "{said}");
    assert!(said.lines().count() < 80, "{said}");
}

#[test]
fn what_goes_wrong_in_a_transfer_is_shown_as_it_is() {
    let exchange = closed_demo();
    let rows = [
        ("caller-not-allowed", "not-allowed"),
        ("recipient-refuses", "refused-19"),
        ("patient-unknown", "refused-06"),
        ("record-too-large", "refused-10"),
    ];
    for (path, outcome) in rows {
        let acts = acts(&exchange, &["transfer", "--unhappy", path]);
        assert_eq!(acts[0]["outcome"], outcome, "{path}");
        assert!(acts[0]["says"].as_str().unwrap().contains("What to do:"), "{path}");
    }
    assert!(records(&exchange, NEW, "record").is_empty(), "nothing came");
}

#[test]
fn a_record_comes_once_though_the_request_came_twice_and_the_other_side_was_away() {
    let exchange = closed_demo();
    acts(&exchange, &["transfer", "--unhappy", "duplicate"]);
    assert_eq!(settled(&exchange, OLD, 1), ["acknowledged"]);
    acts(&exchange, &["transfer", "--unhappy", "recipient-down"]);
    assert_eq!(settled(&exchange, OLD, 2), ["acknowledged", "acknowledged"]);
    let waited = acts(&exchange, &["transfer", "--unhappy", "never-answered"]);
    assert_eq!(waited[0]["outcome"], "asked");
    let requests: Vec<Value> = records(&exchange, NEW, "transfer");
    assert_eq!(requests.len(), 3);
}
