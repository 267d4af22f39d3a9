//! Floor 4, and could serve any country: who looked at whose record, as FHIR `AuditEvent`s made
//! from the audit chain.
//!
//! Specification: <https://hl7.org/fhir/R4/auditevent.html>.

mod declaration;
mod event;
mod faults;
mod house;
mod page;
mod query;
mod read_audit_event;
mod schema;
mod search_audit_event;
mod style;

#[cfg(test)]
mod tests;

pub use declaration::service;
pub use house::{House, READ};

/// The name of the API in the house.
pub const SERVICE: &str = "audit";
/// The path that all paths of the API start with.
pub const BASE: &str = "/audit/FHIR/R4";
