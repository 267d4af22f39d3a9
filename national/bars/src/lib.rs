//! The Booking and Referral Standard: the national proxy between those who refer patients and book
//! for them, and the services that take them.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/booking-and-referral-fhir>.
//! Every interaction but few is the same act, so that each is a row in `interactions.rs`, and what
//! they all do stands in `pass_on.rs`. The others are about this proxy: what it can, and whom it
//! knows.

mod access;
mod answer;
mod catalogue;
mod declaration;
mod door;
mod faults;
mod healthcare_service;
mod house;
mod interactions;
mod leg;
mod metadata;
mod onward;
mod pass_on;
mod schema;
mod style;

pub use declaration::service;
pub use healthcare_service::{HEALTHCARE_SERVICE, HealthcareService, record};
pub use house::House;

/// The name of the API in the house.
pub const SERVICE: &str = "bars";
/// The path that all paths of the API start with.
pub const BASE: &str = "/booking-and-referral/FHIR/R4";

#[cfg(test)]
mod tests;
