//! What senders see: scenario tables over the whole API, with receivers of every kind.

mod catalogue;
mod passing;
mod receivers;
mod refusals;
mod trial;
