//! The Multicast Notification Service: who happens to know something tells it once, and everybody
//! who subscribed is told.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/multicast-notification-service>.
//! This file is the declaration and nothing else; each interaction has a file of its own.

mod access;
mod body;
mod channel;
mod create_subscription;
mod criteria;
mod declaration;
mod delete_subscription;
mod event;
mod event_type;
mod faults;
mod house;
mod list_subscriptions;
mod publish_event;
mod read_subscription;
mod schema;
mod style;
mod subscription;
mod update_subscription;

pub use declaration::service;
pub use house::House;

/// The name of the API in the house.
pub const SERVICE: &str = "mns";
/// The path that all paths of the API start with.
pub const BASE: &str = "/multicast-notification-service";

#[cfg(test)]
mod tests;
