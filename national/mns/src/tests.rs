//! What callers see: scenario tables over the whole API.

mod events;
mod subscriptions;
mod trial;
