//! Floor 2: what can happen to a message. One engine under every asynchronous wire: accept,
//! route, hold, collect, forward, retry, expire, report, resend, cancel, track.
//!
//! A message comes in by any door and leaves by any other. Nothing here knows what a mailbox
//! protocol or a webhook looks like: a door hands over a [`Submission`], and pushes go through a
//! [`Pusher`] that somebody else made.
//!
//! # What always holds
//! 1. Accepted is never lost: every delivery is over, or somebody will look at it again.
//! 2. The answer to an accept comes after its commit is on disk.
//! 3. A worker whose lease has passed to another can complete nothing.
//! 4. The same name and the same content is accepted once and answered the same; the same name
//!    and another content is refused.
//! 5. At most one report about a delivery, and exactly one if it was given up and one was due.
//! 6. History has no gaps, and an end is never overwritten: a resend is a new delivery.
//! 7. Memory is in proportion to what is under way, never to what waits.

mod accept;
mod answer;
mod broker;
mod collect;
mod conversation;
mod detail;
mod directory;
mod envelope;
mod expire;
mod find;
mod handover;
mod health;
mod id;
mod lane;
mod need;
mod operate;
mod plan;
mod publish;
mod push;
mod queue;
mod read;
mod refused;
mod retry;
mod room;
mod state;
mod subscription;
mod track;
mod undeliverable;
mod upload;
mod work;

#[cfg(test)]
mod tests;

pub use accept::{Body, INLINE_BYTES_MAX, Receipt, Submission};
pub use broker::{Broker, Settings};
pub use collect::{Page, Parcel, Waiting};
pub use conversation::Conversation;
pub use detail::{Detail, Note};
pub use directory::{
    Directory, ENDPOINT, Endpoint, MAILBOX, Mailbox, PARKED, ROUTE, Route, Table, WORKFLOW,
    Workflow, record,
};
pub use envelope::{Envelope, Number, Pace, Reason, Report};
pub use find::{Found, Query};
pub use id::{first_at, named_at, read as read_id, write as write_id};
pub use publish::{Form, Publication};
pub use push::{Outcome, Push, Pusher, pusher};
pub use read::BodyReader;
pub use refused::Refused;
pub use state::State;
pub use subscription::{SUBSCRIPTION, Subscription};
pub use track::{Line, Track, Tracked};
