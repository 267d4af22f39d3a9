//! The published table of errors, and how what others say is worded.

use base::{Fault, Kind};
use broker::Refused;
use service::FaultRow;
use service::problem::row;
use store::StoreError;

/// Every error that the API can answer with.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("invalid-parameter", 400, "A parameter is not known, or its value is not one that is taken."),
    row("unauthenticated", 401, "Nobody knows who is calling."),
    row("forbidden", 403, "The caller may not do this."),
    row("not-found", 404, "Nothing is known of such a conversation, or nothing that the caller may know."),
    row("unknown-path", 404, "There is no such path."),
    row("unknown-method", 405, "The path does not take this method."),
    row("too-slow", 408, "It took too long."),
    row("too-large", 413, "The request is beyond a limit."),
    row("too-many", 429, "The caller asks more often than it may."),
    row("broken", 500, "The house is at fault."),
    row("busy", 503, "Too much is asked at once, or something is away."),
];

/// Nothing is known of it, or nothing that the caller may know.
pub(crate) fn not_found() -> Fault {
    Fault::new(Kind::NotFound, "not-found", "")
}

/// The house is at fault.
pub(crate) fn broken(cause: impl Into<base::fault::Cause>) -> Fault {
    Fault::broken("broken", cause)
}

/// From what the store says to what the caller is told.
pub(crate) fn from_store(error: StoreError) -> Fault {
    match error {
        StoreError::Busy => Fault::new(Kind::Busy, "busy", "").retry_after(1),
        error => broken(error),
    }
}

/// From what the broker says to what the caller is told.
pub(crate) fn from_broker(refused: Refused) -> Fault {
    match refused {
        Refused::NotFound => not_found(),
        Refused::Busy(seconds) => Fault::new(Kind::Busy, "busy", "").retry_after(seconds),
        Refused::Store(error) => from_store(error),
        other => broken(format!("{other:?}")),
    }
}
