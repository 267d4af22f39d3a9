//! How endpoints fare. Their health is apart from the attempts of any one message: what waits for
//! an endpoint that is not well loses nothing by it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base::Dice;
use jiff::Timestamp;

use crate::retry::{spread_ms, wait};

/// Failures in a row after which an endpoint is left alone for a while.
const FAILURES_MAX: u32 = 5;
/// How long it is left alone at first, in milliseconds; doubled each time.
const ALONE_MS_MIN: i64 = 30_000;
/// How long it is left alone at most, in milliseconds.
const ALONE_MS_MAX: i64 = 600_000;
/// The most endpoints whose health is remembered; beyond that the well ones are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// Whether a push may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permit {
    /// It may.
    Go,
    /// As many as the endpoint bears are under way.
    Full,
    /// The endpoint is left alone until then.
    Alone(Timestamp),
}

/// How a push ended, as far as the endpoint is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It answered.
    Well,
    /// It did not, or said that it cannot; perhaps until when.
    Unwell(Option<Timestamp>),
    /// Nobody knows: the push was broken off from our side.
    Unknown,
}

/// The health of every endpoint.
#[derive(Debug, Default)]
pub(crate) struct Endpoints {
    known: Mutex<HashMap<String, Health>>,
}

#[derive(Debug)]
struct Health {
    under_way: u32,
    /// How many at once it bears: found out by trying.
    bears: u32,
    /// Successes since `bears` last changed.
    successes: u32,
    failures: u32,
    /// How often in a row it was left alone.
    alone: u32,
    until: Option<Timestamp>,
    /// A single push is trying whether it is well again.
    probing: bool,
}

impl Health {
    fn new(most: u32) -> Self {
        Self {
            under_way: 0,
            bears: most.clamp(1, 4),
            successes: 0,
            failures: 0,
            alone: 0,
            until: None,
            probing: false,
        }
    }
}

impl Endpoints {
    /// Whether a push to an endpoint may begin now. When it may, it counts as under way until
    /// [`Endpoints::ended`].
    pub(crate) fn begin(&self, endpoint: &str, most: u32, now: Timestamp) -> Permit {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX && !known.contains_key(endpoint) {
            known.retain(|_, health| health.under_way > 0 || health.until.is_some());
        }
        let health = known.entry(endpoint.to_owned()).or_insert_with(|| Health::new(most));
        if let Some(until) = health.until {
            if now < until {
                return Permit::Alone(until);
            }
            if health.probing {
                return Permit::Full;
            }
            health.probing = true;
        } else if health.under_way >= health.bears.min(most.max(1)) {
            return Permit::Full;
        }
        health.under_way += 1;
        Permit::Go
    }

    /// A push ended.
    pub(crate) fn ended(&self, endpoint: &str, most: u32, now: Timestamp, sign: Sign, dice: &Dice) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(health) = known.get_mut(endpoint) else { return };
        health.under_way = health.under_way.saturating_sub(1);
        let probed = std::mem::take(&mut health.probing);
        match sign {
            Sign::Unknown => {}
            Sign::Well => {
                (health.failures, health.alone, health.until) = (0, 0, None);
                health.successes += 1;
                if health.successes >= health.bears && health.bears < most {
                    (health.bears, health.successes) = (health.bears + 1, 0);
                }
            }
            Sign::Unwell(asked) => {
                health.failures += 1;
                (health.bears, health.successes) = ((health.bears / 2).max(1), 0);
                let too_often = probed || health.failures >= FAILURES_MAX;
                if too_often || asked.is_some() {
                    let longest = ALONE_MS_MIN << health.alone.min(5);
                    let rest = wait(now, spread_ms(longest.min(ALONE_MS_MAX), dice));
                    health.until = Some(asked.map_or(rest, |asked| asked.max(now)));
                    if too_often {
                        health.alone += 1;
                    }
                }
            }
        }
    }

    /// Forgets what is known of an endpoint, so that it is tried again at once.
    pub(crate) fn forget(&self, endpoint: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(health) = known.get_mut(endpoint) {
            (health.until, health.failures, health.alone) = (None, 0, 0);
        }
    }
}

#[cfg(test)]
mod tests;
