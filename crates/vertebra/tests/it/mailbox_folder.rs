//! `vertebra mesh folder`: files dropped into a folder arrive in another, whatever happens.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempDir;
use testkit::Exchange;

use crate::{BINARY, closed_demo};

/// How long a test waits for something before it has failed.
const PATIENCE: Duration = Duration::from_mins(1);
const LETTERS: usize = 40;

/// The folder of a mailbox.
struct Folder<'a> {
    exchange: &'a Exchange,
    mailbox: &'static str,
    root: TempDir,
}

impl<'a> Folder<'a> {
    fn new(exchange: &'a Exchange, mailbox: &'static str) -> Self {
        Self { exchange, mailbox, root: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn command(&self, options: &[&str]) -> Command {
        let mut command = command(self.exchange, self.mailbox, self.root.path());
        command.args(options).stdout(Stdio::piped());
        command
    }

    /// Sends and fetches what there is.
    fn once(&self) -> String {
        let output = self.command(&["--once"]).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    /// Drops a pair that is old enough to be sent.
    fn drop_pair(&self, name: &str, to: &str, body: &str) {
        let workflow = "TEST_WORKFLOW2";
        let control = format!(
            "<DTSControl><Version>1.0</Version><AddressType>DTS</AddressType>\
             <MessageType>Data</MessageType><From_DTS>{}</From_DTS><To_DTS>{to}</To_DTS>\
             <WorkflowId>{workflow}</WorkflowId><LocalId>{name}</LocalId>\
             <Compress>Y</Compress></DTSControl>",
            self.mailbox
        );
        fs::create_dir_all(self.path("OUT")).unwrap();
        for (extension, text) in [("dat", body), ("ctl", &control)] {
            let path = self.path(&format!("OUT/{name}.{extension}"));
            fs::write(&path, text).unwrap();
            let long_ago = SystemTime::UNIX_EPOCH + Duration::from_hours(24);
            fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
    }

    /// The names in a folder, in order.
    fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else { return Vec::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name != ".lock").collect();
        names.sort();
        names
    }

    /// How often each body is in a folder.
    fn bodies(&self, folder: &str) -> HashMap<String, usize> {
        let mut bodies = HashMap::new();
        let names = self.names(folder);
        for name in names.iter().filter(|name| is(name, "dat")) {
            let body = fs::read_to_string(self.path(folder).join(name)).unwrap();
            *bodies.entry(body).or_default() += 1;
        }
        bodies
    }
}

fn command(exchange: &Exchange, mailbox: &str, root: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command
        .args(["mesh", "folder"])
        .arg(root)
        .args(["--mailbox", mailbox, "--data"])
        .arg(exchange.data());
    command
}

/// A process that does not outlive its test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        Self(command.spawn().unwrap())
    }

    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Tells it to stop, which must end well.
    fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(told.unwrap().success());
        assert!(self.0.wait().unwrap().success(), "told to stop, it did not end well");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|known| known == extension)
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_pair_travels_from_folder_to_folder() {
    let exchange = closed_demo();
    let first = Folder::new(&exchange, "X26ABC1");
    let second = Folder::new(&exchange, "X26ABC2");
    first.drop_pair("letter", "X26ABC2", "dear colleague");
    first.drop_pair("nobody", "NOBODY", "lost");
    let said = first.once();
    assert_eq!(first.names("SENT"), ["letter.ctl", "letter.dat"]);
    assert_eq!(first.names("FAILED"), ["nobody.ctl", "nobody.dat"]);
    assert_eq!(first.names("OUT"), [""; 0]);
    assert_eq!(first.names("TEMP"), [""; 0]);
    let control = fs::read_to_string(first.path("SENT/letter.ctl")).unwrap();
    assert!(control.contains("<Status>SUCCESS</Status>"), "{control}");
    let failed = fs::read_to_string(first.path("FAILED/nobody.ctl")).unwrap();
    assert!(failed.contains("<Status>ERROR</Status>"), "{failed}");
    assert!(failed.contains("<StatusCode>1"), "{failed}");
    let id = control.split_once("<DTSId>").unwrap().1.split_once('<').unwrap().0;
    assert!(said.contains(&format!("sent letter as {id}")), "{said}");
    assert_eq!(second.once().trim_end(), format!("received {id}, TEST_WORKFLOW2"));
    assert_eq!(second.names("IN"), [format!("{id}.ctl"), format!("{id}.dat")]);
    assert_eq!(fs::read(second.path(&format!("IN/{id}.dat"))).unwrap(), b"dear colleague");
    let control = fs::read_to_string(second.path(&format!("IN/{id}.ctl"))).unwrap();
    for part in [
        "<MessageType>Data</MessageType>",
        "<From_DTS>X26ABC1</From_DTS>",
        "<LocalId>letter</LocalId>",
        "<WorkflowId>TEST_WORKFLOW2</WorkflowId>",
    ] {
        assert!(control.contains(part), "{control}");
    }
    assert_eq!(second.once(), "", "it was acknowledged");
}

#[test]
fn a_report_is_a_control_file_only() {
    let exchange = closed_demo();
    let first = Folder::new(&exchange, "X26ABC1");
    let report = serde_json::json!({
        "mailbox_id": "X26ABC1", "code": "14", "description": "not collected",
        "workflow_id": "TEST_WORKFLOW", "subject": "letter", "local_id": "L1", "status": "error",
        "file_name": "letter.dat", "linked_message_id": "20260101000000000000_AAAAAA",
    });
    let headers = [("Content-Type", "application/json")];
    let path = "/messageexchange/admin/report";
    let made = exchange.client().send("POST", path, &headers, &report.to_string()).unwrap();
    assert_eq!(made.status, 200, "{}", made.text);
    let said = first.once();
    assert!(said.ends_with(", a report\n"), "{said}");
    let names = first.names("IN");
    assert!(names.len() == 1 && is(&names[0], "ctl"), "{names:?}");
    let control = fs::read_to_string(first.path("IN").join(&names[0])).unwrap();
    for part in [
        "<MessageType>Report</MessageType>",
        "<LinkedMsgId>20260101000000000000_AAAAAA</LinkedMsgId>",
        "<StatusCode>14</StatusCode>",
        "<LocalId>L1</LocalId>",
    ] {
        assert!(control.contains(part), "{control}");
    }
    assert_eq!(first.names("TEMP"), [""; 0]);
}

#[test]
fn killed_at_any_moment_it_loses_nothing() {
    let exchange = closed_demo();
    let first = Folder::new(&exchange, "X26ABC1");
    let second = Folder::new(&exchange, "X26ABC2");
    for letter in 0..LETTERS {
        first.drop_pair(&format!("letter-{letter}"), "X26ABC2", &format!("letter {letter}"));
    }
    for part in 1..4 {
        let sending = Running::start(first.command(&[]));
        until("letters are sent", || first.names("SENT").len() >= part * LETTERS / 2);
        sending.kill();
    }
    first.once();
    assert_eq!(first.names("OUT"), [""; 0]);
    assert_eq!(first.names("TEMP"), [""; 0]);
    assert_eq!(first.bodies("SENT").len(), LETTERS);
    for part in 1..4 {
        let fetching = Running::start(second.command(&[]));
        until("letters arrive", || second.names("IN").len() >= part * LETTERS / 2);
        fetching.kill();
    }
    second.once();
    let arrived = second.bodies("IN");
    for letter in 0..LETTERS {
        let times = arrived.get(&format!("letter {letter}")).copied().unwrap_or(0);
        // Each of the three kills may have come between a letter's acceptance and its note.
        assert!((1..=4).contains(&times), "letter {letter} arrived {times} times");
    }
    let repeated: usize = arrived.values().map(|times| times - 1).sum();
    assert!(repeated <= 3, "{repeated} letters were sent twice by three kills");
    let names = second.names("IN");
    let control = names.iter().filter(|name| is(name, "ctl")).count();
    assert_eq!(control * 2, names.len(), "half a pair: {names:?}");
    assert_eq!(second.names("TEMP"), [""; 0]);
}

#[test]
fn it_goes_on_while_it_runs_and_ends_when_it_is_told() {
    let mut exchange = closed_demo();
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let run = |root: &TempDir, mailbox| {
        let mut command = command(&exchange, mailbox, root.path());
        command.args(["--poll-s", "1"]).stdout(Stdio::null()).stderr(Stdio::null());
        Running::start(command)
    };
    let running = [run(&first, "X26ABC1"), run(&second, "X26ABC2")];
    let first = Folder { exchange: &exchange, mailbox: "X26ABC1", root: first };
    let second = Folder { exchange: &exchange, mailbox: "X26ABC2", root: second };
    first.drop_pair("letter", "X26ABC2", "dear colleague");
    until("the letter arrives", || second.names("IN").len() == 2);
    let first = first.root;
    // An exchange that is away is no reason to end.
    exchange.kill();
    let first = Folder { exchange: &exchange, mailbox: "X26ABC1", root: first };
    first.drop_pair("later", "X26ABC2", "dear colleague");
    until("the pair is claimed", || first.names("TEMP") == ["later.ctl", "later.dat"]);
    running.into_iter().for_each(Running::stop);
    assert_eq!(first.names("TEMP"), ["later.ctl", "later.dat"]);
}
