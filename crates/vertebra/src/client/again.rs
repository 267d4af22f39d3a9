//! Trying again what may go well later.

use std::time::Duration;

use super::{Halt, Trouble};

/// How often something is tried.
const TRIES: u32 = 6;
/// The longest wait between two tries, in seconds.
const WAIT_S_MAX: u64 = 60;

/// Does something until it goes well, or cannot any more. Waits longer each time, or as long as
/// the other side asks for.
pub(crate) fn again<T>(
    halt: &Halt,
    mut work: impl FnMut() -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    for tried in 1..TRIES {
        match work() {
            Err(trouble) if trouble.may_pass() => {
                let wait_s = trouble.retry_after_s().unwrap_or(1 << (tried - 1)).min(WAIT_S_MAX);
                if trouble == Trouble::Halted || halt.wait(Duration::from_secs(wait_s)) {
                    return Err(Trouble::Halted);
                }
            }
            result => return result,
        }
    }
    work()
}
