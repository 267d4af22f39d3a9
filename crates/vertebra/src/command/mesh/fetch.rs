//! `vertebra mesh fetch`: messages become files.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::account::Account;
use crate::client::{Arrival, Download, Halt, Mailbox, Trouble};
use crate::command::Failure;
use crate::progress::Progress;
use crate::say;

/// Fetch messages into a folder.
///
/// Each becomes the file ID.dat. One that is cut off goes on where it stopped when it is fetched
/// again.
#[derive(clap::Args)]
pub(crate) struct Fetch {
    /// The ids of the messages
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    messages: Vec<String>,
    /// Everything that waits
    #[arg(long)]
    all: bool,
    /// Only these workflows: X, !X, X*, !X*, *X* or !*X*
    #[arg(
        long,
        value_name = "FILTER",
        default_value = "",
        hide_default_value = true,
        requires = "all"
    )]
    workflow: String,
    /// The folder to put them into
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
    /// Say that each arrived, once it is safe on the disk
    #[arg(long)]
    ack: bool,
    #[command(flatten)]
    account: Account,
    /// Write the result as JSON, one line a message
    #[arg(long)]
    json: bool,
}

impl Fetch {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mailbox = self.account.mailbox()?;
        std::fs::create_dir_all(&self.to)
            .map_err(|error| format!("cannot make {}: {error}", self.to.display()))?;
        if !self.all {
            return self.each(&mailbox, &self.messages);
        }
        let mut from = None;
        loop {
            let found = mailbox.inbox(&self.workflow, from.as_deref())?;
            self.each(&mailbox, &found.messages)?;
            from = found.next;
            if from.is_none() {
                return Ok(());
            }
        }
    }

    fn each(&self, mailbox: &Mailbox, messages: &[String]) -> Result<(), Failure> {
        for message in messages {
            self.one(mailbox, message).map_err(|trouble| format!("{message}: {trouble}"))?;
        }
        Ok(())
    }

    fn one(&self, mailbox: &Mailbox, message: &str) -> Result<(), Trouble> {
        let download = Download::new(mailbox, message, &self.to)?;
        let mut progress = Shown::default();
        let arrival = download.fetch(&Halt::default(), &mut |bytes| progress.at(bytes))?;
        progress.done();
        let path = self.to.join(format!("{message}.dat"));
        let placed = (!arrival.is_report()).then_some(path.as_path());
        if let Some(path) = placed {
            download.place(path)?;
        }
        download.tidy();
        // Only now is it safe with us.
        if self.ack {
            mailbox.acknowledge(message)?;
        }
        self.tell(message, &arrival, placed);
        Ok(())
    }

    fn tell(&self, message: &str, arrival: &Arrival, file: Option<&Path>) {
        if self.json {
            let headers: serde_json::Map<_, _> =
                arrival.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
            let line = json!({
                "message": message,
                "file": file,
                "bytes": arrival.bytes,
                "report": arrival.is_report(),
                "acknowledged": self.ack,
                "headers": headers,
            });
            say::line(&line.to_string());
            return;
        }
        let line = match file {
            Some(file) => format!(
                "{}  {} from {}, {} bytes",
                file.display(),
                arrival.header("mex-workflowid"),
                arrival.header("mex-from"),
                arrival.bytes
            ),
            None => format!(
                "{message}  report on {}: {}",
                arrival.header("mex-linkedmsgid"),
                arrival.header("mex-statusdescription")
            ),
        };
        say::line(&line);
    }
}

/// How far a large message has come, on a terminal. How large it is in all nobody says.
#[derive(Default)]
struct Shown {
    progress: Option<Progress>,
    bytes: u64,
}

/// From so many bytes on a person wants to see how far it has come.
const LARGE_BYTES: u64 = 8 * 1024 * 1024;

impl Shown {
    fn at(&mut self, bytes: u64) {
        if bytes / LARGE_BYTES > self.bytes / LARGE_BYTES && std::io::stderr().is_terminal() {
            let progress = self.progress.get_or_insert_with(|| Progress::new("fetching"));
            progress.step(&format!("{} MiB", bytes / (1024 * 1024)));
        }
        self.bytes = bytes;
    }

    fn done(self) {
        if let Some(bar) = self.progress.and_then(|progress| progress.bar()) {
            bar.finish_and_clear();
        }
    }
}
