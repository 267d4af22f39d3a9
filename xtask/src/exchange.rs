//! An exchange, or any program that says `ready http://ADDR`, started for as long as it is needed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::house;

/// The program as a release build leaves it.
pub(crate) const BINARY: &str = "target/release/vertebra";

/// How long a started program may take to stop.
const STOP_S_MAX: u64 = 30;

/// A running program. It is killed when this goes out of scope.
pub(crate) struct Exchange {
    child: Child,
    /// `http://ADDR`, as the program said it.
    pub(crate) base: String,
    /// How long it took from the start to the ready line.
    pub(crate) ready_in: Duration,
}

impl Exchange {
    /// Starts a program and waits for its ready line. What it logs goes to a file.
    pub(crate) fn start(
        program: &Path,
        arguments: &[&str],
        log: &Path,
        wait: Duration,
    ) -> Result<Self, String> {
        let shown = format!("{} {}", program.display(), arguments.join(" "));
        let began = Instant::now();
        let log_file = File::create(log).map_err(|error| format!("{}: {error}", log.display()))?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(house::root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .map_err(|error| format!("cannot start `{shown}`: {error}"))?;
        let lines = lines_of(&mut child);
        let mut exchange = Self { child, base: String::new(), ready_in: Duration::ZERO };
        if let Some(base) = ready_line(&lines, wait) {
            exchange.base = base;
            exchange.ready_in = began.elapsed();
            return Ok(exchange);
        }
        let said = std::fs::read_to_string(log).unwrap_or_default();
        Err(format!("`{shown}` was not ready within {} s:\n{said}", wait.as_secs()))
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as an operator would, and sees that it does so well.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        house::run_quietly("kill", &["-TERM", &self.id().to_string()])?;
        let until = Instant::now() + Duration::from_secs(STOP_S_MAX);
        while Instant::now() < until {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("it stopped badly: {status}")),
                Ok(None) => thread::sleep(Duration::from_millis(20)),
                Err(error) => return Err(format!("cannot wait for it: {error}")),
            }
        }
        Err(format!("it did not stop within {STOP_S_MAX} s of SIGTERM"))
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the program writes to standard output, line by line, for as long as it runs.
fn lines_of(child: &mut Child) -> Receiver<String> {
    let (send, receive) = channel();
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Nobody listens after the ready line; reading on keeps the pipe open.
                let _ = send.send(line);
            }
        });
    }
    receive
}

fn ready_line(lines: &Receiver<String>, wait: Duration) -> Option<String> {
    let until = Instant::now() + wait;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let line = lines.recv_timeout(left).ok()?;
        if let Some(base) = line.strip_prefix("ready ") {
            return Some(base.trim().to_owned());
        }
    }
}
