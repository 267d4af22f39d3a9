//! `vertebra mesh folder`: a mailbox as a folder. What is put into OUT is sent; what arrives is
//! put into IN. The interface is that of the national client: a data file `x.dat` and, written
//! after it, a control file `x.ctl` of the same name.
//!
//! | folder | holds |
//! |---|---|
//! | OUT | pairs to be sent |
//! | SENT | pairs that were sent; the control file says so, and with which id |
//! | FAILED | pairs that will never be sent as they are, and why |
//! | IN | what arrived: `ID.dat` and `ID.ctl`; a report is a control file only |
//! | TEMP | what is on its way, in either direction |
//!
//! Nothing is ever lost. It may be stopped at any moment, by a power cut too: what was on its way
//! goes on from TEMP when it is started again, and at worst a message is sent or received twice.

mod control;
mod incoming;
mod outgoing;
mod place;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::account::Account;
use crate::client::{Halt, Mailbox, Trouble};
use crate::command::Failure;
use crate::say;
use place::Place;

/// How often OUT is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Send what is put into a folder, and put there what arrives.
#[derive(clap::Args)]
pub(crate) struct Folder {
    /// The folder of the mailbox; IN, OUT, SENT, FAILED and TEMP are made in it
    #[arg(value_name = "DIR")]
    root: PathBuf,
    /// How often to ask what arrived, in seconds
    #[arg(long, value_name = "S", default_value_t = 60,
          value_parser = clap::value_parser!(u64).range(1..))]
    poll_s: u64,
    /// Send and fetch what there is now, and end
    #[arg(long)]
    once: bool,
    /// Send in parts of so many bytes what is larger
    #[arg(long, value_name = "N", default_value_t = 50 * 1024 * 1024,
          value_parser = clap::value_parser!(u64).range(1..))]
    chunk_bytes: u64,
    #[command(flatten)]
    account: Account,
    /// Write what happens as JSON, one line each
    #[arg(long)]
    json: bool,
}

/// What the work on a folder needs.
struct Work<'a> {
    place: &'a Place,
    mailbox: &'a Mailbox,
    halt: &'a Halt,
    chunk_bytes: u64,
    json: bool,
}

/// Something that happened to a file.
enum Happened<'a> {
    Sent { name: &'a str, id: &'a str },
    Failed { name: &'a str, why: &'a str },
    Received { id: &'a str, workflow: &'a str, report: bool },
}

impl Folder {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mailbox = self.account.mailbox()?;
        let place = Place::open(&self.root)?;
        let halt = Halt::watch()?;
        let work = Work {
            place: &place,
            mailbox: &mailbox,
            halt: &halt,
            chunk_bytes: self.chunk_bytes,
            json: self.json,
        };
        if self.once {
            return work.once();
        }
        work.on_and_on(Duration::from_secs(self.poll_s));
        Ok(())
    }
}

impl Work<'_> {
    /// Everything that there is, once; pairs that are very young are waited for.
    fn once(&self) -> Result<(), Failure> {
        let sent = loop {
            match self.send_all() {
                Ok(outgoing::Left::Young) if !self.halt.wait(LOOK) => {}
                other => break other.map(drop),
            }
        };
        match sent.and_then(|()| self.fetch_all()) {
            Err(Trouble::Halted) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Until it is told to stop. What does not work now is tried again at the next poll.
    fn on_and_on(&self, poll: Duration) {
        let looks = poll.as_secs().div_ceil(LOOK.as_secs());
        let mut troubled = false;
        for look in (0..looks).cycle() {
            if look == 0 {
                troubled = Self::note(self.fetch_all());
            }
            // After a failure nothing is sent until the next poll, so as not to hammer.
            if look == 0 || !troubled {
                troubled |= Self::note(self.send_all().map(drop));
            }
            if self.halt.wait(LOOK) {
                return;
            }
        }
    }

    /// Whether something did not work, which is said.
    fn note(result: Result<(), Trouble>) -> bool {
        match result {
            Ok(()) | Err(Trouble::Halted) => false,
            Err(trouble) => {
                eprintln!("{trouble}");
                true
            }
        }
    }

    fn tell(&self, happened: &Happened<'_>) {
        let line = if self.json { happened.json().to_string() } else { happened.text() };
        say::line(&line);
    }
}

impl Happened<'_> {
    fn text(&self) -> String {
        match self {
            Self::Sent { name, id } => format!("sent {name} as {id}"),
            Self::Failed { name, why } => format!("failed {name}: {why}"),
            Self::Received { id, report: true, .. } => format!("received {id}, a report"),
            Self::Received { id, workflow, .. } => format!("received {id}, {workflow}"),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Sent { name, id } => json!({ "sent": name, "message": id }),
            Self::Failed { name, why } => json!({ "failed": name, "why": why }),
            Self::Received { id, workflow, report } => {
                json!({ "received": id, "workflow": workflow, "report": report })
            }
        }
    }
}
