//! The published table of errors, and a constructor for each.
//!
//! Clauses: RFC 6749 section 5.2 for the words of `error`; which status goes with what is the
//! national platform's. `error_description` is for a developer to read and names the mistake.

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
pub const TABLE: &[FaultRow] = &[
    row("INVALID_REQUEST", 400, "invalid_request", "The request or its assertion is wrong", "invalid"),
    row("INVALID_CLIENT", 400, "invalid_client", "The assertion of a SMART client is wrong", "invalid"),
    row("UNSUPPORTED_GRANT", 400, "unsupported_grant_type", "The grant type is another", "not-supported"),
    row("INVALID_SCOPE", 400, "invalid_scope", "The scopes are missing or not the client's", "invalid"),
    row("INVALID_GRANT", 400, "invalid_grant", "The code is not good, or another client's", "invalid"),
    row("REFUSED_GRANT", 401, "invalid_grant", "The refresh token is not good", "login"),
    row("ACCESS_TOKEN", 401, "invalid_token", "The access token is missing or not good", "login"),
    row("UNPROVED", 401, "invalid_request", "The client is not known or not proved", "login"),
    row("UNPROVED_CLIENT", 401, "invalid_client", "The client is not proved", "login"),
    row("UNAUTHORIZED_CLIENT", 401, "unauthorized_client", "The client may not do this", "login"),
    row("API_KEY", 401, "access_denied", "There is no API key, or it is nobody's", "login"),
    row("PUBLIC_KEY", 403, "public_key error", "The client's public keys are not to be had", "forbidden"),
    row("UNKNOWN_PATH", 404, "invalid_request", "There is no such path", "not-found"),
    row("TOO_SLOW", 408, "temporarily_unavailable", "It took too long", "timeout"),
    row("UNKNOWN_METHOD", 405, "invalid_request", "The path does not take this method", "not-supported"),
    row("TOO_LARGE", 413, "invalid_request", "The request is too large", "too-long"),
    row("NO_FORM", 415, "invalid_request", "The body is no form", "not-supported"),
    row("TOO_MANY", 429, "temporarily_unavailable", "The client asks more often than it may", "throttled"),
    row("BROKEN", 500, "server_error", "The house is at fault", "exception"),
    row("UNKNOWN_SID", 501, "invalid_request", "The session is not known", "not-found"),
    row("UNAVAILABLE", 503, "temporarily_unavailable", "Try again later", "transient"),
];

const BROKEN: FaultRow = row("BROKEN", 500, "server_error", "The house is at fault", "exception");

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

/// The client may not have what it asks for.
pub fn unauthorized_client(why: &str) -> Fault {
    Fault::new(Kind::Unauthenticated, "UNAUTHORIZED_CLIENT", why)
}

/// The scopes that a client asks for are missing, or not its own.
pub fn invalid_scope(why: &str) -> Fault {
    Fault::new(Kind::Incorrect, "INVALID_SCOPE", why)
}

/// The public keys of a client are not to be had.
pub fn public_key(why: &str) -> Fault {
    Fault::new(Kind::Forbidden, "PUBLIC_KEY", why)
}

/// From what the store says to what the caller is told.
pub fn from_store(error: store::StoreError) -> Fault {
    match error {
        store::StoreError::Busy | store::StoreError::Full | store::StoreError::Stopped => {
            unavailable().because(error)
        }
        _ => Fault::broken("BROKEN", error),
    }
}

/// Too much is going on; the same request may be sent again, with a new assertion.
pub fn unavailable() -> Fault {
    Fault::new(Kind::Unavailable, "UNAVAILABLE", "").retry_after(5)
}
