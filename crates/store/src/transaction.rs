//! Everything that shall happen together.

use crate::audit::Access;
use crate::directory::Record;
use crate::jobs::Job;
use crate::resources::Put;

/// Everything that shall happen together, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    pub(crate) puts: Vec<Put>,
    pub(crate) records: Vec<Record>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) accesses: Vec<Access>,
}

impl Transaction {
    /// A transaction that does nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a new version of a resource.
    #[must_use]
    pub fn put(mut self, put: Put) -> Self {
        self.puts.push(put);
        self
    }

    /// Writes a directory record, whatever was there before.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.records.push(record);
        self
    }

    /// Writes a job, whatever state it was in before.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// Notes an access on the audit chain.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.accesses.push(access);
        self
    }

    /// Whether it would change nothing but the audit chain.
    pub fn only_audits(&self) -> bool {
        self.puts.is_empty() && self.records.is_empty() && self.jobs.is_empty()
    }
}
