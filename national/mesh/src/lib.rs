//! The MESH API: a post office box for every organisation, by REST.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/message-exchange-for-social-care-and-health-api>.
//! What a message goes through is the broker's business; this crate is what its senders and
//! receivers see of it. Each interaction has a file of its own.

mod access;
mod acknowledge_message;
mod admin;
mod declaration;
mod download;
mod envelope;
mod faults;
mod filter;
mod gzip;
mod handshake;
mod house;
mod inbox;
mod keeper;
mod lookup;
mod patient;
mod reply_to;
mod retrieve_message;
mod rich;
mod schema;
mod send_chunk;
mod send_message;
mod status;
mod style;
mod times;
mod token;
mod tracking;
mod upload;
mod validation;
mod version;

pub use admin::service as controls;
pub use declaration::service;
pub use house::{House, SECRET, Secret};
pub use patient::{Person, Trace, TraceProblem, Tracer};

/// Whether the value of an Authorization header can be read as a token of a mailbox; nothing of
/// it is proved by that. The door for whoever tries what cannot be read.
pub fn is_token(header: &str) -> bool {
    token::Token::read(header).is_some()
}

/// The name of the API in the house.
pub const SERVICE: &str = "mesh";
/// The path that all paths of the API start with.
pub const BASE: &str = "/messageexchange";

#[cfg(test)]
mod tests;
