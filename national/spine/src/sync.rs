//! The synchronous services: a question in SOAP, and its answer in the same call.

mod answer;
mod ask;
mod contract;
mod declaration;
pub(crate) mod exchange;
mod faults;
mod house;
pub(crate) mod message;
mod patient;
pub(crate) mod query;
mod question;
pub(crate) mod refusal;
mod style;
pub(crate) mod time;
mod wsdl;

pub use contract::{Decided, Demographics, Unfound, Wanted};
pub use declaration::services;
pub use exchange::interactions;
pub use house::House;

#[cfg(test)]
mod tests;
