//! Why the store could not do something.

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An expectation of the transaction does not hold. Nothing was written.
    #[error("the {kind} is at version {actual:?}, not as expected")]
    Conflict {
        /// The kind of resource.
        kind: &'static str,
        /// The version it has, if it exists.
        actual: Option<u64>,
    },
    /// Too many commits wait for the disk. Nothing was written.
    #[error("too many commits wait for the disk")]
    Busy,
    /// The store is closed, or stopped after a failed sync. Nothing more will be written.
    #[error("the store has stopped")]
    Stopped,
    /// The folder cannot be used.
    #[error("cannot use the data folder: {0}")]
    Folder(String),
    /// The store was written by a newer version of this program.
    #[error("the store has schema {found}, this program knows {known}")]
    Newer {
        /// The schema found.
        found: u32,
        /// The newest schema known.
        known: u32,
    },
    /// What is on disk is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The engine failed.
    #[error("the engine failed: {0}")]
    Engine(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Engine(error.to_string())
    }
}
