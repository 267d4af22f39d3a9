//! Floor 0: what every other room stands on. Errors, time, chance, limits and secrets.
//!
//! Nothing here does any input or output, and nothing here knows what health care is.

pub mod clock;
pub mod dice;
pub mod fault;
pub mod hex;
pub mod keyring;
pub mod limit;
pub mod secret;

pub use clock::Clock;
pub use dice::Dice;
pub use fault::{Allowance, Fault, Kind, Retry};
pub use hex::hex;
pub use keyring::Keyring;
pub use secret::Secret;
