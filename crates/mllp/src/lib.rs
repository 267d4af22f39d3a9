//! Floor 4, and could serve any country: what a message of HL7 version 2 that came in over MLLP
//! means, and what is answered.
//!
//! The sender owns MSH-4, MSH-6 says who gets it, MSH-9 what kind it is. It is accepted by the
//! broker, on disk, before it is acknowledged. The sockets are `transport`'s.

mod body;
mod faults;
mod house;
mod parties;
mod receive;

#[cfg(test)]
mod tests;

pub use house::House;

/// The name of the API in the house.
pub const SERVICE: &str = "mllp";
/// The wire that its messages come in by.
pub const WIRE: &str = "mllp";
