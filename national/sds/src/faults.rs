//! The table of errors, and constructors that several files need.

use base::{Fault, Kind};
use service::{FaultRow, Severity};

const fn row(
    id: &'static str,
    status: u16,
    code: &'static str,
    display: &'static str,
    issue: &'static str,
) -> FaultRow {
    FaultRow { id, status, code, display, issue, severity: Severity::Error }
}

/// Every error that the API can answer with.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("BAD_REQUEST", 400, "BAD_REQUEST", "Bad request", "required"),
    row("ACCESS_DENIED", 401, "ACCESS_DENIED", "Access has been denied to process this request", "forbidden"),
    row("NOT_FOUND", 404, "NO_RECORD_FOUND", "No record found", "not-found"),
    row("NOT_ALLOWED", 405, "NOT_IMPLEMENTED", "Not implemented", "not-supported"),
    row("NOT_ACCEPTABLE", 406, "MISSING_OR_INVALID_HEADER", "There is a required header missing or invalid", "not-supported"),
    row("TOO_SLOW", 408, "BAD_REQUEST", "Bad request", "timeout"),
    row("TOO_LARGE", 413, "BAD_REQUEST", "Bad request", "too-long"),
    row("TOO_MANY_REQUESTS", 429, "TOO_MANY_REQUESTS", "Too many requests", "throttled"),
    BROKEN,
    row("BUSY", 503, "INTERNAL_SERVER_ERROR", "Unexpected internal server error", "transient"),
];

const BROKEN: FaultRow =
    row("BROKEN", 500, "INTERNAL_SERVER_ERROR", "Unexpected internal server error", "exception");

/// The row that a fault names; faults from other rooms have no row and read as `BROKEN`.
pub(crate) fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&BROKEN)
}

/// The caller asked wrongly; `why` says how it is done.
pub(crate) fn bad_request(why: String) -> Fault {
    Fault::new(Kind::Incorrect, "BAD_REQUEST", why)
}

/// The reading of the directory came to a bad end.
pub(crate) fn broken(error: tokio::task::JoinError) -> Fault {
    Fault::broken("BROKEN", error)
}

/// From what the store says to what the caller is told.
pub(crate) fn from_store(error: store::StoreError) -> Fault {
    match error {
        store::StoreError::Busy => Fault::new(Kind::Busy, "BUSY", "").retry_after(5),
        store::StoreError::Stopped => {
            Fault::new(Kind::Unavailable, "BUSY", "").retry_after(5).because(error)
        }
        _ => Fault::broken("BROKEN", error),
    }
}
