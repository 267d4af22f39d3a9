//! Floor 5: sockets to requests, replies to bytes. Limits, time-outs, metrics and draining.
//!
//! It knows HTTP and nothing of any API: each request is handed to the
//! [`Service`](service::Service) that owns its path.

mod arriving;
mod connection;
mod cors;
mod door;
mod health;
mod host;
mod incoming;
mod leaving;
mod listener;
mod measure;
mod mllp;
mod peer;
mod proxies;
mod seen;
mod tls;
mod trace;

pub use door::{Exchange, router};
pub use health::Health;
pub use listener::{Listener, Stop};
pub use mllp::{Handler as MllpHandler, Listener as MllpListener, handler as mllp_handler};
pub use proxies::Proxies;
pub use tls::{Papers, SelfSigned, Tls};
