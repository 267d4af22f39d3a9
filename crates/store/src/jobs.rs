//! The ledger of requests taken on: what was asked, and the answer once there is one.
//!
//! It makes repeats harmless (the same request gets its first answer again) and lets a caller
//! come back for an answer later.

use bytes::Bytes;
use jiff::Timestamp;

use crate::engine::Engine;
use crate::error::StoreError;

/// A request taken on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Names the job: whose request, and which.
    pub key: String,
    /// A digest of what was asked, to tell a repeat from another request with the same name.
    pub digest: [u8; 32],
    /// When it was taken on.
    pub at: Timestamp,
    /// What was asked, for whoever has to go on after a crash; empty once answered.
    pub request: Bytes,
    /// The answer; nothing while it is being worked on.
    pub answer: Option<Bytes>,
}

/// The ledger of requests taken on.
pub struct Jobs<'a> {
    pub(crate) engine: &'a Engine,
}

impl Jobs<'_> {
    /// A job by its key.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn get(&self, key: &str) -> Result<Option<Job>, StoreError> {
        self.engine.job_get(key)
    }

    /// Jobs taken on and not answered, oldest first, at most `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn unanswered(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        self.engine.jobs_unanswered(most)
    }

    /// Forgets answered jobs taken on before an instant. Returns how many.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn forget_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.engine.jobs_forget_before(before).await
    }
}
