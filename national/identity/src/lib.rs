//! The identity service: who shows that they are a registered application gets an access token.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/identity-service> and
//! <https://digital.nhs.uk/developer/guides-and-documentation/security-and-authorisation>.
//! Here are signed JWT client credentials (RFC 7523), as the national platform and as SMART
//! Backend Services have them.

pub mod faults;
pub mod house;
pub mod keys;

mod assertion;
mod client;
mod declaration;
mod form;
mod replay;
mod smart_configuration;
mod status;
mod style;
mod token;

pub use declaration::service;
pub use house::House;

/// The name of the API in the house.
pub const SERVICE: &str = "identity";
/// The path that all paths of the API start with.
pub const BASE: &str = "/oauth2";

#[cfg(test)]
mod tests;
