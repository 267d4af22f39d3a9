//! What the tests of several rooms share, and scenarios that cross rooms.

pub(crate) mod trial;

mod chunks;
mod errors;
mod inboxes;
mod letters;
mod meters;
mod patients;
mod reports;
mod tokens;
