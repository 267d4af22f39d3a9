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

    /// How often the directory was written to since the store was opened. Whoever keeps some of it
    /// in memory asks before reading, and reads again when this has grown.
    pub fn version(&self) -> u64 {
        self.engine.directory_version()
    }

    /// All records of a kind as (id, JSON text), by id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn all(&self, kind: &'static str) -> Result<Vec<(String, String)>, StoreError> {
        self.engine.directory_all(kind)
    }
}
