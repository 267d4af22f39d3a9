//! How far long work has come: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How far some work has come.
pub(crate) struct Progress {
    what: &'static str,
    bar: Option<ProgressBar>,
    /// How much was there before, once known.
    from: Option<u64>,
    started: Instant,
    told: Instant,
}

/// How often a plain line is written.
const LINE_EVERY: Duration = Duration::from_secs(2);
/// How often a step of unknown length shows that it is alive.
const TICK_EVERY: Duration = Duration::from_millis(200);
/// Short enough for a window of forty columns.
const BAR: &str = "{msg} {wide_bar} {human_pos}/{human_len} {eta}";
const STEP: &str = "{msg} {spinner} {elapsed}";

impl Progress {
    /// Work that begins now.
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(ProgressBar::no_length);
        let now = Instant::now();
        let progress = Self { what, bar, from: None, started: now, told: now };
        progress.spin(what.to_owned());
        progress
    }

    /// What this draws on a terminal, if it does.
    pub(crate) fn bar(&self) -> Option<ProgressBar> {
        self.bar.clone()
    }

    /// So much of so much is done.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            if self.from.is_none() {
                bar.disable_steady_tick();
                // What was there before says nothing about how long the rest takes.
                bar.reset_eta();
                self.look(BAR, self.what.to_owned());
            }
        } else if self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            eprintln!("{}: {done} of {total}", self.what);
        }
        self.from.get_or_insert(done);
    }

    /// A step begins of which nobody knows how long it takes.
    pub(crate) fn step(&mut self, step: &str) {
        let message = format!("{}: {step}", self.what);
        if let Some(bar) = &self.bar {
            bar.reset_elapsed();
            self.spin(message);
        } else if self.started.elapsed() >= LINE_EVERY {
            eprintln!("{message}");
        }
    }

    /// It is all done: so many.
    pub(crate) fn done(self, total: u64) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let Some(from) = self.from else {
            eprintln!("{}: {total}, as before", self.what);
            return;
        };
        let took_s = self.started.elapsed().as_secs_f64();
        let now = total.saturating_sub(from);
        let rate = now as f64 / took_s.max(1e-9);
        let rest = if from > 0 { format!(", {now} of them") } else { String::new() };
        eprintln!("{}: {total}{rest} in {took_s:.2} s, {rate:.0} a second", self.what);
    }

    fn spin(&self, message: String) {
        self.look(STEP, message);
        if let Some(bar) = &self.bar {
            bar.enable_steady_tick(TICK_EVERY);
        }
    }

    fn look(&self, template: &str, message: String) {
        if let (Some(bar), Ok(style)) = (&self.bar, ProgressStyle::with_template(template)) {
            bar.set_style(style);
            bar.set_message(message);
        }
    }
}
