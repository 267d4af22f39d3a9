//! The system of a general practice: it registers patients, and passes their records on.
//!
//! It speaks nothing but the public wire. What it can be told to do:
//!
//! | act | does |
//! |---|---|
//! | `trace` | asks the demographics service who somebody is, and registers them |
//! | `admit` | becomes the practice of a patient, and begins a record |
//! | `transfer` | becomes the practice of a patient, and gets their record from the one before |
//! | `silent` | takes messages and does nothing about them for some seconds |
//! | `away` | does not answer for some seconds, as a program that does not run |

mod admit;
mod document;
mod gp2gp;
mod inbox;
mod outbox;
mod partners;
mod patience;
mod record;
mod registration;
mod system;
mod trace;
mod transfer;

pub use document::Document;
pub use gp2gp::{INTERACTIONS, SERVICE};
pub use patience::Patience;
pub use record::{Note, Record};
pub use registration::Registration;
pub use system::{Handler, open};
pub use transfer::{Transfer, Way};
