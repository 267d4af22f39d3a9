//! When to try again.

use base::Dice;
use jiff::{SignedDuration, Timestamp};

use crate::detail::Detail;
use crate::envelope::Pace;

/// Seconds to wait after the first failure, the second, and so on; the last for all that follow.
const SCHEDULE_S: [i64; 7] = [5, 30, 120, 600, 1_800, 3_600, 7_200];
/// The longest that a receiver may ask us to stay away, in seconds.
pub(crate) const AFTER_S_MAX: u32 = 7_200;

/// When to try again after so many failures. Chance spreads those that failed together: each waits
/// between half and all of its time. A receiver that said when to come back is not asked earlier.
pub(crate) fn next_try(
    now: Timestamp,
    failed: u32,
    after_s: Option<u32>,
    dice: &Dice,
) -> Timestamp {
    let last = SCHEDULE_S.len() - 1;
    let place = usize::try_from(failed.saturating_sub(1)).unwrap_or(last).min(last);
    let longest_s = SCHEDULE_S.get(place).copied().unwrap_or(7_200);
    let asked_ms = i64::from(after_s.unwrap_or(0).min(AFTER_S_MAX)) * 1_000;
    wait(now, spread_ms(longest_s * 1_000, dice).max(asked_ms))
}

/// When to try again at the pace that a sender asked for: at its intervals while tries are left,
/// and no more then.
pub(crate) fn paced(now: Timestamp, pace: Pace, detail: &Detail) -> Timestamp {
    if detail.assigned > pace.retries {
        return detail.deadline();
    }
    wait(now, i64::from(pace.every_s) * 1_000)
}

/// Between half and all of so many milliseconds.
pub(crate) fn spread_ms(longest_ms: i64, dice: &Dice) -> i64 {
    let half = longest_ms / 2;
    let range = u64::try_from(half).unwrap_or(0).saturating_add(1);
    half + i64::try_from(dice.bits() % range).unwrap_or(0)
}

/// An instant so many milliseconds later.
pub(crate) fn wait(now: Timestamp, ms: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_millis(ms)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
