//! What happens at SIGTERM or Ctrl-C.

use std::process::exit;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::ProgressBar;
use tokio::signal::unix::{Signal, SignalKind, signal};
use transport::Stop;

use crate::progress::Progress;

/// What the house is doing, as far as stopping it goes.
enum Doing {
    /// Something that can be cut off, with what it draws on a terminal.
    Starting(Option<ProgressBar>),
    /// Answering calls.
    Serving,
    /// Ending the last of them.
    Stopping,
}

/// Watches for the signals that say to stop. Until something is served, such a signal ends the
/// process at once: the store bears being cut off at any moment. From then on the first one ends
/// it in order, and a second one at once.
pub(crate) struct Told {
    stop: Stop,
    doing: Arc<Mutex<Doing>>,
}

impl Told {
    /// Watches from now on. To be called where futures run.
    ///
    /// # Errors
    /// When the system does not tell of signals.
    pub(crate) fn watch() -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot watch for signals: {error}");
        let terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let told = Self { stop: Stop::new(), doing: Arc::new(Mutex::new(Doing::Starting(None))) };
        tokio::spawn(obey(terminate, interrupt, told.stop.clone(), told.doing.clone()));
        Ok(told)
    }

    /// From now on something is drawn on a terminal, which must not be in the way.
    pub(crate) fn beside(&self, progress: &Progress) {
        self.now(Doing::Starting(progress.bar()));
    }

    /// From now on, stopping takes its time: this says when to begin.
    pub(crate) fn in_order(&self) -> Stop {
        self.now(Doing::Serving);
        self.stop.clone()
    }

    fn now(&self, doing: Doing) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = doing;
    }
}

async fn obey(mut terminate: Signal, mut interrupt: Signal, stop: Stop, doing: Arc<Mutex<Doing>>) {
    loop {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        let mut doing = doing.lock().unwrap_or_else(PoisonError::into_inner);
        match &*doing {
            // Nothing is drawn any more while the bar is suspended.
            Doing::Starting(Some(bar)) => bar.suspend(cut_off),
            Doing::Starting(None) => cut_off(),
            Doing::Serving => {
                *doing = Doing::Stopping;
                stop.cancel();
            }
            Doing::Stopping => {
                eprintln!("vertebra: told twice, stopped at once: running requests were cut off");
                exit(1);
            }
        }
    }
}

fn cut_off() {
    eprintln!("stopped before it was ready; the next start goes on from here");
    exit(0);
}
