//! How far long work has come: a bar on a terminal, plain lines elsewhere.

use std::fmt::Write;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

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
const BAR: &str = "{msg} {wide_bar} {human_pos}/{human_len} {rest}";
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
        let new = self.from.is_none();
        self.from.get_or_insert(done);
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            if new {
                bar.disable_steady_tick();
                self.look(BAR, self.what.to_owned());
            }
        } else if self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            eprintln!("{}: {done} of {total}", self.what);
        }
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
            let (from, started) = (self.from.unwrap_or_default(), Instant::now());
            bar.set_style(style.with_key(
                "rest",
                move |state: &ProgressState, to: &mut dyn Write| {
                    if let Some(rest) = rest(state, from, started) {
                        // A line that cannot be drawn is drawn again soon.
                        let _ = write!(to, "{:#}", HumanDuration(rest));
                    }
                },
            ));
            bar.set_message(message);
        }
    }
}

/// How long the rest takes at the rate so far, once there is one. What was there before says
/// nothing about that.
fn rest(state: &ProgressState, from: u64, started: Instant) -> Option<Duration> {
    let done = state.pos().checked_sub(from).filter(|&done| done > 0)?;
    let left = state.len()?.saturating_sub(state.pos());
    Some(started.elapsed().mul_f64(left as f64 / done as f64))
}
