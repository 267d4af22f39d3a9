//! Starting and stopping.

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
fn an_open_house_listens_on_this_machine_only() {
    let output = std::process::Command::new(BINARY)
        .args(["serve", "--open", "--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
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
