//! Floor 4, and could serve any country: messages over plain HTTP. Send one, see where it is,
//! read it, take it back, say whether it was wanted; and for operators, set going what has stopped.
//!
//! What goes wrong is a problem of <https://www.rfc-editor.org/rfc/rfc9457>.

mod acknowledge_delivery;
mod body;
mod cancel_message;
mod declaration;
mod endpoints;
mod faults;
mod get_body;
mod get_conversation;
mod get_message;
mod house;
mod list_messages;
mod query;
mod resend_delivery;
mod rights;
mod schema;
mod send_message;
mod show;
mod style;

#[cfg(test)]
mod tests;

pub use declaration::service;
pub use house::House;
pub use rights::OPERATE;

/// The name of the API in the house.
pub const SERVICE: &str = "messages";
/// The path that all paths of the API start with.
pub const BASE: &str = "/messages";
