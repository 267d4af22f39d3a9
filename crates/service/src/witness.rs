//! Who looks on: calls are told to a witness once they are over, without what was said.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::Service;

/// A call that is over.
pub struct Witnessed<'a> {
    /// What the caller says that it belongs to: the header `X-Correlation-ID`.
    pub conversation: &'a str,
    /// The API.
    pub service: &'a Service,
    /// The interaction, or `none`.
    pub interaction: &'static str,
    /// The client that called; empty when nobody knows.
    pub client: &'a str,
    /// The organisation that owns it; empty when nobody knows.
    pub organisation: &'a str,
    /// The size of the body that was sent, in bytes, where the caller said so.
    pub sent_bytes: Option<u64>,
    /// The size of the body that came back, in bytes; nothing for a stream.
    pub got_bytes: Option<u64>,
    /// What came back.
    pub status: StatusCode,
    /// How long it took.
    pub took: Duration,
}

/// Whoever looks on. It is called in the caller's own task, and must not wait for anything.
pub type Witness = Arc<dyn Fn(&Witnessed<'_>) + Send + Sync>;
