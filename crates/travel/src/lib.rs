//! Floor 2: the record of what travelled between systems: who called whom, when, how large, and
//! how it went; never what was said.
//!
//! Calls are told to the [`Recorder`], which writes them down in groups, a moment later: nobody
//! waits for it, and under more load than it can write it leaves calls out and counts them. What
//! must not be lost (messages, audit lines) stands in other ledgers.

mod conversation;
mod leg;
mod recorder;

pub use conversation::is_conversation;
pub use leg::{Ended, Leg, Party};
pub use recorder::{KEPT_DAYS, Recorder};
