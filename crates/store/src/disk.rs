//! The disk beneath the data folder: how much room it has, and how folders are synced.

use std::fs::File;
use std::path::Path;

use crate::error::StoreError;

/// How much room the file system of the data folder has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// What this process may still write, in bytes.
    pub free_bytes: u64,
    /// How large it is, in bytes.
    pub total_bytes: u64,
}

/// Looks at the file system of a folder.
pub(crate) fn room(folder: &Path) -> Result<Room, StoreError> {
    let seen = rustix::fs::statvfs(folder).map_err(std::io::Error::from)?;
    Ok(Room {
        free_bytes: seen.f_bavail.saturating_mul(seen.f_frsize),
        total_bytes: seen.f_blocks.saturating_mul(seen.f_frsize),
    })
}

/// Syncs a folder, so that what was made, renamed or removed in it survives a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
