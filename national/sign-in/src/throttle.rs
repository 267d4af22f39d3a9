//! Wrong secrets are counted: for each person, and in all. Beyond a bound nobody signs in for a
//! while, whatever secret they bring.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base::limit::{
    SIGN_IN_FAILURES_A_MINUTE_MAX, SIGN_IN_FAILURES_MAX, SIGN_IN_NAMES_MAX, SIGN_IN_PAUSE_S,
};
use security::tokens::{Digested, digest};

const MINUTE_S: i64 = 60;

/// The wrong secrets of late.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// For each name that was tried: how often in a row, and when last.
    names: HashMap<Digested, (u32, i64)>,
    minute: i64,
    in_minute: u32,
}

impl Throttle {
    /// In how many seconds somebody may try again; nothing when they may now.
    pub(crate) fn wait_s(&self, name: &str, now_s: i64) -> Option<u32> {
        let state = self.state();
        let minute = now_s.div_euclid(MINUTE_S);
        if state.minute == minute && state.in_minute >= SIGN_IN_FAILURES_A_MINUTE_MAX {
            return Some((MINUTE_S - now_s.rem_euclid(MINUTE_S)) as u32);
        }
        let (failures, last_s) = state.names.get(&key(name))?;
        let left_s = last_s.saturating_add(SIGN_IN_PAUSE_S).saturating_sub(now_s);
        (*failures >= SIGN_IN_FAILURES_MAX && left_s > 0).then_some(left_s as u32)
    }

    /// Counts a wrong secret.
    pub(crate) fn failed(&self, name: &str, now_s: i64) {
        let mut state = self.state();
        let minute = now_s.div_euclid(MINUTE_S);
        if state.minute != minute {
            (state.minute, state.in_minute) = (minute, 0);
        }
        state.in_minute += 1;
        if state.names.len() >= SIGN_IN_NAMES_MAX {
            let recent = |last_s: i64| last_s.saturating_add(SIGN_IN_PAUSE_S) > now_s;
            state.names.retain(|_, (_, last_s)| recent(*last_s));
        }
        // The bound for all keeps the names of one pause well below the bound of names.
        let (failures, last_s) = state.names.entry(key(name)).or_default();
        if last_s.saturating_add(SIGN_IN_PAUSE_S) <= now_s {
            *failures = 0;
        }
        (*failures, *last_s) = (*failures + 1, now_s);
    }

    /// Forgets the wrong secrets of somebody who brought the right one.
    pub(crate) fn succeeded(&self, name: &str) {
        self.state().names.remove(&key(name));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(name: &str) -> Digested {
    digest(name.to_ascii_lowercase().as_bytes())
}

#[cfg(test)]
mod tests;
