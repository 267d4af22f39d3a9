//! How often a client may call an API: a quota in each window of time, and a bound on how dense
//! calls may come (spike arrest).
//!
//! The quota is counted in fixed windows from the first call on, so that what is left and when it
//! begins anew can be told exactly. The spike arrest is the generic cell rate algorithm
//! (<https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>), so that after a burst calls come
//! evenly. Real clients ask for two things in one breath, and the national gateway lets them: it
//! counts in several places at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use base::limit::{METERS_MAX, SPIKE_BURST_CALLS_MIN};
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
    /// How many may come at once; when not said, those of a second, and a few at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<u32>,
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
        /// How dense they may come.
        pace: Pace,
        /// When the next one may, in seconds.
        wait_s: u32,
    },
    /// Too many credentials failed that came from the same address, or were to be of the same
    /// client or mailbox. The one that was brought failed as well.
    Failures {
        /// When the next one is taken, in seconds.
        wait_s: u32,
    },
    /// All clients together call the API too densely.
    WholeApi {
        /// How dense their calls may come.
        pace: Pace,
        /// When the next one may, in seconds.
        wait_s: u32,
    },
}

/// How dense calls may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many in a minute, spread evenly.
    pub a_minute: u32,
    /// How many of them at once.
    pub burst: u32,
}

/// Counts the calls of every client to every API. Bounded in memory: meters that have run down
/// are thrown away, and when all are in use the oldest windows are.
#[derive(Debug)]
pub struct Meters {
    clock: Clock,
    by_client: RwLock<Arc<HashMap<String, Ratelimiting>>>,
    default: Option<Ratelimiting>,
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
    /// Meters for clients with rates of their own, and for all others these, if any. Mailboxes are
    /// among them by their [`metered_name`].
    pub fn new(
        clock: Clock,
        by_client: HashMap<String, Ratelimiting>,
        default: Option<Ratelimiting>,
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
        let own = by_client.get(client).and_then(|own| at_api(own, api));
        let rates = own.or_else(|| at_api(self.default.as_ref()?, api));
        if rates.is_none() && self.whole_a_minute.is_none() {
            return Ok(None);
        }
        let now_us = self.clock.now().as_microsecond();
        let mut state = self.state();
        self.make_room(&mut state, now_us);
        // No client has an empty name: that meter is the API's own.
        if let Some(a_minute) = self.whole_a_minute {
            let meter = state.entry((String::new(), api)).or_default();
            let pace = Pace::of(a_minute, None);
            let spaced = meter.space(pace, now_us);
            spaced.map_err(|wait_s| Excess::WholeApi { pace, wait_s })?;
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
        if let Some(pace) = rates.spike_arrest.as_ref().and_then(SpikeArrest::pace) {
            let spaced = meter.space(pace, now_us);
            spaced.map_err(|wait_s| Excess::Spike { pace, wait_s })?;
        }
        meter.used = meter.used.saturating_add(1);
        Ok(quota.map(|quota| meter.allowance(quota, now_us / 1000)))
    }

    /// What was used of quotas with windows longer than a minute, in no order.
    pub fn used(&self) -> Vec<Used> {
        let now_ms = self.clock.now().as_millisecond();
        let state = self.state();
        let long = state.iter().filter(|(_, meter)| {
            meter.ends_ms - meter.began_ms > MINUTE_MS && meter.ends_ms > now_ms && meter.used > 0
        });
        long.map(|((client, api), meter)| Used {
            client: client.clone(),
            api: (*api).to_owned(),
            began_ms: meter.began_ms,
            ends_ms: meter.ends_ms,
            used: meter.used,
        })
        .collect()
    }

    /// Takes up what was used before a restart, at the one of these APIs that it was used at.
    pub fn take_up(&self, used: &Used, apis: impl IntoIterator<Item = &'static str>) {
        let Some(api) = apis.into_iter().find(|api| *api == used.api) else { return };
        let mut state = self.state();
        if state.len() < self.kept_max {
            let meter = state.entry((used.client.clone(), api)).or_default();
            (meter.began_ms, meter.ends_ms) = (used.began_ms, used.ends_ms);
            meter.used = used.used;
        }
    }

    fn state(&self) -> MutexGuard<'_, HashMap<(String, &'static str), Meter>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Lets a call through when it does not come too soon after those before it; otherwise in how
    /// many seconds it would.
    fn space(&mut self, pace: Pace, now_us: i64) -> Result<(), u32> {
        let apart_us = MINUTE_MS * 1000 / i64::from(pace.a_minute.max(1));
        let ahead_us = apart_us.saturating_mul(i64::from(pace.burst.max(1)) - 1);
        // A clock that was set back must not lock anybody out.
        let most_us = now_us.saturating_add(ahead_us).saturating_add(apart_us);
        let due_us = if self.due_us > most_us { now_us } else { self.due_us };
        let early_us = due_us.saturating_sub(now_us.saturating_add(ahead_us));
        if early_us > 0 {
            return Err(early_us.unsigned_abs().div_ceil(1_000_000) as u32);
        }
        self.due_us = due_us.max(now_us) + apart_us;
        Ok(())
    }
}

/// What is allowed at an API.
fn at_api<'a>(rates: &'a Ratelimiting, api: &str) -> Option<&'a Rates> {
    rates.get(api).or_else(|| rates.get(EVERY_API))
}

/// What was used of a quota whose window is longer than a minute: worth remembering over a
/// restart, since whoever waits for the next window would wait for hours.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Used {
    /// The name that was counted under.
    pub client: String,
    /// The API.
    pub api: String,
    /// When the window began, in milliseconds since 1970.
    pub began_ms: i64,
    /// When it ends.
    pub ends_ms: i64,
    /// How many calls it has had.
    pub used: u32,
}

/// The name that the calls of a mailbox are counted under: a client may have the same id.
pub fn metered_name(mailbox: &str) -> String {
    format!("mailbox {mailbox}")
}

impl Rates {
    /// So many calls a minute, and no denser than thrice that.
    pub fn a_minute(calls: u32) -> Self {
        let quota = Quota { limit: calls, interval: 1, timeunit: TimeUnit::Minute, enabled: true };
        let ratelimit = format!("{}pm", calls * 3);
        let dense = SpikeArrest { ratelimit, burst: None, enabled: true };
        Self { quota: Some(quota), spike_arrest: Some(dense) }
    }
}

impl Pace {
    /// So many calls a minute, and so many at once, or those of a second.
    fn of(a_minute: u32, burst: Option<u32>) -> Self {
        let burst = burst.unwrap_or_else(|| (a_minute / 60).max(SPIKE_BURST_CALLS_MIN));
        Self { a_minute, burst }
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

    /// The same, with how many may come at once.
    fn pace(&self) -> Option<Pace> {
        self.a_minute().map(|a_minute| Pace::of(a_minute, self.burst))
    }
}

#[cfg(test)]
mod tests;
