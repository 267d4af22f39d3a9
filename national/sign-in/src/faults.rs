//! The published table of errors, and a constructor for each.
//!
//! Clauses: RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1.

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

const BROKEN: FaultRow = row("BROKEN", 500, "server_error", "The house is at fault", "exception");

/// Every error that the issuers can answer with.
#[rustfmt::skip]
pub const TABLE: &[FaultRow] = &[
    row("INVALID_REQUEST", 400, "invalid_request", "The request is wrong", "invalid"),
    row("INVALID_GRANT", 400, "invalid_grant", "The code is not good, or another client's", "invalid"),
    row("UNSUPPORTED_GRANT", 400, "unsupported_grant_type", "The grant type is another", "not-supported"),
    row("INVALID_CLIENT", 401, "invalid_client", "The client is not known or not proved", "login"),
    row("INVALID_TOKEN", 401, "invalid_token", "The access token is not good", "login"),
    row("UNKNOWN_PATH", 404, "invalid_request", "There is no such path", "not-found"),
    row("UNKNOWN_METHOD", 405, "invalid_request", "The path does not take this method", "not-supported"),
    row("TOO_SLOW", 408, "temporarily_unavailable", "It took too long", "timeout"),
    row("TOO_LARGE", 413, "invalid_request", "The request is too large", "too-long"),
    row("NO_FORM", 415, "invalid_request", "The body is no form", "not-supported"),
    row("TOO_MANY", 429, "temporarily_unavailable", "Too much is asked", "throttled"),
    BROKEN,
    row("UNAVAILABLE", 503, "temporarily_unavailable", "Try again later", "transient"),
];

/// The row that a fault names; faults from other rooms have no row and read as `BROKEN`.
pub fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&BROKEN)
}

/// The request is wrong; `why` tells the developer what to change.
pub fn invalid_request(why: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, "INVALID_REQUEST", why)
}

/// A code is not good any more, or not for this client.
pub fn invalid_grant(why: &str) -> Fault {
    Fault::new(Kind::Incorrect, "INVALID_GRANT", why)
}

/// The client is not known, or does not prove that it is who it says.
pub fn invalid_client() -> Fault {
    let why = "the client_id is not known, or its secret is wrong";
    Fault::new(Kind::Unauthenticated, "INVALID_CLIENT", why)
}

/// From what the store says to what the caller is told.
pub fn from_store(error: store::StoreError) -> Fault {
    match error {
        store::StoreError::Busy | store::StoreError::Stopped => {
            Fault::new(Kind::Unavailable, "UNAVAILABLE", "").retry_after(5).because(error)
        }
        _ => Fault::broken("BROKEN", error),
    }
}
