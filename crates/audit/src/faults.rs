//! The published table of errors, and a constructor for each.

use base::{Fault, Kind};
use service::{FaultRow, Severity};
use store::StoreError;

const fn row(
    id: &'static str,
    status: u16,
    issue: &'static str,
    display: &'static str,
) -> FaultRow {
    FaultRow { id, status, code: id, display, issue, severity: Severity::Error }
}

/// Every error that the API can answer with.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("invalid-parameter", 400, "invalid", "A parameter is not known, or its value is not one that is taken."),
    row("unauthenticated", 401, "login", "Nobody knows who is calling."),
    row("forbidden", 403, "forbidden", "The caller may not do this."),
    row("not-found", 404, "not-found", "There is no such thing, or none that the caller may know of."),
    row("unknown-path", 404, "not-found", "There is no such path."),
    row("unknown-method", 405, "not-supported", "The path does not take this method."),
    row("too-slow", 408, "timeout", "It took too long."),
    row("too-large", 413, "too-long", "The request is beyond a limit."),
    row("too-many", 429, "throttled", "The caller asks more often than it may."),
    row("broken", 500, "exception", "The house is at fault."),
    row("busy", 503, "transient", "Too much is asked at once, or something is away."),
];

const BROKEN: FaultRow = row("broken", 500, "exception", "The house is at fault.");

/// The row that a fault names; one from another room reads as `broken`.
pub(crate) fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&BROKEN)
}

/// A parameter is wrong.
pub(crate) fn invalid(why: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, "invalid-parameter", why)
}

/// The caller may not do this.
pub(crate) fn forbidden(why: impl Into<String>) -> Fault {
    Fault::new(Kind::Forbidden, "forbidden", why)
}

/// There is no such thing, or none that the caller may know of.
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
        StoreError::Full | StoreError::Stopped => {
            Fault::new(Kind::Unavailable, "busy", "").retry_after(60).because(error)
        }
        _ => broken(error),
    }
}
