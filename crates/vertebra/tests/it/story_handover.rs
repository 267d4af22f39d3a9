//! The story `handover`, and what goes wrong in it.

use serde_json::{Value, json};

use crate::closed_demo;
use crate::story_trace::{acts, outcomes, play, records};

const CREW: &str = "pennine-ambulance";
const DEPARTMENT: &str = "northern-vale";

#[test]
fn a_patient_is_announced_and_the_crew_learns_that_she_was_seen() {
    let mut exchange = closed_demo();
    let acts = acts(&exchange, &["handover"]);
    let conversations: Vec<&Value> = acts.iter().map(|act| &act["conversation"]).collect();
    assert!(conversations.iter().all(|one| *one == conversations[0]), "one conversation");
    exchange.kill();
    exchange.resume();
    let (inbox, sent) =
        (records(&exchange, DEPARTMENT, "referral"), records(&exchange, CREW, "handover"));
    assert_eq!((inbox.len(), sent.len()), (1, 1));
    assert_eq!((&inbox[0]["id"], &inbox[0]["reference"]), (&sent[0]["id"], &sent[0]["reference"]));
    assert_eq!(inbox[0]["arrivals"].as_array().unwrap().len(), 2, "announced, and updated");
    assert_eq!(sent[0]["told"], "completed");
    let patient = &inbox[0]["patient"];
    assert_eq!(patient["identifier"][0]["value"], "9000000009");
}

#[test]
fn what_travelled_is_drawn_from_the_record_of_the_exchange() {
    let exchange = closed_demo();
    let said = play(&exchange, &["handover"]);
    for party in ["Booking and Referral", "Northern Vale", "Pennine and Coast"] {
        assert!(said.contains(party), "{party}: {said}");
    }
    assert!(said.contains("Refers a patient"), "{said}");
    assert!(!said.contains("9000000009") && !said.contains("Smith"), "no patient: {said}");
}

#[test]
fn what_goes_wrong_in_a_handover_is_shown_as_it_is() {
    let exchange = closed_demo();
    let rows = [
        ("recipient-refuses", "refused", "400 REC_BAD_REQUEST", 0),
        ("caller-not-allowed", "not-allowed", "401 SEND_UNAUTHORIZED", 0),
        ("record-too-large", "too-large", "413", 0),
        ("patient-unknown", "taken", "200", 1),
        ("duplicate", "taken-before", "409 REC_CONFLICT", 2),
        ("recipient-down", "taken-later", "200", 3),
    ];
    for (path, outcome, last, kept) in rows {
        let acts = acts(&exchange, &["handover", "--unhappy", path]);
        assert_eq!(acts[0]["outcome"], outcome, "{path}");
        assert!(outcomes(&acts[0]).last().unwrap().starts_with(last), "{path}: {acts:?}");
        assert_eq!(records(&exchange, DEPARTMENT, "referral").len(), kept, "{path}");
    }
    let down = acts(&exchange, &["handover", "--unhappy", "recipient-down"]);
    assert!(outcomes(&down[0]).contains(&"503 REC_SERVICE_UNAVAILABLE"), "{down:?}");
    let inbox = records(&exchange, DEPARTMENT, "referral");
    let unknown = inbox.iter().find(|one| one["patient"].get("identifier").is_none());
    assert!(unknown.is_some(), "taken without a number");
}

#[test]
fn a_referral_is_cancelled_once_and_stays_so() {
    let exchange = closed_demo();
    let told = acts(&exchange, &["handover", "--unhappy", "patient-unknown"]);
    let referral = json!({ "referral": told[0]["record"]["referral"] }).to_string();
    let credentials = exchange.credentials();
    let systems = credentials["local_systems"].as_array().unwrap();
    let crew = systems.iter().find(|it| it["name"] == CREW).unwrap();
    let client = testkit::Client::new(crew["control_url"].as_str().unwrap());
    let client = client.with_token(crew["control_secret"].as_str().unwrap());
    let act =
        |name: &str| client.send("POST", &format!("/acts/{name}"), &[], &referral).unwrap().json();
    let cancelled = act("cancel");
    assert_eq!(cancelled["outcome"], "taken", "{cancelled}");
    assert_eq!(outcomes(&cancelled), ["200", "200"], "it is read before it is cancelled");
    let late = act("update");
    assert_eq!(late["outcome"], "refused", "{late}");
    assert_eq!(records(&exchange, DEPARTMENT, "referral")[0]["status"], "revoked");
}
