//! The table of errors, and a constructor for each.

use base::{Fault, Kind};
use broker::Refused;
use service::{FaultRow, Severity};

const fn row(
    id: &'static str,
    status: u16,
    display: &'static str,
    issue: &'static str,
) -> FaultRow {
    FaultRow { id, status, code: id, display, issue, severity: Severity::Error }
}

/// Every error that the API can answer with. Callers see the words and no code, and other words
/// where a fault has some of its own.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("INVALID", 400, "Something in the body is not taken: `validationErrors`, by member", "value"),
    row("INVALID_REQUEST", 400, "Something else in the request is not taken", "value"),
    row("TOKEN_MISSING", 401, "Missing access token", "login"),
    row("TOKEN_INVALID", 401, "Invalid access token", "login"),
    row("TOKEN_EXPIRED", 401, "Access Token expired", "login"),
    row("FORBIDDEN", 403, "Unauthorised", "forbidden"),
    row("NOT_FOUND", 404, "Not found", "not-found"),
    row("UNKNOWN_METHOD", 405, "Method not allowed", "not-supported"),
    row("TOO_SLOW", 408, "Request took too long", "timeout"),
    row("MATCHING_SUBSCRIPTION", 409, "A matching subscription already exists", "conflict"),
    row("TOO_LARGE", 413, "Request is too large", "too-long"),
    row("QUOTA_USED", 429, "The quota of the application is used up", "throttled"),
    row("TOO_DENSE", 429, "Requests come too fast", "throttled"),
    row("BROKEN", 500, "Internal server error", "exception"),
    row("BUSY", 503, "Service unavailable", "transient"),
];

const BROKEN: FaultRow = row("BROKEN", 500, "Internal server error", "exception");

/// The row that a fault names; faults from other rooms have no row and read as `BROKEN`.
pub(crate) fn row_of(fault: &Fault) -> &'static FaultRow {
    TABLE.iter().find(|row| row.id == fault.code()).unwrap_or(&BROKEN)
}

/// What is wrong with a body, by member. All of it is told at once.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<(&'static str, String)>);

impl Problems {
    /// Notes that something is wrong with a member. The words must not hold what was sent: it may
    /// be about a patient.
    pub(crate) fn add(&mut self, member: &'static str, why: impl Into<String>) {
        if !self.0.iter().any(|(known, _)| *known == member) {
            self.0.push((member, why.into()));
        }
    }

    /// What was read, if nothing is wrong.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub(crate) fn none_in<T>(self, read: T) -> Result<T, Fault> {
        if self.0.is_empty() { Ok(read) } else { Err(self.into()) }
    }
}

impl From<Problems> for Fault {
    fn from(problems: Problems) -> Self {
        let lines: Vec<String> =
            problems.0.iter().map(|(member, why)| format!("{member}: {why}")).collect();
        Fault::new(Kind::Incorrect, "INVALID", lines.join("\n"))
    }
}

/// One thing is wrong with a body.
pub(crate) fn invalid(member: &'static str, why: impl Into<String>) -> Fault {
    let mut problems = Problems::default();
    problems.add(member, why);
    problems.into()
}

/// Something else in a request is wrong.
pub(crate) fn incorrect(why: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, "INVALID_REQUEST", why)
}

/// The caller may not do this.
pub(crate) fn forbidden(why: impl Into<String>) -> Fault {
    Fault::new(Kind::Forbidden, "FORBIDDEN", why)
}

/// There is no such thing, or none of the caller's.
pub(crate) fn not_found() -> Fault {
    Fault::new(Kind::NotFound, "NOT_FOUND", "")
}

/// The body is too large.
pub(crate) fn too_large(why: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, "TOO_LARGE", why)
}

/// From what the broker says to what the caller is told.
pub(crate) fn from_broker(refused: Refused) -> Fault {
    match refused {
        Refused::Busy(seconds) => Fault::new(Kind::Busy, "BUSY", "").retry_after(seconds),
        Refused::Full => Fault::new(Kind::Unavailable, "BUSY", "").retry_after(60),
        Refused::Store(error) => Fault::broken("BROKEN", error),
        other => Fault::broken("BROKEN", format!("{other:?}")),
    }
}

/// From what the store says to what the caller is told.
pub(crate) fn from_store(error: store::StoreError) -> Fault {
    from_broker(error.into())
}
