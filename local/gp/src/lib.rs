//! The system of a general practice: it registers patients, and passes their records on.
//!
//! It speaks nothing but the public wire. What it can be told to do:
//!
//! | act | does |
//! |---|---|
//! | `trace` | asks the demographics service who somebody is, and registers them |

mod registration;
mod system;
mod trace;

pub use registration::Registration;
pub use system::{System, open};
