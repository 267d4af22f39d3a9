//! Floor 6: what tests of the whole house need. The real binary in a folder of its own, and a
//! plain client that knows nothing but the wire.
//!
//! Everything here panics when something goes wrong: a test that cannot go on has failed.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod client;
mod exchange;
mod port;

pub use client::{Answer, Client};
pub use exchange::Exchange;
pub use port::free_port;
