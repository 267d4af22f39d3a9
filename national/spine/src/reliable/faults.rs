//! The table of SOAP faults, and constructors that several files need.
//!
//! A row's `code` is the error code that clients know; they send again on 200, 206 and 208 only.

use std::error::Error;

use base::{Fault, Kind};
use broker::Refused;
use service::{FaultRow, Severity};
use store::StoreError;

const fn row(id: &'static str, status: u16, code: &'static str, display: &'static str) -> FaultRow {
    FaultRow { id, status, code, display, issue: "", severity: Severity::Error }
}

const FAILURE: FaultRow = row("FAILURE", 500, "200", "System failure to process message");

/// Every fault that the API answers with.
#[rustfmt::skip]
pub(super) const TABLE: &[FaultRow] = &[
    row("UNAUTHENTICATED", 401, "300", "Nobody knows who calls"),
    row("FORBIDDEN", 403, "300", "The caller may not send as this party"),
    row("UNKNOWN_PATH", 404, "300", "There is no such path"),
    row("UNKNOWN_METHOD", 405, "300", "Messages are posted"),
    row("TOO_SLOW", 408, "200", "The message did not come in time"),
    row("TOO_LARGE", 413, "201", "The message is too large"),
    row("TOO_MANY", 429, "200", "Too many messages at once"),
    row("NOT_SUPPORTED", 500, "101", "The service or interaction is not supported"),
    FAILURE,
    row("NOT_WELL_FORMED", 500, "201", "The message is not well formed"),
    row("ROUTING", 500, "206", "The message cannot be routed now"),
    row("STORING", 500, "208", "The message could not be stored"),
];

/// The row that a fault names; faults from other rooms have no row and read as a failure.
pub(super) fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&FAILURE)
}

/// The message is wrong in the way that a row says, and in these words, which quote nothing.
pub(super) fn incorrect(id: &'static str, why: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, id, why)
}

/// The house is at fault.
pub(super) fn broken(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Fault {
    Fault::broken("FAILURE", cause)
}

/// The store did not do what it was asked.
pub(super) fn from_store(error: StoreError) -> Fault {
    match error {
        StoreError::Busy => Fault::new(Kind::Busy, "STORING", "").retry_after(1),
        StoreError::Full => Fault::new(Kind::Unavailable, "STORING", "").retry_after(60),
        other => Fault::broken("STORING", other),
    }
}

/// The broker does not take a message.
pub(super) fn from_broker(refused: Refused) -> Fault {
    match refused {
        Refused::Busy(after_s) => Fault::new(Kind::Busy, "STORING", "").retry_after(after_s),
        Refused::Full => from_store(StoreError::Full),
        Refused::Store(error) => from_store(error),
        Refused::TooLarge => incorrect("TOO_LARGE", ""),
        Refused::NoRecipient(_) | Refused::Closed(_) => {
            Fault::new(Kind::NotFound, "ROUTING", "The party takes no messages now")
        }
        Refused::SenderMayNot | Refused::RecipientMayNot => {
            incorrect("NOT_SUPPORTED", "The parties may not exchange such messages")
        }
        other => broken(format!("{other:?}")),
    }
}
