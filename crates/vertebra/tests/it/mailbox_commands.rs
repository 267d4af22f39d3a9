//! `vertebra mesh`: a person sends and fetches through mailboxes of the real exchange.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use testkit::Exchange;

use crate::{BINARY, closed_demo};

/// A person at a terminal, with a folder of their own.
pub(crate) struct Person<'a> {
    exchange: &'a Exchange,
    mailbox: &'static str,
    folder: TempDir,
}

impl<'a> Person<'a> {
    pub(crate) fn new(exchange: &'a Exchange, mailbox: &'static str) -> Self {
        Self { exchange, mailbox, folder: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of so many bytes that do not compress.
    fn file(&self, name: &str, bytes: usize) -> Vec<u8> {
        let mut body = vec![0; bytes];
        base::Dice::seeded(bytes as u64).fill(&mut body);
        std::fs::write(self.path(name), &body).unwrap();
        body
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .current_dir(&self.folder)
            .arg("mesh")
            .args(arguments)
            .args(["--mailbox", self.mailbox, "--data"])
            .arg(self.exchange.data());
        command
    }

    /// Runs a command, which must go well, and gives what it said.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// The same as JSON.
    fn json(&self, arguments: &[&str]) -> Value {
        let said = self.says(&[arguments, &["--json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|_| panic!("no JSON: {said}"))
    }

    /// Runs a command, which must not go well, and gives its complaint.
    fn complains(&self, arguments: &[&str]) -> String {
        complaint(&self.command(arguments).output().unwrap())
    }
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr.clone()).unwrap()
}

const TO_SECOND: [&str; 4] = ["--to", "X26ABC2", "--workflow", "TEST_WORKFLOW"];

#[test]
fn files_of_any_size_arrive_as_they_were_sent() {
    let exchange = closed_demo();
    let first = Person::new(&exchange, "X26ABC1");
    let second = Person::new(&exchange, "X26ABC2");
    assert_eq!(first.says(&["handshake"]), "X26ABC1 may come in");
    let mut sent = Vec::new();
    for (name, bytes, options) in [
        ("one.dat", 1, &[][..]),
        ("small.dat", 10_000, &["--local-id", "letter-1", "--subject", "Grüße"]),
        ("packed.dat", 200_000, &["--compress"]),
        ("large.dat", 1_000_000, &["--chunk-bytes", "300000"]),
        ("both.dat", 1_000_000, &["--chunk-bytes", "300000", "--compress"]),
    ] {
        let body = first.file(name, bytes);
        let id = first.says(&[&["send", name], &TO_SECOND[..], options].concat());
        sent.push((id, body));
    }
    let listed = second.says(&["list"]);
    let ids: Vec<&str> = sent.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(listed.lines().collect::<Vec<_>>(), ids, "oldest first");
    second.says(&["fetch", ids[0]]);
    assert_eq!(second.says(&["list"]), listed, "what was only fetched is still there");
    second.says(&["fetch", "--all", "--to", "mail/new", "--ack"]);
    for (id, body) in &sent {
        let fetched = std::fs::read(second.path(&format!("mail/new/{id}.dat"))).unwrap();
        assert!(fetched == *body, "{id} is not what was sent");
        assert_eq!(first.json(&["track", id])["status"], "acknowledged");
    }
    let files = std::fs::read_dir(second.path("mail/new")).unwrap().count();
    assert_eq!(files, sent.len(), "something was left behind");
    assert_eq!(second.says(&["list"]), "");
    let tracked = first.says(&["track", "--local-id", "letter-1"]);
    let tracked = tracked.to_lowercase();
    for (name, value) in [("message id", ids[1]), ("status", "acknowledged")] {
        let line = format!("{name:<23} {}", value.to_lowercase());
        assert!(tracked.lines().any(|known| known == line), "{line}: {tracked}");
    }
}

#[test]
fn what_is_said_of_a_message_arrives_with_it() {
    let exchange = closed_demo();
    let first = Person::new(&exchange, "X26ABC1");
    let second = Person::new(&exchange, "X26ABC2");
    first.file("letter.txt", 10);
    let options =
        ["--subject", "Hello", "--local-id", "L1", "--content-type", "text/plain", "--encrypted"];
    let sent = first.json(&[&["send", "letter.txt"], &TO_SECOND[..], &options].concat());
    let id = sent["message"].as_str().unwrap();
    let fetched = second.json(&["fetch", id]);
    for (header, value) in [
        ("mex-from", "X26ABC1"),
        ("mex-to", "X26ABC2"),
        ("mex-workflowid", "TEST_WORKFLOW"),
        ("mex-subject", "Hello"),
        ("mex-localid", "L1"),
        ("mex-filename", "letter.txt"),
        ("mex-content-encrypted", "Y"),
        ("content-type", "text/plain"),
    ] {
        assert_eq!(fetched["headers"][header], value, "{header}");
    }
    assert_eq!(fetched["bytes"], 10);
    assert_eq!(second.json(&["ack", id])["acknowledged"][0], id);
    assert_eq!(second.json(&["list"])["messages"], serde_json::json!([]));
    // The answer belongs to the conversation of the letter.
    second.file("answer.txt", 5);
    let answer = ["send", "answer.txt", "--to", "X26ABC1", "--workflow", "TEST_WORKFLOW_ACK"];
    second.says(&[&answer[..], &["--in-reply-to", id]].concat());
    let answer = first.json(&["fetch", "--all"]);
    assert_eq!(answer["headers"]["mex-in-reply-to"], id);
}

#[test]
fn standard_input_is_sent_as_well() {
    use std::io::Write;
    let exchange = closed_demo();
    let first = Person::new(&exchange, "X26ABC1");
    let second = Person::new(&exchange, "X26ABC2");
    let arguments = [&["send", "-", "--chunk-bytes", "4"], &TO_SECOND[..]].concat();
    let mut sending = first
        .command(&arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    sending.stdin.take().unwrap().write_all(b"dear colleague").unwrap();
    let id = String::from_utf8(sending.wait_with_output().unwrap().stdout).unwrap();
    second.says(&["fetch", id.trim()]);
    let fetched = second.path(&format!("{}.dat", id.trim()));
    assert_eq!(std::fs::read(fetched).unwrap(), b"dear colleague");
}

#[test]
fn only_the_workflows_that_are_asked_for_are_listed() {
    let exchange = closed_demo();
    let first = Person::new(&exchange, "X26ABC1");
    let second = Person::new(&exchange, "X26ABC2");
    first.file("letter.txt", 10);
    for workflow in ["TEST_WORKFLOW", "TEST_WORKFLOW2"] {
        first.says(&["send", "letter.txt", "--to", "X26ABC2", "--workflow", workflow]);
    }
    for (filter, count) in [("TEST_WORKFLOW", 1), ("TEST_*", 2), ("!*2*", 1), ("NONE", 0)] {
        let listed = second.json(&["list", "--all", "--workflow", filter]);
        assert_eq!(listed["messages"].as_array().unwrap().len(), count, "{filter}");
    }
}

#[test]
fn what_does_not_work_says_what_to_do() {
    let exchange = closed_demo();
    let first = Person::new(&exchange, "X26ABC1");
    first.file("letter.txt", 10);
    std::fs::write(first.path("empty"), "").unwrap();
    let send = |file, to| ["send", file, "--to", to, "--workflow", "TEST_WORKFLOW"];
    std::fs::write(first.path("wrong"), "wrong\n").unwrap();
    let wrong = ["list", "--password-file", "wrong"];
    let nowhere = ["list", "--url", "http://127.0.0.1:1"];
    let odd = ["list", "--url", "localhost:8600"];
    let stranger = Person::new(&exchange, "NOBODY");
    for (complaint, parts) in [
        (first.complains(&wrong), ["403", "hint: are the credentials right"]),
        (first.complains(&nowhere), ["no answer from http://127.0.0.1:1", "hint: is it serving"]),
        (first.complains(&odd), ["is no address", "hint: an address looks like"]),
        (first.complains(&send("letter.txt", "NOBODY")), ["417, 1", "hint: "]),
        (first.complains(&send("empty", "X26ABC2")), ["is empty", "empty"]),
        (first.complains(&send("missing", "X26ABC2")), ["cannot read missing", "No such file"]),
        (first.complains(&["track", "20260101000000000000_AAAAAA"]), ["no such message", "404"]),
        (first.complains(&["fetch", "../letter"]), ["is no id", "../letter"]),
        (stranger.complains(&["list"]), ["NOBODY", "hint: set VERTEBRA_MESH_PASSWORD"]),
        (outside(&first), ["--password-file", "hint: set VERTEBRA_MESH_PASSWORD"]),
    ] {
        assert!(parts.iter().all(|part| complaint.contains(part)), "{parts:?}: {complaint}");
    }
}

/// The complaint of somebody who does not say where the demonstration is.
fn outside(person: &Person<'_>) -> String {
    let mut command = Command::new(BINARY);
    command.current_dir(&person.folder).args(["mesh", "list", "--mailbox", person.mailbox]);
    complaint(&command.output().unwrap())
}

#[test]
fn secrets_come_from_the_environment() {
    let exchange = closed_demo();
    let run = |key: &str| {
        let mut command = Command::new(BINARY);
        command
            .args(["mesh", "handshake", "--mailbox", "x26abc1", "--url", exchange.url()])
            .args(["--data", "nowhere"])
            .env("VERTEBRA_MESH_PASSWORD", "password")
            .env("VERTEBRA_MESH_SHARED_KEY", key);
        command.output().unwrap()
    };
    assert!(run("TestKey").status.success());
    assert!(complaint(&run("OtherKey")).contains("403"));
}

#[test]
fn it_works_over_tls_and_trusts_only_whom_it_should() {
    let arguments = ["--demo", "--people", "50", "--tls-listen", "127.0.0.1:0"];
    let exchange = Exchange::start(BINARY, &arguments);
    let url = exchange.credentials()["tls_url"].as_str().unwrap().to_owned();
    let authority = path(&exchange.data().join("demo/ca.pem"));
    let first = Person::new(&exchange, "X26ABC1");
    let second = Person::new(&exchange, "X26ABC2");
    let secure = ["--url", &url, "--ca", &authority];
    let body = first.file("letter.dat", 3_000_000);
    let options = ["--chunk-bytes", "2000000"];
    let send = [&["send", "letter.dat"], &TO_SECOND[..], &options, &secure].concat();
    let id = first.says(&send);
    second.says(&[&["fetch", &id, "--ack"], &secure[..]].concat());
    assert!(std::fs::read(second.path(&format!("{id}.dat"))).unwrap() == body);
    let distrusted = first.complains(&["list", "--url", &url]);
    assert!(distrusted.contains("hint: --ca FILE"), "{distrusted}");
    let no_authority = first.complains(&["list", "--url", &url, "--ca", "letter.dat"]);
    assert!(no_authority.contains("holds no certificate"), "{no_authority}");
}

fn path(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
