//! How far long work has come: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How far some work has come.
pub(crate) struct Progress {
    what: &'static str,
    bar: Option<ProgressBar>,
    moved: bool,
    started: Instant,
    told: Instant,
}

/// How often a plain line is written.
const LINE_EVERY: Duration = Duration::from_secs(2);

impl Progress {
    /// Work that begins now.
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(ProgressBar::no_length);
        if let (Some(bar), Ok(style)) = (
            &bar,
            ProgressStyle::with_template(
                "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}",
            ),
        ) {
            bar.set_style(style);
            bar.set_message(what);
        }
        let now = Instant::now();
        Self { what, bar, moved: false, started: now, told: now }
    }

    /// So much of so much is done.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        self.moved = true;
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
        } else if self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            eprintln!("{}: {done} of {total}", self.what);
        }
    }

    /// It is all done: so many.
    pub(crate) fn done(self, total: u64) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if !self.moved {
            eprintln!("{}: {total}, as before", self.what);
            return;
        }
        let took_s = self.started.elapsed().as_secs_f64();
        let rate = total as f64 / took_s.max(1e-9);
        eprintln!("{}: {total} in {took_s:.2} s, {rate:.0} a second", self.what);
    }
}
