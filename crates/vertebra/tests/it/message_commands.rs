//! `vertebra messages`: an operator sees where messages are, and sets them going.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;
use testkit::Exchange;

use crate::mailbox_commands::Person;
use crate::mailbox_folder::Running;
use crate::{BINARY, closed_demo, token};

/// Runs `vertebra messages`: whether it went well, and what it said.
fn messages(exchange: &Exchange, arguments: &[&str]) -> (bool, String) {
    let output = command(exchange, arguments).output().unwrap();
    let said = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(said).unwrap().trim_end().to_owned())
}

fn command(exchange: &Exchange, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("messages").args(arguments).arg("--data").arg(exchange.data());
    command
}

fn says(exchange: &Exchange, arguments: &[&str]) -> String {
    let (well, said) = messages(exchange, arguments);
    assert!(well, "{arguments:?}: {said}");
    said
}

fn json(exchange: &Exchange, arguments: &[&str]) -> Value {
    let said = says(exchange, &[arguments, &["--json"]].concat());
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("no JSON: {said}"))
}

fn complains(exchange: &Exchange, arguments: &[&str]) -> String {
    let (well, said) = messages(exchange, arguments);
    assert!(!well, "{arguments:?}: {said}");
    said
}

/// Sends a letter from the first tester to the second; its id.
fn letter(exchange: &Exchange) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "dear colleague").unwrap();
    let path = file.path().to_str().unwrap();
    let first = Person::new(exchange, "X26ABC1");
    first.says(&["send", path, "--to", "X26ABC2", "--workflow", "TEST_WORKFLOW"])
}

#[test]
fn a_message_is_found_shown_and_sent_again() {
    let exchange = closed_demo();
    let second = Person::new(&exchange, "X26ABC2");
    let id = letter(&exchange);
    let other = letter(&exchange);
    let found = says(&exchange, &["find", "--party", "X26ABC2", "--kind", "TEST_WORKFLOW"]);
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains(&other), "newest first: {found}");
    assert!(lines[1].contains(&id) && lines[1].contains("X26ABC1 -> X26ABC2  available"));
    assert_eq!(json(&exchange, &["find", "--most", "1"])["more"], true);
    let none = ["find", "--since", "2999-01-01T00:00:00Z"];
    assert_eq!(says(&exchange, &none), "");
    second.says(&["ack", &id]);
    let state = ["find", "--state", "acknowledged"];
    let found = json(&exchange, &state);
    assert_eq!(found["messages"][0]["id"], id.as_str());
    assert_eq!(found["messages"].as_array().unwrap().len(), 1);
    let shown = says(&exchange, &["show", &id]);
    let history = shown.split_once("delivery 1 to X26ABC2: acknowledged").unwrap().1;
    let (available, acknowledged) =
        (history.find("available").unwrap(), history.find("acknowledged").unwrap());
    assert!(available < acknowledged, "{shown}");
    let early = complains(&exchange, &["resend", &other, "--why", "never too often"]);
    assert!(early.contains("hint: only what has come to an end"), "{early}");
    says(&exchange, &["resend", &id, "1", "--why", "lost at the hospital"]);
    let shown = says(&exchange, &["show", &id]);
    assert!(shown.contains("delivery 2 to X26ABC2, delivery 1 again: available"), "{shown}");
    assert!(shown.contains("lost at the hospital"), "{shown}");
    assert!(second.says(&["list"]).contains(&id), "it waits again");
    let conversation = says(&exchange, &["show", "--conversation", &id]);
    assert!(conversation.starts_with(&format!("conversation  {id}, 1 messages")));
}

#[test]
fn changes_are_followed_as_they_come() {
    let exchange = closed_demo();
    let second = Person::new(&exchange, "X26ABC2");
    let before = letter(&exchange);
    let mut tail = command(&exchange, &["tail", "--look-ms", "50"]);
    tail.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut following = Running::start(tail);
    let mut ready = String::new();
    BufReader::new(following.0.stderr.take().unwrap()).read_line(&mut ready).unwrap();
    assert!(ready.contains("Ctrl-C"), "{ready}");
    let mut lines = BufReader::new(following.0.stdout.take().unwrap()).lines();
    second.says(&["ack", &before]);
    let line = lines.next().unwrap().unwrap();
    assert!(line.contains(&before) && line.ends_with("acknowledged"), "{line}");
    let after = letter(&exchange);
    let line = lines.next().unwrap().unwrap();
    assert!(line.contains(&after) && line.ends_with("available"), "{line}");
    following.kill();
}

#[test]
fn an_endpoint_is_stopped_and_goes_on() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let endpoint = "[[organisation]]\nods = \"Y99999\"\nname = \"Hill Road\"\n\
        kind = \"gp-practice\"\n\n[[endpoint]]\nname = \"HOOK\"\nurl = \"http://127.0.0.1:1/in\"\n\
        wire = \"plain\"\norganisation = \"Y99999\"\nprivate = true\n";
    std::fs::write(file.path(), endpoint).unwrap();
    let path = file.path().to_str().unwrap();
    let exchange = Exchange::start(BINARY, &["--demo", "--people", "0", "--apply", path]);
    assert_eq!(says(&exchange, &["park", "HOOK", "--why", "moving house"]), "HOOK parked");
    assert_eq!(says(&exchange, &["unpark", "HOOK"]), "HOOK goes on");
    let unknown = complains(&exchange, &["park", "NOBODY", "--why", "?"]);
    assert!(unknown.contains("there is no such endpoint"), "{unknown}");
}

#[test]
fn what_may_not_be_done_says_so() {
    let exchange = closed_demo();
    let id = letter(&exchange);
    let worker = token(&exchange, "worker");
    let resend = ["resend", &id, "--why", "I want to"];
    let folder = tempfile::tempdir().unwrap();
    let [worker, nobody] =
        [("worker", worker.as_str()), ("nobody", "nobody")].map(|(name, token)| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("{token}\n")).unwrap();
            path.to_str().unwrap().to_owned()
        });
    let refused = complains(&exchange, &[&resend[..], &["--token-file", &worker]].concat());
    assert!(refused.contains("(404") || refused.contains("(403"), "{refused}");
    let nobody = complains(&exchange, &["find", "--token-file", &nobody]);
    assert!(nobody.contains("hint: name a bearer token with --token-file"), "{nobody}");
    let unknown = complains(&exchange, &["show", "20260101000000000000_AAAAAA"]);
    assert!(unknown.contains("there is none, or none that you may know of"), "{unknown}");
    let state = complains(&exchange, &["find", "--state", "lost"]);
    assert!(state.contains("state: such as acknowledged"), "{state}");
    let release = complains(&exchange, &["release", &id]);
    assert!(release.contains("hint: nothing waits for it"), "{release}");
}
