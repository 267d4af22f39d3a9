//! Credentials that fail are counted, by where they came from and whose they were to be.
//!
//! One counter serves people at sign-in pages and machines at APIs: so many failures may come at
//! once, and then one in a time (the generic cell rate algorithm, as in [`rate`](crate::rate)). It
//! forgets by itself, and never grows beyond a bound.
//!
//! What machines bring is checked first, and only a failure is counted: a credential that is proved
//! lets its caller in, however often others failed from the same address. Many systems of a
//! hospital call from one address; if one of them with an old key could shut the door for all, so
//! could anybody who shares the address on purpose. What keeps a machine's credential from being
//! guessed is its length, which no rate replaces, and to check one is cheap: to turn callers away
//! unchecked would help whoever floods the door more than the house.
//! Whoever fails too often learns no more than that, and when to come back. What people remember
//! is short and can be guessed: their sign-in asks [`Throttle::wait_s`] before it checks.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base::Clock;
use base::limit::{FAILURES_FOR_ONE_TIMES, FAILURES_KEPT_MAX};

use crate::tokens::{Digested, digest};

const MINUTE_MS: i64 = 60_000;
/// How much of an address of version 6 says whose it is: the rest a caller may choose.
const NETWORK_BITS: u32 = 64;

/// How many failures are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// So many at once.
    pub at_once: u32,
    /// And one more each time that so many milliseconds have gone by.
    pub every_ms: i64,
}

/// Counts failures, by keys. Bounded in memory: what has been forgiven is thrown away, and when
/// nothing has, all is.
#[derive(Debug)]
pub struct Throttle {
    clock: Clock,
    /// For each key when the next failure is due, were they to come evenly; milliseconds since
    /// 1970.
    due: Mutex<HashMap<Digested, i64>>,
    kept_max: usize,
}

impl Throttle {
    /// A throttle that remembers so many keys.
    pub fn new(clock: Clock, kept_max: usize) -> Self {
        Self { clock, due: Mutex::default(), kept_max }
    }

    /// In how many seconds one more failure would be taken; nothing when it would be now.
    pub fn wait_s(&self, key: &str, bound: Bound) -> Option<u32> {
        let now_ms = self.clock.now().as_millisecond();
        bound.wait_s(*self.due().get(&digest(key.as_bytes()))?, now_ms)
    }

    /// Counts a failure. When it was one too many it is not counted, and this says in how many
    /// seconds one will be taken again.
    pub fn failed(&self, key: &str, bound: Bound) -> Option<u32> {
        let now_ms = self.clock.now().as_millisecond();
        let mut due = self.due();
        if due.len() >= self.kept_max {
            due.retain(|_, due_ms| *due_ms > now_ms);
        }
        if due.len() >= self.kept_max {
            due.clear();
        }
        let due_ms = due.entry(digest(key.as_bytes())).or_default();
        let wait_s = bound.wait_s(*due_ms, now_ms);
        if wait_s.is_none() {
            *due_ms = (*due_ms).clamp(now_ms, bound.latest(now_ms)) + bound.every_ms;
        }
        wait_s
    }

    /// Forgets the failures of a key.
    pub fn forget(&self, key: &str) {
        self.due().remove(&digest(key.as_bytes()));
    }

    fn due(&self) -> MutexGuard<'_, HashMap<Digested, i64>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bound {
    /// So many at once, and as many a minute, evenly.
    pub fn a_minute(failures: u32) -> Self {
        Self { at_once: failures, every_ms: MINUTE_MS / i64::from(failures.max(1)) }
    }

    fn wait_s(self, due_ms: i64, now_ms: i64) -> Option<u32> {
        let early_ms = due_ms.saturating_sub(self.latest(now_ms));
        // A clock that was set back must not lock anybody out.
        let sane = early_ms > 0 && early_ms <= self.every_ms;
        sane.then(|| early_ms.unsigned_abs().div_ceil(1000) as u32)
    }

    /// How far ahead the next failure may be due, to be taken now.
    fn latest(self, now_ms: i64) -> i64 {
        let ahead_ms = self.every_ms.saturating_mul(i64::from(self.at_once.max(1)) - 1);
        now_ms.saturating_add(ahead_ms)
    }
}

/// Counts the credentials of machines that fail.
#[derive(Debug)]
pub struct Failures {
    throttle: Throttle,
    from_one: Bound,
    for_one: Bound,
}

impl Failures {
    /// So many a minute are taken from one address, and some times as many for one name, from
    /// wherever they come.
    pub fn new(clock: Clock, a_minute: u32) -> Self {
        Self {
            throttle: Throttle::new(clock, FAILURES_KEPT_MAX),
            from_one: Bound::a_minute(a_minute),
            for_one: Bound::a_minute(a_minute.saturating_mul(FAILURES_FOR_ONE_TIMES)),
        }
    }

    /// Counts a credential that failed: from where it came, where that is known, and whose it was
    /// to be, where it said so. When that was one too many, in how many seconds to come back.
    pub fn failed(&self, from: Option<IpAddr>, name: &str) -> Option<u32> {
        let from = from.and_then(|from| {
            self.throttle.failed(&format!("from {}", network(from)), self.from_one)
        });
        // What is refused for where it comes from counts against nobody: one address alone cannot
        // use up what is taken for a name.
        if from.is_some() || name.is_empty() {
            return from;
        }
        self.throttle.failed(&format!("for {name}"), self.for_one)
    }
}

/// The network that an address belongs to, as far as a caller cannot choose within it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let mask = u128::MAX << (Ipv6Addr::BITS - NETWORK_BITS);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests;
