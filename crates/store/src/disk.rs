//! The disk beneath the data folder: how much room it has, how folders are synced, and how small
//! files are written.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
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

/// Writes a new file that only its owner may read, and syncs it. It appears whole or not at all.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_whole(path, bytes, 0o600)
}

/// Writes a new file that anybody may read, and syncs it. It appears whole or not at all.
pub(crate) fn write_open(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_whole(path, bytes, 0o644)
}

fn write_whole(path: &Path, bytes: &[u8], mode: u32) -> Result<(), StoreError> {
    let partial = path.with_extension("partial");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let mut file = options.open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}
