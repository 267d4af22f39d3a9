//! How a receiver says no.

use fhir::outcome::{Coding, Issue, operation_outcome};
use http::StatusCode;

use super::MEDIA_TYPE;
use crate::request::Reply;

/// The code system of the codes; its name has a small `s` in the national specification.
const CODES: &str = "https://fhir.nhs.uk/Codesystem/http-error-codes";

/// Why a receiver did not take a message: a row of the standard's table of errors. Its text quotes
/// nothing of what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    issue: &'static str,
    why: String,
}

impl Refusal {
    /// The message is wrong, in a way that an issue type of FHIR names.
    pub fn bad(issue: &'static str, why: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "REC_BAD_REQUEST", issue, why)
    }

    /// There is no such thing here.
    pub fn not_found(why: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "REC_NOT_FOUND", "not-found", why)
    }

    /// It does not fit what is known: `duplicate` or `conflict`.
    pub fn conflict(issue: &'static str, why: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "REC_CONFLICT", issue, why)
    }

    /// The same message is being worked on.
    pub fn too_early() -> Self {
        let why = "the same request is still being worked on";
        Self::new(StatusCode::TOO_EARLY, "REC_TOO_EARLY", "processing", why)
    }

    /// It is understood, and not for this receiver.
    pub fn unprocessable(why: impl Into<String>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(status, "REC_UNPROCESSABLE_ENTITY", "not-supported", why)
    }

    /// This receiver does not do that.
    pub fn not_implemented() -> Self {
        let why = "this receiver does not answer that";
        Self::new(StatusCode::NOT_IMPLEMENTED, "REC_NOT_IMPLEMENTED", "not-supported", why)
    }

    /// It could not be kept.
    pub fn no_store() -> Self {
        let why = "the message could not be kept";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "REC_SERVER_ERROR", "no-store", why)
    }

    /// The body was not read.
    pub fn unread(status: StatusCode) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => {
                let why = "the message is too large";
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self::new(status, "REC_UNPROCESSABLE_ENTITY", "too-costly", why)
            }
            _ => Self::bad("invalid", "the message did not arrive whole"),
        }
    }

    fn new(
        status: StatusCode,
        code: &'static str,
        issue: &'static str,
        why: impl Into<String>,
    ) -> Self {
        Self { status, code, issue, why: why.into() }
    }

    /// As an answer.
    pub(super) fn reply(&self) -> Reply {
        let coding = Coding { system: CODES, version: "", code: self.code, display: self.code };
        let issue = Issue {
            severity: "error",
            code: self.issue,
            coding: Some(coding),
            diagnostics: &self.why,
        };
        Reply::json(self.status, MEDIA_TYPE, &operation_outcome(&issue))
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "a local system cannot keep what arrived");
        Self::no_store()
    }
}

impl From<fhir::message::Wrong> for Refusal {
    fn from(wrong: fhir::message::Wrong) -> Self {
        let issue = match wrong.issue {
            issue @ ("required" | "value") => issue,
            _ => "invalid",
        };
        Self::bad(issue, format!("{}: {}", wrong.at, wrong.why))
    }
}
