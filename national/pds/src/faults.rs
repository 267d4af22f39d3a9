//! The published table of errors, and a constructor for each.
//!
//! Clause: the error tables of the API specification. Some rows share a code and differ in their
//! status or words, so each row has an id of its own, which is what a [`Fault`] carries.

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

const fn notice(mut row: FaultRow) -> FaultRow {
    row.severity = Severity::Information;
    row
}

/// Every error that the API can answer with, and three answers that are worded like one.
#[rustfmt::skip]
pub const TABLE: &[FaultRow] = &[
    row("INVALID_RESOURCE_ID", 400, "INVALID_RESOURCE_ID", "Resource Id is invalid", "value"),
    row("MISSING_VALUE", 400, "MISSING_VALUE", "Required value is missing", "required"),
    row("INVALID_VALUE", 400, "INVALID_VALUE", "Provided value is invalid", "value"),
    row("ADDITIONAL_PROPERTIES", 400, "ADDITIONAL_PROPERTIES", "Additional properties should not be included", "invariant"),
    row("INVALID_SEARCH_DATA", 400, "INVALID_SEARCH_DATA", "Search data is invalid", "value"),
    row("UNSUPPORTED_SERVICE", 400, "UNSUPPORTED_SERVICE", "Unsupported Service", "processing"),
    row("UNSUPPORTED_REQUEST", 400, "UNSUPPORTED_REQUEST", "The request is not one that is supported.", "value"),
    row("INVALID_UPDATE", 400, "INVALID_UPDATE", "Update is invalid", "structure"),
    row("INVALID_CREATE", 400, "INVALID_CREATE", "Patient create data is invalid", "value"),
    row("VALIDATION_ERROR", 400, "VALIDATION_ERROR", "Validation error", "value"),
    row("UNSUPPORTED_VALUE", 400, "UNSUPPORTED_VALUE", "Unsupported value", "value"),
    row("UNSUPPORTED_CHARACTERS_IN_FIELD", 400, "UNSUPPORTED_CHARACTERS_IN_FIELD", "Unsupported characters in field", "value"),
    row("TOO_FEW_VALUES_SUBMITTED", 400, "TOO_FEW_VALUES_SUBMITTED", "Too few values submitted", "value"),
    row("TOO_MANY_VALUES_SUBMITTED", 400, "TOO_MANY_VALUES_SUBMITTED", "Too many values submitted", "value"),
    row("INSERT_BIRTH_DEATH_STATUS_INCONSISTENT", 400, "INSERT_BIRTH_DEATH_STATUS_INCONSISTENT", "INSERT_BIRTH_DEATH_STATUS_INCONSISTENT", "processing"),
    row("ACCESS_DENIED", 401, "ACCESS_DENIED", "Access Denied - Unauthorised", "forbidden"),
    row("API_KEY_MISSING", 401, "steps.oauth.v2.FailedToResolveAPIKey", "Failed to resolve API Key variable request.header.apikey", "login"),
    row("API_KEY_INVALID", 401, "oauth.v2.InvalidApiKey", "Invalid ApiKey", "login"),
    row("ACCESS_DENIED_PATIENT", 403, "ACCESS_DENIED", "Patient cannot perform this action", "forbidden"),
    row("ACCESS_DENIED_APPLICATION", 403, "ACCESS_DENIED", "Cannot GET resource with application-restricted access token", "forbidden"),
    row("ACCESS_DENIED_WORKER", 403, "ACCESS_DENIED", "Cannot GET resource with user-restricted access token", "forbidden"),
    row("INVALID_METHOD_APPLICATION", 403, "INVALID_METHOD", "Cannot update resource with application-restricted access token", "forbidden"),
    row("INVALID_METHOD_CREATE", 403, "INVALID_METHOD", "Cannot update resource without Healthcare Worker access token", "forbidden"),
    row("ONE_RESULT_ONLY", 403, "INVALID_VALUE", "Cannot retrieve more than one result with Application Restricted access token", "token"),
    row("NOT_THE_PATIENT", 403, "INVALID_VALUE", "Cannot retrieve this result with NHS-login Restricted access token", "token"),
    notice(row("FORBIDDEN_UPDATE", 403, "FORBIDDEN_UPDATE", "Update is forbidden", "forbidden")),
    notice(row("RESOURCE_NOT_FOUND", 404, "RESOURCE_NOT_FOUND", "Resource not found", "not-found")),
    row("INVALIDATED_RESOURCE", 404, "INVALIDATED_RESOURCE", "Resource that has been marked as invalid was requested - invalid resources cannot be retrieved", "processing"),
    row("UNABLE_TO_CALL_SERVICE", 408, "UNABLE_TO_CALL_SERVICE", "Unable to call service", "timeout"),
    row("RESOURCE_VERSION_MISMATCH", 409, "RESOURCE_VERSION_MISMATCH", "Resource version supplied does not match actual version", "conflict"),
    row("PRECONDITION_FAILED", 412, "PRECONDITION_FAILED", "Required condition was not fulfilled", "structure"),
    row("PAYLOAD_TOO_LARGE", 413, "PAYLOAD_TOO_LARGE", "Request is too large", "too-long"),
    row("TOO_MANY_REQUESTS", 429, "TOO_MANY_REQUESTS", "Too many requests", "value"),
    row("UNKNOWN_ERROR", 500, "UNKNOWN_ERROR", "Unknown Error", "unknown"),
    row("SERVICE_UNAVAILABLE", 503, "SERVICE_UNAVAILABLE", "Service unavailable", "timeout"),
    row("SINGLE_MATCH", 200, "SINGLE_MATCH", "Single match found", "value"),
    row("MULTIPLE_MATCHES", 200, "MULTIPLE_MATCHES", "Multiple matches found", "value"),
    notice(row("TOO_MANY_MATCHES", 200, "TOO_MANY_MATCHES", "Too Many Matches", "multiple-matches")),
];

/// The row that a fault names; faults from other rooms have no row and read as `UNKNOWN_ERROR`.
pub fn row_of(fault: &Fault) -> &'static FaultRow {
    let named = TABLE.iter().find(|row| row.id == fault.code());
    named.unwrap_or(&UNKNOWN)
}

const UNKNOWN: FaultRow = row("UNKNOWN_ERROR", 500, "UNKNOWN_ERROR", "Unknown Error", "unknown");

/// A value in a named place is not one that is taken.
/// `what` is what was sent, `place` reads like `header 'X-Request-ID'` or `field 'birthdate'`.
pub fn invalid_value(what: &str, place: &str) -> Fault {
    incorrect("INVALID_VALUE", format!("Invalid value - '{what}' in {place}"))
}

/// The NHS number in the path is none.
pub fn invalid_resource_id() -> Fault {
    incorrect("INVALID_RESOURCE_ID", "")
}

/// There is no patient with this number.
pub fn not_found() -> Fault {
    Fault::new(Kind::NotFound, "RESOURCE_NOT_FOUND", "")
}

/// The record was found to be no record of anybody.
pub fn invalidated() -> Fault {
    Fault::new(Kind::NotFound, "INVALIDATED_RESOURCE", "")
}

/// The update cannot be done; `why` tells the developer what to change.
pub fn invalid_update(why: impl std::fmt::Display) -> Fault {
    incorrect("INVALID_UPDATE", format!("Invalid update with error - {why}"))
}

/// The version in If-Match is not the version of the record.
pub fn version_mismatch() -> Fault {
    Fault::new(Kind::Conflict, "RESOURCE_VERSION_MISMATCH", "")
}

/// The caller sent something wrong: a row of the table with text of its own.
pub fn incorrect(id: &'static str, public: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, id, public)
}

/// The caller may not do this: a row of the table with text of its own.
pub fn forbidden(id: &'static str, public: impl Into<String>) -> Fault {
    Fault::new(Kind::Forbidden, id, public)
}

/// It was not done in time; it may still happen. Ask again with the same X-Request-ID.
pub fn too_slow() -> Fault {
    Fault::new(
        Kind::Interrupted,
        "SERVICE_UNAVAILABLE",
        "The downstream domain processing has not completed within the configured timeout period. \
            Using the same 'X-Request-ID' header, retry your request after the time specified by \
            the 'Retry-After' response header.",
    )
    .retry_after(5)
}

/// From what the store says to what the caller is told.
pub fn from_store(error: store::StoreError) -> Fault {
    match error {
        store::StoreError::Conflict { .. } => version_mismatch(),
        store::StoreError::Busy => Fault::new(Kind::Busy, "SERVICE_UNAVAILABLE", "").retry_after(5),
        store::StoreError::Stopped => {
            Fault::new(Kind::Unavailable, "SERVICE_UNAVAILABLE", "").retry_after(5).because(error)
        }
        _ => Fault::broken("UNKNOWN_ERROR", error),
    }
}
