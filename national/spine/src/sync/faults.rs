//! The table of what can go wrong before a question is understood. What is wrong with a question
//! itself is answered by a message: see `refusal.rs`.
//!
//! The code of a row is Spine's number of the error. What SOAP has a word for is a fault of the
//! status 500, as SOAP has it; who is not let in, and what HTTP has a word for, keeps HTTP's.
//!
//! Clause: <https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383529>.

use base::{Fault, Kind};
use hl7v3::soap::FaultCode;
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

/// Every fault that the services can answer with.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("NOT_WELL_FORMED", 500, "201", "The message is not well formed", "structure"),
    row("NOT_SUPPORTED", 500, "101", "The service or interaction is not supported", "not-supported"),
    row("CLIENT", 500, "300", "The message is not one that can be worked on", "invalid"),
    row("MUST_UNDERSTAND", 500, "300", "A header that must be understood is not", "not-supported"),
    row("VERSION_MISMATCH", 500, "300", "The message is not of SOAP 1.1", "not-supported"),
    row("NO_CERTIFICATE", 401, "300", "The system is not known: no certificate of one was shown", "login"),
    row("FORBIDDEN", 403, "300", "The system may not do this", "forbidden"),
    row("UNKNOWN_PATH", 404, "101", "There is no such service", "not-found"),
    row("UNKNOWN_METHOD", 405, "101", "Messages are posted; GET gives the WSDL", "not-supported"),
    row("TOO_SLOW", 408, "200", "The message took too long", "timeout"),
    row("TOO_LARGE", 413, "300", "The message is too large", "too-long"),
    row("TOO_MANY", 429, "200", "Too many messages were sent", "throttled"),
    row("BUSY", 503, "200", "System failure to process message - default", "transient"),
    FAILURE,
];

const FAILURE: FaultRow =
    row("FAILURE", 500, "200", "System failure to process message - default", "exception");

/// The row that a fault names; faults from other rooms have no row and read as `FAILURE`.
pub(crate) fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&FAILURE)
}

/// Whose fault it is, in the words of SOAP.
pub(crate) fn code_of(row: &FaultRow) -> FaultCode {
    match row.id {
        "MUST_UNDERSTAND" => FaultCode::MustUnderstand,
        "VERSION_MISMATCH" => FaultCode::VersionMismatch,
        "TOO_SLOW" | "TOO_MANY" | "BUSY" | "FAILURE" => FaultCode::Server,
        _ => FaultCode::Client,
    }
}

/// The message is not one that can be worked on. The words quote nothing of it.
pub(crate) fn client(why: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, "CLIENT", why)
}

/// The interaction is not one that is answered here.
pub(crate) fn not_supported() -> Fault {
    Fault::new(Kind::Unsupported, "NOT_SUPPORTED", "")
}

/// The system may not do this.
pub(crate) fn forbidden(why: &'static str) -> Fault {
    Fault::new(Kind::Forbidden, "FORBIDDEN", why)
}

/// The house is at fault.
pub(crate) fn broken(cause: impl Into<base::fault::Cause>) -> Fault {
    Fault::broken("FAILURE", cause)
}

/// From what whoever decides says to what the caller is told. Their words are for another wire.
pub(crate) fn from_elsewhere(fault: &Fault) -> Fault {
    match fault.kind() {
        Kind::Busy | Kind::Unavailable | Kind::Interrupted => {
            Fault::new(fault.kind(), "BUSY", "").retry_after(5)
        }
        _ => broken(format!("{fault:?}")),
    }
}

/// From what the store says to what the caller is told.
pub(crate) fn from_store(error: store::StoreError) -> Fault {
    match error {
        store::StoreError::Busy => Fault::new(Kind::Busy, "BUSY", "").retry_after(5),
        store::StoreError::Stopped => {
            Fault::new(Kind::Unavailable, "BUSY", "").retry_after(5).because(error)
        }
        _ => broken(error),
    }
}
