//! The ledger of who is who: organisations, systems, clients, and later mailboxes and routes.

use crate::engine::Engine;
use crate::error::StoreError;

/// A record of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is: `organisation`, `system`, `client`.
    pub kind: &'static str,
    /// Its id within the kind.
    pub id: String,
    /// The record as JSON text; `None` removes it.
    pub body: Option<String>,
}

/// The ledger of who is who.
pub struct Directory<'a> {
    pub(crate) engine: &'a Engine,
}

impl Directory<'_> {
    /// The JSON text of a record.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn get(&self, kind: &'static str, id: &str) -> Result<Option<String>, StoreError> {
        self.engine.directory_get(kind, id)
    }

    /// All records of a kind as (id, JSON text), by id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn all(&self, kind: &'static str) -> Result<Vec<(String, String)>, StoreError> {
        self.engine.directory_all(kind)
    }
}
