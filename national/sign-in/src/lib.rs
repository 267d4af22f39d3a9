//! The sign-in services of the demonstration nation: who health workers and patients show who they
//! are to. Two issuers of OpenID Connect, one for staff and one for patients, as the national ones
//! (CIS2 and NHS login) are seen from outside.
//!
//! Clauses: <https://openid.net/specs/openid-connect-core-1_0.html>,
//! <https://openid.net/specs/openid-connect-discovery-1_0.html>, RFC 6749, RFC 7636, RFC 9207.

pub mod client;
pub mod faults;
pub mod house;
pub mod issuer;
pub mod user;

mod authorize;
mod code;
mod declaration;
mod discovery;
mod id_token;
mod log_out;
mod page;
mod sign_in;
mod style;
mod throttle;
mod token;
mod userinfo;
mod waiting;

pub use client::Client;
pub use declaration::service;
pub use house::House;
pub use issuer::Issuer;
pub use user::{Details, User};

#[cfg(test)]
mod tests;
