//! Starting and stopping.

use std::process::Command;

use testkit::Exchange;

use crate::{BINARY, PDS, open_demo};

#[test]
fn told_to_stop_it_ends_with_success_and_leaves_a_clean_store() {
    let mut exchange = open_demo();
    assert_eq!(exchange.client().get("/health").unwrap().status, 200);
    assert!(exchange.stop());
    exchange.check();
    exchange.resume();
    let answer = exchange.client().get(&format!("{PDS}/Patient/9000000009")).unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn told_to_stop_while_it_loads_it_ends_at_once_and_leaves_a_clean_store() {
    for signal in ["-TERM", "-INT"] {
        // So many that it is not ready before it is told.
        let exchange = Exchange::idle(BINARY, &["--demo", "--people", "60000000"]);
        let mut child = exchange.launch();
        let begun = exchange.data().join("vertebra.db");
        while !begun.exists() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before it began");
            std::thread::yield_now();
        }
        let told = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(told.unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{signal}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "it was never ready");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("the next start goes on from here"), "{signal}: {said}");
        exchange.check();
    }
}

#[test]
fn an_open_house_listens_on_this_machine_only() {
    let output =
        Command::new(BINARY).args(["serve", "--open", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("hint"));
}

#[test]
fn two_exchanges_cannot_hold_one_folder() {
    let exchange = open_demo();
    let folder = exchange.data().to_string_lossy().into_owned();
    let second = exchange.run(&["serve", "--listen", "127.0.0.1:0", "--data", &folder]);
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("hint"));
}

#[test]
fn metrics_count_calls_and_name_no_patient() {
    let exchange = open_demo();
    let client = exchange.client();
    client.get(&format!("{PDS}/Patient/9000000009")).unwrap();
    let metrics = client.get("/metrics").unwrap().text;
    assert!(metrics.contains("interaction=\"get-patient\""), "{metrics}");
    assert!(!metrics.contains("9000000009"));
}
