//! What every local system has: a folder of its own, a way to call, a way to be called.
//!
//! A local system (of a practice, a hospital, an ambulance trust) knows nothing of the exchange
//! but addresses and credentials: its [`Card`]. It keeps what it knows in a [`Folder`], calls
//! others through its [`Desk`], which adds the token and the ids that every call carries, and is
//! called at its [`Door`]. People, and `vertebra story`, tell it what to do at the control part
//! of that door ([`control`]).
//!
//! An act of a system is part of a [`Conversation`]: its id goes with every call, and what was
//! called is written down as [`Step`]s, without a word about patients.

mod answer;
pub mod bars;
mod call;
mod card;
mod client;
pub mod control;
mod conversation;
pub mod demographics;
mod derived;
mod desk;
pub mod directory;
mod door;
mod folder;
mod key;
mod request;
mod secret;
mod token;

pub use answer::Answer;
pub use call::Call;
pub use card::{Card, Papers};
pub use client::{Client, Trouble};
pub use conversation::{Conversation, Step};
pub use derived::derived;
pub use desk::Desk;
pub use door::{Door, Doors, Stop};
pub use folder::{Folder, Written};
pub use key::Key;
pub use request::{Reply, Request};
