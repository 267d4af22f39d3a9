//! What the synchronous services want of whoever keeps the demographics: decisions, and the audit
//! line of each. They are the same decisions as those of the FHIR API, since the same house makes
//! them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use base::Fault;
use serde_json::Value;
use service::Request;
use store::Access;

/// Whom a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Whoever is described so, in the parameters of the FHIR search.
    Described(Vec<(String, String)>),
    /// Whoever has this NHS number, not checked.
    Numbered(String),
}

/// Why there is nobody to be shown.
#[derive(Debug)]
pub enum Unfound {
    /// Nobody is described so.
    Nobody,
    /// More than one is.
    Several,
    /// Nobody has the number, or it is no number.
    NoNumber,
    /// It is not a question that can be asked.
    NotAQuestion,
    /// The caller's system may not ask it.
    Forbidden,
    /// The question could not be worked on.
    Failed(Fault),
}

/// What was decided.
#[derive(Debug)]
pub struct Decided {
    /// The patient, a FHIR resource with what the caller may not see taken out.
    pub patient: Result<Value, Unfound>,
    /// The audit line, to be on disk before the answer.
    pub access: Access,
}

/// Somebody who decides: for a request and the name of its interaction, about whoever is wanted.
pub type Demographics = Arc<
    dyn Fn(Arc<Request>, &'static str, Wanted) -> Pin<Box<dyn Future<Output = Decided> + Send>>
        + Send
        + Sync,
>;
