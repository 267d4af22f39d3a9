//! The published table of errors, and a constructor for each that needs one.
//!
//! A row's `issue` is the event of the error, its `code` the number, its `display` the text. What
//! a [`Fault`] says in public is the id of the message that it is about, if any; that of
//! `VALIDATION` is the list of what is wrong, as JSON, and that of `BUSY` which bound was met.

use std::error::Error;

use base::{Fault, Kind};
use broker::Refused;
use service::{FaultRow, Severity};
use store::StoreError;

const fn row(
    id: &'static str,
    status: u16,
    event: &'static str,
    code: &'static str,
    display: &'static str,
) -> FaultRow {
    FaultRow { id, status, code, display, issue: event, severity: Severity::Error }
}

const UNKNOWN: FaultRow = row("UNKNOWN_ERROR", 500, "", "", "Internal error");

/// Every error that the API can answer with.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("MULTIPLE", 300, "", "", "Multiple Choices"),
    row("ACCEPT", 400, "", "", "Accept header api format incorrect"),
    row("VALIDATION", 400, "", "", "The request is not as specified; see what is listed"),
    row("MALFORMED", 400, "TRANSFER", "06", "MalformedControlFile"),
    row("TO_MISSING", 400, "SEND", "08", "TO_DTS missing"),
    row("CHECKSUM", 400, "SEND", "Invalid checksum", "Invalid checksum"),
    row("BROKEN_OFF", 400, "SEND", "", "The body broke off"),
    row("TOKEN_UNREADABLE", 403, "", "", "Error reading from Authorization header"),
    row("TOKEN_MAILBOX", 403, "", "", "Mailbox id does not match token"),
    row("TOKEN_INVALID", 403, "", "", "Invalid Authentication Token"),
    row("TOKEN_SPENT", 403, "", "", "Authentication Token was used before"),
    row("CERTIFICATE", 403, "", "", "Client certificate does not match mailbox"),
    row("MAILBOX_INACTIVE", 403, "", "", "Mailbox is not active"),
    row("MAILBOX_UNKNOWN", 403, "SEND", "EPL-151", "No mailbox matched"),
    row("FORBIDDEN", 403, "", "", "Forbidden"),
    row("NOT_FOUND", 404, "", "", "Not Found"),
    row("NO_MESSAGE", 404, "RECEIVE", "20", "Message does not exist"),
    row("NO_MAILBOX", 404, "", "", "mailbox does not exist"),
    row("UNKNOWN_PATH", 404, "", "", "Not Found"),
    row("UNKNOWN_METHOD", 405, "", "", "Method Not Allowed"),
    row("NO_SUCH_CHUNK", 406, "SEND", "", "There are fewer chunks than that"),
    row("TOO_SLOW", 408, "", "", "The request took too long"),
    row("GONE", 410, "SEND", "Message already accepted", "Message no longer available for download"),
    row("TOO_LARGE", 413, "SEND", "", "The message is too large"),
    row("DATA_MISSING", 417, "COLLECT", "02", "Data file is missing or inaccessible."),
    row("UNREGISTERED", 417, "SEND", "12", "Unregistered to address"),
    row("SENDER_MAY_NOT", 417, "SEND", "16", "Sender is not allowed to send messages of this type"),
    row("RECIPIENT_MAY_NOT", 417, "SEND", "17", "Workflow ID not registered for mailbox"),
    row("CHUNK_RANGE", 417, "SEND", "InvalidHeaderChunks", "Invalid chunk values sent in mex-Chunk-Range header"),
    row("ENCODING_CHANGED", 417, "", "", "cannot change content encoding"),
    row("ENCODING", 422, "SEND", "UnsupportedContentEncoding", "Unsupported content encoding"),
    row("COMPLETE", 423, "SEND", "", "The message is complete: no more chunks can be added"),
    row("BUSY", 429, "", "", "Too many requests"),
    UNKNOWN,
    row("UNAVAILABLE", 503, "", "", "Service unavailable"),
];

/// The row that a fault names; faults from other rooms have no row and read as `UNKNOWN_ERROR`.
pub(crate) fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&UNKNOWN)
}

/// The request is wrong in the way that a row says.
pub(crate) fn incorrect(id: &'static str) -> Fault {
    Fault::new(Kind::Incorrect, id, "")
}

/// The same, about a message.
pub(crate) fn about(id: &'static str, message: &str) -> Fault {
    Fault::new(Kind::Incorrect, id, message)
}

/// The Accept header names a version that cannot be read.
pub(crate) fn accept() -> Fault {
    incorrect("ACCEPT")
}

/// There is no such message.
pub(crate) fn no_message() -> Fault {
    Fault::new(Kind::NotFound, "NO_MESSAGE", "")
}

/// There is no such thing.
pub(crate) fn not_found() -> Fault {
    Fault::new(Kind::NotFound, "NOT_FOUND", "")
}

/// Whoever asks may not.
pub(crate) fn forbidden(id: &'static str) -> Fault {
    Fault::new(Kind::Forbidden, id, "")
}

/// The house is at fault.
pub(crate) fn broken(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Fault {
    Fault::broken("UNKNOWN_ERROR", cause)
}

/// The store did not do what it was asked.
pub(crate) fn from_store(error: StoreError) -> Fault {
    match error {
        StoreError::Busy => Fault::new(Kind::Busy, "BUSY", "").retry_after(1),
        StoreError::Full => Fault::new(Kind::Unavailable, "UNAVAILABLE", "").retry_after(60),
        other => broken(other),
    }
}

/// The broker does not take a message, or a part of one.
pub(crate) fn not_sent(refused: Refused) -> Fault {
    match refused {
        Refused::NoRecipient(_) | Refused::Closed(_) => incorrect("UNREGISTERED"),
        Refused::SenderMayNot => incorrect("SENDER_MAY_NOT"),
        Refused::RecipientMayNot => incorrect("RECIPIENT_MAY_NOT"),
        Refused::NotFound => not_found(),
        Refused::NotNow(_) => Fault::new(Kind::Conflict, "COMPLETE", ""),
        Refused::NoSuchPart => incorrect("NO_SUCH_CHUNK"),
        other => not_collected(other),
    }
}

/// The broker does not hand a message out.
pub(crate) fn not_collected(refused: Refused) -> Fault {
    match refused {
        Refused::NotFound => no_message(),
        Refused::NotYours => forbidden("FORBIDDEN"),
        Refused::Gone | Refused::NotNow(_) => Fault::new(Kind::NotFound, "GONE", ""),
        Refused::TooLarge => incorrect("TOO_LARGE"),
        Refused::Busy(after_s) => Fault::new(Kind::Busy, "BUSY", "").retry_after(after_s),
        Refused::Full => from_store(StoreError::Full),
        Refused::Store(error) => from_store(error),
        other => broken(format!("{other:?}")),
    }
}
