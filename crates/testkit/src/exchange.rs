//! The real binary, started in a folder of its own and stopped when the test ends.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::Client;

/// A running exchange.
pub struct Exchange {
    binary: PathBuf,
    arguments: Vec<String>,
    folder: TempDir,
    running: Option<(Child, String)>,
}

impl Exchange {
    /// Starts a binary as `serve` on a free port, with a data folder of its own.
    ///
    /// # Panics
    /// When it does not become ready.
    pub fn start(binary: &str, arguments: &[&str]) -> Self {
        let mut exchange = Self::idle(binary, arguments);
        exchange.resume();
        exchange
    }

    /// One that is not running yet: `resume` starts it.
    ///
    /// # Panics
    /// When it can have no folder.
    pub fn idle(binary: &str, arguments: &[&str]) -> Self {
        Self {
            binary: binary.into(),
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            folder: TempDir::new().expect("a temporary folder can be made"),
            running: None,
        }
    }

    /// Starts it as `resume` does, but neither waits nor minds what becomes of it: for those who
    /// stop it before it is ready. What it writes can be read.
    ///
    /// # Panics
    /// When the binary cannot be started.
    pub fn launch(&self) -> Child {
        let mut command = self.command();
        command.stderr(Stdio::piped()).spawn().expect("the binary can be started")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(self.data())
            .args(&self.arguments)
            .stdout(Stdio::piped());
        command
    }

    /// Starts it again on the same data.
    ///
    /// # Panics
    /// When it does not become ready.
    pub fn resume(&mut self) {
        let mut child = self.command().spawn().expect("the binary can be started");
        let out = child.stdout.take().expect("its output is piped");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).expect("its output can be read");
        let address = line.trim().strip_prefix("ready ").unwrap_or_else(|| {
            let _ = child.kill();
            panic!("the exchange did not become ready: '{line}'")
        });
        self.running = Some((child, address.to_owned()));
    }

    /// The id of its process.
    ///
    /// # Panics
    /// When it is not running.
    pub fn id(&self) -> u32 {
        self.running.as_ref().expect("the exchange is running").0.id()
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// `http://host:port`.
    ///
    /// # Panics
    /// When it is not running.
    pub fn url(&self) -> &str {
        &self.running.as_ref().expect("the exchange is running").1
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        Client::new(self.url())
    }

    /// The demonstration credentials that it wrote.
    ///
    /// # Panics
    /// When there are none.
    pub fn credentials(&self) -> Value {
        let text = std::fs::read_to_string(self.data().join("demo/credentials.json"));
        serde_json::from_str(&text.expect("credentials were written")).expect("they are JSON")
    }

    /// Kills it at once (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Tells it to stop (SIGTERM) and waits; whether it ended with success.
    ///
    /// # Panics
    /// When it cannot be told or waited for.
    pub fn stop(&mut self) -> bool {
        let (mut child, _) = self.running.take().expect("the exchange is running");
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(told.expect("kill can be run").success(), "it could not be told to stop");
        child.wait().expect("it can be waited for").success()
    }

    /// Runs another command of the binary.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(&self.binary).args(arguments).output().expect("the binary can be run")
    }

    /// Runs `check` on the data; the exchange must not be running.
    ///
    /// # Panics
    /// When it finds a problem.
    pub fn check(&self) {
        let folder = self.data().to_string_lossy().into_owned();
        let output = self.run(&["check", "--data", &folder]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "check found: {text}");
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.kill();
    }
}
