//! Why the store could not do something.

use std::io::ErrorKind;

use rusqlite::ErrorCode;

use crate::messages::MessageId;

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An expectation of the transaction does not hold. Nothing was written.
    #[error("the {kind} is at version {actual:?}, not as expected")]
    Conflict {
        /// The kind of resource; or `message`, `delivery`, `lane`, `content`.
        kind: &'static str,
        /// The version it has, if it exists; of a lane the epoch, of a content how many parts it
        /// is to have.
        actual: Option<u64>,
    },
    /// A message was accepted before under the same name of its sender. Nothing was written.
    #[error("accepted before as message {}", message.0)]
    Repeated {
        /// The message that was accepted.
        message: MessageId,
        /// The digest of what was sent then.
        digest: [u8; 32],
    },
    /// Something in the transaction is beyond its bounds. Nothing was written.
    #[error("cannot be written: {0}")]
    Invalid(String),
    /// The disk is full. Nothing was written, and the store goes on.
    #[error("the disk is full")]
    Full,
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

impl StoreError {
    /// Whether it is the fault of one transaction, found before anything of it was written: its
    /// neighbours in a group are not harmed.
    pub(crate) fn is_of_one(&self) -> bool {
        matches!(self, Self::Conflict { .. } | Self::Repeated { .. } | Self::Invalid(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Engine(error.to_string()),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Engine(error.to_string()),
        }
    }
}
