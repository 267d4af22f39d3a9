//! SIGHUP: what can be read again is, and nothing ends.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use testkit::Exchange;

use crate::certificates::{ARGUMENTS, ask, connect, mailbox};
use crate::{BINARY, PDS};

fn hang_up(exchange: &Exchange) {
    let told = Command::new("kill").args(["-HUP", &exchange.id().to_string()]).status();
    assert!(told.unwrap().success());
}

/// Waits until something is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let from = Instant::now();
    while !is_so() {
        assert!(from.elapsed() < Duration::from_secs(20), "{what}: not within twenty seconds");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_file_of_tokens_is_read_again_and_what_cannot_be_read_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens.toml");
    let row = |token: &str| {
        format!(
            "[[token]]\ntoken = \"{token}\"\nmode = \"worker\"\nclient = \"ward\"\n\
             user = \"1\"\nroles = [{{ id = \"1\" }}]\n"
        )
    };
    fs::write(&tokens, row("first")).unwrap();
    let mut exchange = Exchange::start(BINARY, &["--tokens", tokens.to_str().unwrap()]);
    let path = format!("{PDS}/Patient/9000000009");
    let status = |token: &str| exchange.client().with_token(token).get(&path).unwrap().status;
    assert_eq!((status("first"), status("second")), (404, 401));
    fs::write(&tokens, row("second")).unwrap();
    assert_eq!(status("second"), 401, "nobody said that it changed");
    hang_up(&exchange);
    until("the new token", || status("second") == 404);
    assert_eq!(status("first"), 401, "it was taken out");
    fs::write(&tokens, "rubbish").unwrap();
    hang_up(&exchange);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(status("second"), 404, "what was there stays in force");
    assert!(exchange.stop());
}

#[test]
fn new_papers_are_shown_to_new_callers_and_an_open_connection_goes_on() {
    let mut exchange = Exchange::start(BINARY, &ARGUMENTS);
    let (mailbox, _) = mailbox(&exchange);
    let mut open = connect(&exchange, None).unwrap();
    assert!(ask(&mut open, &mailbox).is_some());
    let made = transport::Tls::self_signed(&["127.0.0.1"]).unwrap();
    let demo = exchange.data().join("demo");
    fs::write(demo.join("tls-key.pem"), &made.key).unwrap();
    fs::write(demo.join("tls.pem"), &made.certificate).unwrap();
    fs::write(demo.join("ca.pem"), &made.authority).unwrap();
    hang_up(&exchange);
    until("the new certificate", || connect(&exchange, None).is_some());
    assert!(ask(&mut open, &mailbox).is_some(), "a connection from before");
    assert!(exchange.stop());
}
