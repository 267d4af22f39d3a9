//! Wrong secrets are counted: for each person, and in all. Beyond a bound nobody signs in for a
//! while, whatever secret they bring: what people remember can be guessed.

use base::Clock;
use base::limit::{
    SIGN_IN_FAILURES_A_MINUTE_MAX, SIGN_IN_FAILURES_MAX, SIGN_IN_NAMES_MAX, SIGN_IN_PAUSE_S,
};
use security::throttle::Bound;

const FOR_ONE: Bound = Bound { at_once: SIGN_IN_FAILURES_MAX, every_ms: SIGN_IN_PAUSE_S * 1000 };
/// The key that failures for anybody are counted under; those of people begin otherwise.
const ANYBODY: &str = "anybody";

/// The wrong secrets of late.
#[derive(Debug)]
pub(crate) struct Throttle(security::throttle::Throttle);

impl Throttle {
    pub(crate) fn new(clock: Clock) -> Self {
        Self(security::throttle::Throttle::new(clock, SIGN_IN_NAMES_MAX))
    }

    /// In how many seconds somebody may try again; nothing when they may now.
    pub(crate) fn wait_s(&self, name: &str) -> Option<u32> {
        self.0.wait_s(ANYBODY, for_all()).or_else(|| self.0.wait_s(&key(name), FOR_ONE))
    }

    /// Counts a wrong secret.
    pub(crate) fn failed(&self, name: &str) {
        // Whether it was one too many was asked before the secret was looked at.
        let _ = self.0.failed(ANYBODY, for_all());
        let _ = self.0.failed(&key(name), FOR_ONE);
    }

    /// Forgets the wrong secrets of somebody who brought the right one.
    pub(crate) fn succeeded(&self, name: &str) {
        self.0.forget(&key(name));
    }
}

fn for_all() -> Bound {
    Bound::a_minute(SIGN_IN_FAILURES_A_MINUTE_MAX)
}

fn key(name: &str) -> String {
    format!("person {}", name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
