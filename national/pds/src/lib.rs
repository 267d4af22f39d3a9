//! The Personal Demographics Service FHIR API: who a patient is, where they live, who their GP is.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir>.
//! This file is the declaration and nothing else; each interaction has a file of its own.

pub mod access;
pub mod door;
pub mod faults;
pub mod house;
pub mod index;
pub mod record;
pub mod view;

mod body;
mod coverage;
mod create_patient;
mod declaration;
mod name;
mod number;
mod organisations;
mod process_birth_details;
mod related_person;
mod retrieve_patient;
mod rule;
mod schema;
mod search_patient;
mod shape;
mod show_patient;
mod status;
mod style;
mod tell;
mod trace_patient;
mod trace_practice;
mod update_patient;
mod work;

pub use declaration::service;
pub use house::House;
pub use record::{Annex, Record, State};
pub use show_patient::{Shown, show_patient};
pub use trace_patient::trace_patient;
pub use trace_practice::{Described, Traced, Untraced, trace_practice};
pub use work::{forget_old_answers, resume};

/// The name of the API in the house.
pub const SERVICE: &str = "pds";
/// The path that all paths of the API start with.
pub const BASE: &str = "/personal-demographics/FHIR/R4";

#[cfg(test)]
mod tests;
