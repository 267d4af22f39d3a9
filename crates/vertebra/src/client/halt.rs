//! Ending in order: SIGTERM or Ctrl-C is noted, and whoever works looks now and then.

use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::trouble::Stopped;

/// Whether it was told to stop.
#[derive(Clone, Default)]
pub(crate) struct Halt {
    told: Arc<(Mutex<bool>, Condvar)>,
}

impl Halt {
    /// Watches for the signals that say to stop. A second one ends the process at once.
    ///
    /// # Errors
    /// When the system does not tell of signals.
    pub(crate) fn watch() -> Result<Self, String> {
        let halt = Self::default();
        let failed = |error: io::Error| format!("cannot watch for signals: {error}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(failed)?;
        let here = runtime.enter();
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        drop(here);
        let watching = halt.clone();
        std::thread::spawn(move || {
            runtime.block_on(async {
                loop {
                    tokio::select! {
                        _ = terminate.recv() => {}
                        _ = interrupt.recv() => {}
                    }
                    if watching.is_told() {
                        std::process::exit(1);
                    }
                    watching.tell();
                }
            });
        });
        Ok(halt)
    }

    fn tell(&self) {
        *self.told.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.told.1.notify_all();
    }

    /// Whether it was told to stop.
    pub(crate) fn is_told(&self) -> bool {
        *self.told.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so long, or until it is told to stop; whether it was.
    pub(crate) fn wait(&self, time: Duration) -> bool {
        let told = self.told.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.told.1.wait_timeout_while(told, time, |told| !*told);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// The same reader, which ends with an error once it is told to stop.
    pub(crate) fn watched<R: Read>(&self, reader: R) -> impl Read {
        Watched { halt: self.clone(), reader }
    }
}

struct Watched<R> {
    halt: Halt,
    reader: R,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.halt.is_told() {
            return Err(io::Error::other(Stopped));
        }
        self.reader.read(buffer)
    }
}
