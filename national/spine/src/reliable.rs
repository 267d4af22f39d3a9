//! Reliable messaging: messages that are taken on, kept, passed on to the party they are for, and
//! acknowledged.
//!
//! Clauses: <https://www.oasis-open.org/committees/ebxml-msg/documents/ebMS_v2_0.pdf>, chapter 6,
//! with the patterns of the national External Interface Specification.

mod answered;
mod arriving;
mod carry;
mod check;
mod declaration;
mod faults;
mod house;
mod parties;
mod receive;
mod serve;
mod signal;
mod style;
mod words;

pub use declaration::service;
pub use house::House;

/// The name of the API in the house.
pub const SERVICE: &str = "spine-messaging";
/// The path that all paths of the API start with.
pub const BASE: &str = "/reliablemessaging";

#[cfg(test)]
mod tests;
