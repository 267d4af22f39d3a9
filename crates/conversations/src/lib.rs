//! Floor 4, and could serve any country: what travelled between systems, as JSON and as a sequence
//! diagram, in text and in SVG. Who called whom, when, how large, and how it went; never what was
//! said.
//!
//! Data flows one way: [`gather`] puts the legs of one conversation together, from the record of
//! calls and from the broker's ledger; [`draw`] makes arrows of them and draws those; the two
//! interactions choose how it goes out.

mod declaration;
mod draw;
mod faults;
mod gather;
mod get_conversation;
mod house;
mod list_conversations;
mod page;
mod rights;
mod schema;
mod style;

#[cfg(test)]
mod tests;

pub use declaration::service;
pub use house::{House, Words};
pub use rights::OPERATE;

/// The name of the API in the house.
pub const SERVICE: &str = "conversations";
/// The path that all paths of the API start with.
pub const BASE: &str = "/conversations";
