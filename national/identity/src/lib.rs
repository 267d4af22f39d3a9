//! The identity service: who shows that they are a registered application, for itself or for a
//! person who signed in, gets an access token.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/identity-service> and
//! <https://digital.nhs.uk/developer/guides-and-documentation/security-and-authorisation>.
//! Here are signed JWT client credentials (RFC 7523), as the national platform and as SMART
//! Backend Services have them; and for people the authorisation code (RFC 6749, RFC 7636), the
//! exchange of an ID token (RFC 8693), refresh, user info and back-channel logout.

pub mod faults;
pub mod house;
pub mod issuer;
pub mod keys;

mod assertion;
mod authorization_code;
mod authorize;
mod callback;
mod client;
mod client_credentials;
mod client_proof;
mod declaration;
mod form;
mod id_token;
mod log_out;
mod person;
mod refresh;
mod replay;
mod session;
mod smart_configuration;
mod status;
mod style;
mod token;
mod token_exchange;
mod userinfo;

pub use declaration::service;
pub use house::House;
pub use issuer::{Issuer, People};

/// The name of the API in the house.
pub const SERVICE: &str = "identity";
/// The path that all paths of the API start with.
pub const BASE: &str = "/oauth2";

#[cfg(test)]
mod tests;
