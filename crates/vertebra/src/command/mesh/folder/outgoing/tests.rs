//! Pairs on their way out, cut off at every step.

use std::io::Write;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::client::tests::trial::{Planned, Post};
use crate::client::{Halt, Mailbox};
use crate::command::mesh::folder::place::Place;

const ACCEPTED: Planned = (202, Vec::new(), br#"{"message_id":"M1"}"#);
const REFUSED: Planned =
    (417, Vec::new(), br#"{"detail":[{"event":"SEND","code":"12","msg":"Unregistered"}]}"#);
const CONTROL: &str = "<DTSControl><To_DTS>TEST2</To_DTS><WorkflowId>W</WorkflowId>\
    <LocalId>L1</LocalId><Own>kept</Own></DTSControl>";

struct Trial {
    root: TempDir,
}

impl Trial {
    fn new() -> Self {
        let trial = Self { root: TempDir::new().unwrap() };
        trial.place();
        trial
    }

    fn place(&self) -> Place {
        Place::open(self.root.path()).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file that is old enough to be looked at.
    fn put(&self, name: &str, text: &str) {
        let mut file = File::create(self.path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(24)).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// All files but the lock.
    fn files(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in ["IN", OUT, SENT, FAILED, TEMP] {
            for entry in fs::read_dir(self.path(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                if name != ".lock" {
                    names.push(format!("{folder}/{name}"));
                }
            }
        }
        names.sort();
        names
    }

    fn send_all(&self, mailbox: &Mailbox) -> Result<Left, Trouble> {
        let (place, halt) = (self.place(), Halt::default());
        let work = Work { place: &place, mailbox, halt: &halt, chunk_bytes: 100, json: false };
        work.send_all()
    }

    fn send_through(&self, post: &Post) {
        assert!(self.send_all(&post.mailbox()).unwrap() == Left::Nothing);
    }
}

#[test]
fn a_pair_is_sent_and_put_away() {
    let trial = Trial::new();
    trial.put("OUT/x.dat", "hello");
    trial.put("OUT/x.ctl", CONTROL);
    let post = Post::answering(vec![ACCEPTED]);
    trial.send_through(&post);
    assert_eq!(trial.files(), ["SENT/x.ctl", "SENT/x.dat"]);
    let control = trial.text("SENT/x.ctl");
    for part in [
        "<DTSId>M1</DTSId>",
        "<Own>kept</Own>",
        "<Status>SUCCESS</Status>",
        "<StatusCode>00</StatusCode>",
    ] {
        assert!(control.contains(part), "{control}");
    }
    let asked = &post.asked()[0];
    assert_eq!(asked.body, b"hello");
    for (header, value) in [
        ("mex-to", "TEST2"),
        ("mex-workflowid", "W"),
        ("mex-localid", "L1"),
        ("mex-filename", "x.dat"),
        ("mex-subject", ""),
    ] {
        assert_eq!(asked.header(header), value, "{header}");
    }
}

#[test]
fn what_will_never_be_sent_is_put_aside_with_the_reason() {
    let from = CONTROL.replace("<To", "<From_DTS>OTHER</From_DTS><To");
    for (control, plan, says) in [
        (CONTROL.to_owned(), vec![REFUSED], "Unregistered"),
        (CONTROL.replace("To_DTS", "To"), vec![], "To_DTS: is missing"),
        (CONTROL.replace("<Own>", "<MessageType>Report</MessageType><Own>"), vec![], "only Data"),
        (from, vec![], "this is the folder of TEST1"),
    ] {
        let trial = Trial::new();
        trial.put("OUT/x.dat", "hello");
        trial.put("OUT/x.ctl", &control);
        trial.send_through(&Post::answering(plan));
        assert_eq!(trial.files(), ["FAILED/x.ctl", "FAILED/x.dat"], "{says}");
        let control = trial.text("FAILED/x.ctl");
        assert!(control.contains(says), "{control}");
        assert!(control.contains("<Status>ERROR</Status>"), "{control}");
        assert!(control.contains("<Own>kept</Own>"), "{control}");
    }
}

#[test]
fn a_control_file_that_nobody_can_read_is_kept_as_it_is() {
    let trial = Trial::new();
    trial.put("OUT/x.dat", "hello");
    trial.put("OUT/x.ctl", "dear exchange");
    trial.send_through(&Post::answering(Vec::new()));
    assert_eq!(trial.files(), ["FAILED/x.ctl", "FAILED/x.dat", "FAILED/x.unreadable"]);
    assert_eq!(trial.text("FAILED/x.unreadable"), "dear exchange");
    assert!(trial.text("FAILED/x.ctl").contains("the control file is no whole DTSControl"));
}

#[test]
fn what_cannot_be_sent_now_is_sent_later() {
    for status in [403, 404, 500, 503] {
        let trial = Trial::new();
        for name in ["x", "y"] {
            trial.put(&format!("OUT/{name}.dat"), name);
            trial.put(&format!("OUT/{name}.ctl"), CONTROL);
        }
        let post = Post::answering(vec![(status, Vec::new(), b""), ACCEPTED]);
        assert_eq!(trial.send_all(&post.mailbox()).err().unwrap().status(), Some(status));
        assert_eq!(
            trial.files(),
            ["SENT/y.ctl", "SENT/y.dat", "TEMP/x.ctl", "TEMP/x.dat"],
            "the other is not held up"
        );
        // Somebody uses the name again meanwhile.
        trial.put("OUT/x.dat", "second");
        trial.put("OUT/x.ctl", CONTROL);
        let post = Post::answering(vec![ACCEPTED, ACCEPTED]);
        trial.send_through(&post);
        let bodies: Vec<_> = post.asked().into_iter().map(|asked| asked.body).collect();
        assert_eq!(bodies, [b"x".to_vec(), b"second".to_vec()], "{status}");
        assert_eq!(trial.files().len(), 6, "{:?}", trial.files());
        assert_eq!(trial.text("SENT/x.dat"), "x", "the first has its own name");
    }
}

#[test]
fn cut_off_at_any_step_it_goes_on() {
    let sent = CONTROL.replace("<Own>", "<DTSId>M0</DTSId><Own>");
    // What a sudden end left behind, and how many messages are sent after it.
    let cases: [(&[(&str, &str)], usize); 6] = [
        (&[("TEMP/x.ctl", CONTROL), ("OUT/x.dat", "hello")], 1),
        (&[("TEMP/x.ctl", CONTROL), ("TEMP/x.dat", "hello")], 1),
        (&[("TEMP/x.ctl", CONTROL), ("TEMP/x.dat", "hello"), ("TEMP/x.sent", &sent)], 0),
        (&[("TEMP/x.ctl", CONTROL), ("SENT/x.dat", "hello"), ("TEMP/x.sent", &sent)], 0),
        (&[("SENT/x.dat", "hello"), ("TEMP/x.sent", &sent)], 0),
        (&[("SENT/x.dat", "hello"), ("SENT/x.ctl", &sent)], 0),
    ];
    for (left, messages) in cases {
        let trial = Trial::new();
        for (name, text) in left {
            trial.put(name, text);
        }
        let post = Post::answering(vec![ACCEPTED; messages]);
        trial.send_through(&post);
        assert_eq!(trial.files(), ["SENT/x.ctl", "SENT/x.dat"], "{left:?}");
        assert_eq!(trial.text("SENT/x.dat"), "hello");
        let id = if messages == 0 { "M0" } else { "M1" };
        assert!(trial.text("SENT/x.ctl").contains(&format!("<DTSId>{id}</DTSId>")));
        assert_eq!(post.asked().len(), messages);
    }
}

#[test]
fn a_pair_that_is_not_finished_is_left_alone() {
    let trial = Trial::new();
    trial.put("OUT/alone.ctl", CONTROL);
    trial.put("OUT/other.dat", "hello");
    trial.put("OUT/young.dat", "hello");
    fs::write(trial.path("OUT/young.ctl"), CONTROL).unwrap();
    let post = Post::answering(Vec::new());
    assert!(trial.send_all(&post.mailbox()).unwrap() == Left::Young);
    let left = ["OUT/alone.ctl", "OUT/other.dat", "OUT/young.ctl", "OUT/young.dat"];
    assert_eq!(trial.files(), left);
}

#[test]
fn names_that_were_used_before_get_a_number() {
    let trial = Trial::new();
    for text in ["first", "second"] {
        trial.put("OUT/x.dat", text);
        trial.put("OUT/x.ctl", CONTROL);
        trial.send_through(&Post::answering(vec![ACCEPTED]));
    }
    let files = trial.files();
    assert_eq!(files.len(), 4, "{files:?}");
    assert_eq!(trial.text("SENT/x.dat"), "first");
    let second = files.iter().find(|name| name.starts_with("SENT/x-") && name.contains(".dat"));
    assert_eq!(trial.text(second.unwrap()), "second");
}

#[test]
fn one_process_works_on_a_folder_at_a_time() {
    let trial = Trial::new();
    let _held = trial.place();
    let second = Place::open(trial.root.path()).err().unwrap().to_string();
    assert!(second.contains("in use"), "{second}");
}
