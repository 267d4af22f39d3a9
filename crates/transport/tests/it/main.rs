//! The door of the house over real sockets, with a small API behind it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod certificates;
mod client;
mod host;
mod mllp;
mod mllp_hostile;
mod post;
mod secure;
mod stall;
mod streams;
