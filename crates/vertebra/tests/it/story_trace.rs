//! The story `trace`, and what goes wrong in it.

use serde_json::Value;
use testkit::Exchange;

use crate::closed_demo;

/// Plays a story: what it said, which must be that it ended as it should.
pub(crate) fn play(exchange: &Exchange, arguments: &[&str]) -> String {
    let folder = exchange.data().to_string_lossy().into_owned();
    let output = exchange.run(&[&["story"], arguments, &["--data", &folder]].concat());
    let said = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}\n{complaint}");
    said
}

/// The acts of a story, as JSON.
pub(crate) fn acts(exchange: &Exchange, arguments: &[&str]) -> Vec<Value> {
    let said = play(exchange, &[arguments, &["--json"]].concat());
    let played: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(played["as_expected"], true);
    played["acts"].as_array().unwrap().clone()
}

/// The outcomes of calls, in order.
pub(crate) fn outcomes(act: &Value) -> Vec<&str> {
    act["steps"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect()
}

/// What a local system keeps of a kind.
pub(crate) fn records(exchange: &Exchange, system: &str, kind: &str) -> Vec<Value> {
    let credentials = exchange.credentials();
    let systems = credentials["local_systems"].as_array().unwrap();
    let system = systems.iter().find(|it| it["name"] == system).unwrap();
    let client = testkit::Client::new(system["control_url"].as_str().unwrap());
    let client = client.with_token(system["control_secret"].as_str().unwrap());
    let answer = client.get(&format!("/records/{kind}")).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json().as_array().unwrap().clone()
}

#[test]
fn a_practice_registers_a_patient_and_remembers_her_after_a_restart() {
    let mut exchange = closed_demo();
    let said = play(&exchange, &["trace"]);
    assert!(said.contains("Hill Road Surgery now has a registration for 9000000009"), "{said}");
    exchange.kill();
    exchange.resume();
    let kept = records(&exchange, "hill-road", "registration");
    assert_eq!(kept.len(), 1);
    let (number, practice) = (&kept[0]["nhs_number"], &kept[0]["practice"]);
    assert_eq!((number, practice), (&"9000000009".into(), &"Y12345".into()));
    assert!(records(&exchange, "riverside", "registration").is_empty(), "each has its own folder");
    let again = acts(&exchange, &["trace"]);
    assert_eq!(outcomes(&again[0]), ["200", "200", "200"], "a token, a search, a read");
    assert_eq!(records(&exchange, "hill-road", "registration").len(), 1);
}

#[test]
fn what_goes_wrong_in_a_trace_is_shown_as_it_is() {
    let exchange = closed_demo();
    let rows = [
        ("patient-unknown", "unknown", "200"),
        ("recipient-refuses", "refused", "400 MISSING_VALUE"),
        ("caller-not-allowed", "not-allowed", "401 ACCESS_DENIED"),
    ];
    for (path, outcome, last) in rows {
        let acts = acts(&exchange, &["trace", "--unhappy", path]);
        assert_eq!(acts[0]["outcome"], outcome);
        assert_eq!(outcomes(&acts[0]).last(), Some(&last), "{path}");
        assert!(acts[0]["says"].as_str().unwrap().contains("What to do:"), "{path}");
    }
    assert!(records(&exchange, "hill-road", "registration").is_empty());
    let folder = exchange.data().to_string_lossy().into_owned();
    let none = exchange.run(&["story", "trace", "--unhappy", "duplicate", "--data", &folder]);
    let complaint = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(!none.status.success() && complaint.contains("no such path"), "{complaint}");
}

#[test]
fn nobody_orders_a_local_system_about_without_its_secret() {
    let exchange = closed_demo();
    let credentials = exchange.credentials();
    let systems = credentials["local_systems"].as_array().unwrap();
    assert_eq!(systems.len(), 4);
    let other = systems[0]["control_secret"].as_str().unwrap();
    for system in &systems[1..] {
        let client = testkit::Client::new(system["control_url"].as_str().unwrap());
        for client in [client.clone(), client.with_token(other), client.with_token("")] {
            for (method, path) in [("GET", "/"), ("POST", "/acts/trace"), ("GET", "/records/x")] {
                assert_eq!(client.send(method, path, &[], "").unwrap().status, 401, "{path}");
            }
        }
        let known = client.with_token(system["control_secret"].as_str().unwrap());
        assert_eq!(known.get("/").unwrap().json()["name"], system["name"]);
        assert_eq!(known.send("POST", "/acts/dance", &[], "{}").unwrap().status, 404);
        assert_eq!(known.send("POST", "/acts/trace", &[], "{").unwrap().status, 400);
        assert_eq!(known.get("/records/../control.secret").unwrap().status, 404);
    }
}

#[test]
fn a_demonstration_can_do_without_local_systems() {
    let arguments = ["--demo", "--people", "50", "--no-local"];
    let exchange = Exchange::start(crate::BINARY, &arguments);
    assert_eq!(exchange.credentials()["local_systems"], serde_json::json!([]));
    let folder = exchange.data().to_string_lossy().into_owned();
    let story = exchange.run(&["story", "trace", "--data", &folder]);
    let complaint = String::from_utf8_lossy(&story.stderr).into_owned();
    assert!(!story.status.success() && complaint.contains("there are no local systems"));
    assert!(!exchange.data().join("local").exists());
}
