//! The synchronous services: a question in SOAP, and its answer in the same call.

mod answer;
mod ask;
mod contract;
mod declaration;
mod exchange;
mod faults;
mod house;
mod patient;
mod query;
mod question;
mod refusal;
mod style;
mod time;
mod wsdl;

pub use contract::{Decided, Demographics, Unfound, Wanted};
pub use declaration::services;
pub use house::House;

#[cfg(test)]
mod tests;
