//! The Spine Directory Service as FHIR: which systems are accredited for what, and where messages
//! for a party go.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/spine-directory-service-fhir>.
//! It reads the same directory that messages are routed by.

mod bundle;
mod declaration;
mod device;
mod endpoint;
mod faults;
mod house;
mod identity;
mod query;
mod register;
mod schema;
mod search_device;
mod search_endpoint;
mod style;

pub use declaration::service;
pub use house::House;

/// The name of the API in the house.
pub const SERVICE: &str = "sds";
/// The path that all paths of the API start with.
pub const BASE: &str = "/spine-directory/FHIR/R4";

#[cfg(test)]
mod tests;
