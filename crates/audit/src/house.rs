//! What the API is given to work with, and how it notes that it was asked.

use base::{Clock, Fault};
use service::Request;
use store::{Access, Store, Transaction};

use crate::{SERVICE, faults};

/// The permission to see who looked at any record.
pub const READ: &str = "read-audit";

/// What the API is given to work with: the store and the time.
#[derive(Clone)]
pub struct House {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
}

impl House {
    /// Everything the API needs.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Notes on the audit chain that somebody asked who looked at these patients' records, given
    /// by their pseudonyms. Done before the answer leaves, granted or refused.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn note(
        &self,
        request: &Request,
        interaction: &str,
        subjects: Vec<String>,
        outcome: u16,
    ) -> Result<(), Fault> {
        let access = Access {
            service: SERVICE.into(),
            interaction: interaction.into(),
            subjects,
            outcome,
            request: request.header("x-request-id").unwrap_or_default().to_owned(),
            ..request.access(&self.store.audit(), self.clock.now())
        };
        let noted = self.store.commit(Transaction::new().access(access)).await;
        noted.map_err(faults::from_store)
    }
}
