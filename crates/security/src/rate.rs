//! How often a client may call an API: a quota in each window of time, and a bound on how dense
//! calls may come (spike arrest).
//!
//! The quota is counted in fixed windows from the first call on, so that what is left and when it
//! begins anew can be told exactly. The spike arrest is the generic cell rate algorithm
//! (<https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>) with a burst of a tenth of a
//! second's calls, one at least.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base::limit::METERS_MAX;
use base::{Allowance, Clock};
use serde::{Deserialize, Serialize};

/// The key of a client's rates for every API that it names no others for.
const EVERY_API: &str = "app";
const MINUTE_MS: i64 = 60_000;

/// A client's rates: by the name of an API, or `app` for every other.
pub type Ratelimiting = HashMap<String, Rates>;

/// What is allowed at one API, in the shape of the national gateway's attribute `ratelimiting`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// So many calls in a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    /// So dense and no denser.
    #[serde(default, rename = "spikeArrest", skip_serializing_if = "Option::is_none")]
    pub spike_arrest: Option<SpikeArrest>,
}

/// So many calls in a time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// How many calls.
    pub limit: u32,
    /// In how many units of time.
    #[serde(default = "one")]
    pub interval: u32,
    /// Which unit.
    #[serde(default)]
    pub timeunit: TimeUnit,
    /// Whether it counts.
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// 60 seconds.
    #[default]
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
}

/// So dense and no denser.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SpikeArrest {
    /// Calls in a minute, `900pm`, or in a second, `15ps`.
    pub ratelimit: String,
    /// Whether it counts.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

/// Why a call was one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// The client's quota at the API is used up.
    Quota {
        /// How it stands.
        allowance: Allowance,
        /// The length of the window, in seconds.
        window_s: u32,
    },
    /// The client's calls to the API come too dense.
    Spike {
        /// How many may come in a minute.
        a_minute: u32,
    },
    /// All clients together call the API too densely.
    WholeApi {
        /// How many calls may come in a minute.
        a_minute: u32,
    },
}

/// Counts the calls of every client to every API. Bounded in memory: meters that have run down
/// are thrown away, and when all are in use the oldest windows are.
#[derive(Debug)]
pub struct Meters {
    clock: Clock,
    by_client: RwLock<Arc<HashMap<String, Ratelimiting>>>,
    default: Option<Rates>,
    whole_a_minute: Option<u32>,
    state: Mutex<HashMap<(String, &'static str), Meter>>,
    kept_max: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Meter {
    /// When the window began.
    began_ms: i64,
    /// When it ends.
    ends_ms: i64,
    /// How many calls it has had.
    used: u32,
    /// When the next call is due, were they to come evenly.
    due_us: i64,
}

impl Meters {
    /// Meters for clients with rates of their own, and for all others these, if any.
    pub fn new(
        clock: Clock,
        by_client: HashMap<String, Ratelimiting>,
        default: Option<Rates>,
    ) -> Self {
        let by_client = RwLock::new(Arc::new(by_client));
        let (whole_a_minute, state) = (None, Mutex::default());
        Self { clock, by_client, default, whole_a_minute, state, kept_max: METERS_MAX }
    }

    /// With a bound on the calls of all clients together to one API, in calls a minute.
    #[must_use]
    pub fn with_whole_apis(self, whole_a_minute: Option<u32>) -> Self {
        Self { whole_a_minute, ..self }
    }

    /// From now on these clients have rates of their own, and no others. What was counted counts.
    pub fn know(&self, by_client: HashMap<String, Ratelimiting>) {
        *self.by_client.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(by_client);
    }

    /// Counts a call. What is left of the quota, where there is one.
    ///
    /// # Errors
    /// [`Excess`] when it is one too many. It is not counted then.
    pub fn count(&self, client: &str, api: &'static str) -> Result<Option<Allowance>, Excess> {
        let by_client = {
            let known = self.by_client.read().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&known)
        };
        let own = by_client.get(client);
        let own = own.and_then(|own| own.get(api).or_else(|| own.get(EVERY_API)));
        let rates = own.or(self.default.as_ref());
        if rates.is_none() && self.whole_a_minute.is_none() {
            return Ok(None);
        }
        let now_us = self.clock.now().as_microsecond();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.make_room(&mut state, now_us);
        // No client has an empty name: that meter is the API's own.
        if let Some(a_minute) = self.whole_a_minute {
            let meter = state.entry((String::new(), api)).or_default();
            meter.space(a_minute, now_us).map_err(|()| Excess::WholeApi { a_minute })?;
        }
        let Some(rates) = rates else { return Ok(None) };
        let meter = state.entry((client.to_owned(), api)).or_default();
        let quota = rates.quota.as_ref().filter(|quota| quota.enabled);
        if let Some(quota) = quota {
            meter.turn(quota, now_us / 1000);
            if meter.used >= quota.limit {
                let allowance = meter.allowance(quota, now_us / 1000);
                return Err(Excess::Quota { allowance, window_s: quota.window_s() });
            }
        }
        if let Some(a_minute) = rates.spike_arrest.as_ref().and_then(SpikeArrest::a_minute) {
            meter.space(a_minute, now_us).map_err(|()| Excess::Spike { a_minute })?;
        }
        meter.used = meter.used.saturating_add(1);
        Ok(quota.map(|quota| meter.allowance(quota, now_us / 1000)))
    }

    /// Throws meters away when there are too many: first those that say nothing any more.
    fn make_room(&self, state: &mut HashMap<(String, &'static str), Meter>, now_us: i64) {
        if state.len() < self.kept_max {
            return;
        }
        state.retain(|_, meter| meter.ends_ms > now_us / 1000 || meter.due_us > now_us);
        if state.len() >= self.kept_max {
            state.clear();
        }
    }
}

impl Meter {
    /// Begins a new window when the last one has ended.
    fn turn(&mut self, quota: &Quota, now_ms: i64) {
        if now_ms >= self.ends_ms || now_ms < self.began_ms {
            let ends_ms = now_ms.saturating_add(i64::from(quota.window_s()) * 1000);
            *self = Self { began_ms: now_ms, ends_ms, used: 0, ..*self };
        }
    }

    fn allowance(&self, quota: &Quota, now_ms: i64) -> Allowance {
        let left_ms = self.ends_ms.saturating_sub(now_ms).max(0) as u64;
        Allowance {
            limit: quota.limit,
            remaining: quota.limit.saturating_sub(self.used),
            reset_s: left_ms.div_ceil(1000) as u32,
        }
    }

    /// Lets a call through when it does not come too soon after those before it.
    fn space(&mut self, a_minute: u32, now_us: i64) -> Result<(), ()> {
        let apart_us = MINUTE_MS * 1000 / i64::from(a_minute.max(1));
        let burst_us = (100_000 - apart_us).max(0);
        // A clock that was set back must not lock anybody out.
        let due_us = if self.due_us > now_us + MINUTE_MS * 1000 { now_us } else { self.due_us };
        if due_us > now_us + burst_us {
            return Err(());
        }
        self.due_us = due_us.max(now_us) + apart_us;
        Ok(())
    }
}

impl Rates {
    /// So many calls a minute, and no denser than thrice that.
    pub fn a_minute(calls: u32) -> Self {
        let quota = Quota { limit: calls, interval: 1, timeunit: TimeUnit::Minute, enabled: true };
        let dense = SpikeArrest { ratelimit: format!("{}pm", calls * 3), enabled: true };
        Self { quota: Some(quota), spike_arrest: Some(dense) }
    }
}

impl Quota {
    /// The length of a window, in seconds.
    pub fn window_s(&self) -> u32 {
        let unit_s = match self.timeunit {
            TimeUnit::Minute => 60,
            TimeUnit::Hour => 3600,
            TimeUnit::Day => 24 * 3600,
        };
        self.interval.max(1).saturating_mul(unit_s)
    }
}

impl SpikeArrest {
    /// How many calls may come in a minute; nothing when it does not count or is no rate.
    pub fn a_minute(&self) -> Option<u32> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        let minute = self.ratelimit.strip_suffix("pm").and_then(number);
        let second = self.ratelimit.strip_suffix("ps").and_then(number);
        let rate = minute.or_else(|| second.map(|number| number.saturating_mul(60)));
        rate.filter(|_| self.enabled)
    }
}

#[cfg(test)]
mod tests;
