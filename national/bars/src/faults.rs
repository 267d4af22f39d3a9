//! The table of errors, and constructors that several files need.
//!
//! The beginning of a code says whose fault it is: `SEND_` the sender's, `REC_` the receiver's, and
//! `PROXY_` or nothing that of whoever is in between.

use base::{Fault, Kind};
use service::{FaultRow, Severity};

const fn row(
    id: &'static str,
    status: u16,
    code: &'static str,
    issue: &'static str,
    display: &'static str,
) -> FaultRow {
    FaultRow { id, status, code, display, issue, severity: Severity::Error }
}

/// Every error that the API answers with by itself. A receiver's own words go through as they are.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("SEND_INVALID", 400, "SEND_BAD_REQUEST", "invalid", "A header is missing, or the request broke off"),
    row("SEND_VALUE", 400, "SEND_BAD_REQUEST", "value", "A value is none that may stand there"),
    row("STRUCTURE", 400, "BAD_REQUEST", "structure", "The target identifier is malformed"),
    row("SEND_NO_TOKEN", 401, "SEND_UNAUTHORIZED", "unknown", "No access token was provided"),
    row("SEND_NO_BEARER", 401, "SEND_UNAUTHORIZED", "login", "The Authorization header holds no bearer token"),
    row("SEND_UNKNOWN_TOKEN", 401, "SEND_UNAUTHORIZED", "security", "The access token is not valid"),
    row("SEND_EXPIRED", 401, "SEND_UNAUTHORIZED", "expired", "The access token has expired"),
    row("SEND_FORBIDDEN", 403, "SEND_FORBIDDEN", "forbidden", "The access token does not let in here"),
    row("NOT_FOUND", 404, "NOT_FOUND", "not-found", "There is no such path"),
    row("PROXY_NOT_FOUND", 404, "PROXY_NOT_FOUND", "not-found", "The catalogue has no such target"),
    row("SEND_METHOD_NOT_ALLOWED", 405, "SEND_METHOD_NOT_ALLOWED", "not-supported", "The path does not take this method"),
    row("SEND_NOT_ACCEPTABLE", 406, "SEND_NOT_ACCEPTABLE", "processing", "Nothing that is accepted can be answered"),
    row("SEND_TIMEOUT", 408, "SEND_TIMEOUT", "timeout", "The request did not come in time"),
    row("SEND_TOO_LARGE", 413, "SEND_BAD_REQUEST", "too-long", "The request is too large"),
    row("SEND_TOO_MANY_REQUESTS", 429, "SEND_TOO_MANY_REQUESTS", "throttled", "Too many requests were made"),
    row("REC_INVALID", 400, "REC_BAD_REQUEST", "invalid", "The receiver does not take the request"),
    row("REC_UNAUTHORIZED", 401, "REC_UNAUTHORIZED", "forbidden", "The receiver does not let the sender in"),
    row("REC_FORBIDDEN", 403, "REC_FORBIDDEN", "forbidden", "The receiver refuses"),
    row("REC_FORBIDDEN_TLS", 403, "REC_FORBIDDEN", "security", "The receiver could not be trusted, or did not trust this proxy"),
    row("REC_NOT_FOUND", 404, "REC_NOT_FOUND", "not-found", "The receiver has no such thing"),
    row("REC_METHOD_NOT_ALLOWED", 405, "REC_METHOD_NOT_ALLOWED", "not-supported", "The receiver does not take this method"),
    row("REC_NOT_ACCEPTABLE", 406, "REC_NOT_ACCEPTABLE", "processing", "The receiver cannot answer in this version"),
    row("REC_TIMEOUT", 408, "REC_TIMEOUT", "timeout", "The receiver did not answer in time"),
    row("REC_CONFLICT", 409, "REC_CONFLICT", "conflict", "The receiver has something else, or the same, already"),
    row("REC_UNPROCESSABLE_ENTITY", 422, "REC_UNPROCESSABLE_ENTITY", "not-supported", "The receiver cannot do this"),
    row("REC_TOO_EARLY", 425, "REC_TOO_EARLY", "transient", "The receiver is still at work on the same request"),
    row("REC_TOO_MANY_REQUESTS", 429, "REC_TOO_MANY_REQUESTS", "throttled", "The receiver is asked too much"),
    row("REC_SERVER_ERROR", 500, "REC_SERVER_ERROR", "exception", "The receiver failed"),
    row("REC_RUBBISH", 500, "REC_SERVER_ERROR", "exception", "The receiver's answer makes no sense"),
    row("REC_TRANSIENT", 500, "REC_SERVER_ERROR", "transient", "The receiver broke off"),
    row("REC_TOO_COSTLY", 500, "REC_SERVER_ERROR", "too-costly", "The receiver's answer is too large"),
    row("REC_NOT_IMPLEMENTED", 501, "REC_NOT_IMPLEMENTED", "not-supported", "The receiver does not do this"),
    row("REC_SERVICE_UNAVAILABLE", 503, "REC_SERVICE_UNAVAILABLE", "transient", "The receiver is not available"),
    SERVER_ERROR,
    row("SERVICE_UNAVAILABLE", 503, "SERVICE_UNAVAILABLE", "transient", "This proxy is not available"),
];

const SERVER_ERROR: FaultRow =
    row("SERVER_ERROR", 500, "SERVER_ERROR", "exception", "This proxy failed");

/// The row that a fault names; faults from other rooms have no row and read as `SERVER_ERROR`.
pub(crate) fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&SERVER_ERROR)
}

/// The sender sent something wrong: a row of the table with text of its own, which quotes nothing.
pub(crate) fn incorrect(id: &'static str, why: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, id, why)
}

/// From what the store says to what the sender is told.
pub(crate) fn from_store(error: store::StoreError) -> Fault {
    match error {
        store::StoreError::Busy => Fault::new(Kind::Busy, "SERVICE_UNAVAILABLE", "").retry_after(5),
        store::StoreError::Stopped => {
            Fault::new(Kind::Unavailable, "SERVICE_UNAVAILABLE", "").retry_after(5).because(error)
        }
        _ => Fault::broken("SERVER_ERROR", error),
    }
}
