//! The folders of a mailbox, held by one process at a time.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::client::{Trouble, sync_folder};

/// The folders of a mailbox.
pub(crate) struct Place {
    root: PathBuf,
    /// Locked for as long as it is open.
    _lock: File,
}

/// The folders, by name.
pub(crate) const IN: &str = "IN";
pub(crate) const OUT: &str = "OUT";
pub(crate) const SENT: &str = "SENT";
pub(crate) const FAILED: &str = "FAILED";
pub(crate) const TEMP: &str = "TEMP";

impl Place {
    /// Makes the folders where they are missing, and holds them.
    ///
    /// # Errors
    /// When they cannot be made, or another process holds them.
    pub(crate) fn open(root: &Path) -> Result<Self, Trouble> {
        for name in [IN, OUT, SENT, FAILED, TEMP] {
            let folder = root.join(name);
            fs::create_dir_all(&folder).map_err(|error| Trouble::file(&folder, &error))?;
        }
        let path = root.join(TEMP).join(".lock");
        let lock = File::create(&path).map_err(|error| Trouble::file(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Trouble::Here(format!(
                "{} is in use. hint: another `vertebra mesh folder` works on it",
                root.display()
            ))),
            Err(TryLockError::Error(error)) => Err(Trouble::file(&path, &error)),
        }
    }

    /// One of the folders.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A file in one of the folders.
    pub(crate) fn file(&self, folder: &str, name: &str, extension: &str) -> PathBuf {
        self.root.join(folder).join(format!("{name}.{extension}"))
    }

    /// The names of the files in a folder that end in this way, without the ending, in order.
    pub(crate) fn named(&self, folder: &str, extension: &str) -> Result<Vec<String>, Trouble> {
        let path = self.folder(folder);
        let ending = format!(".{extension}");
        let failed = |error: std::io::Error| Trouble::file(&path, &error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(&ending));
            names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// Gives a file another place, for good. It is well if that was done already.
pub(crate) fn moved(from: &Path, to: &Path) -> Result<(), Trouble> {
    if !from.exists() {
        return Ok(());
    }
    fs::rename(from, to).map_err(|error| Trouble::file(from, &error))?;
    sync_folder(to)
}

/// Takes a file away. It is well if that was done already.
pub(crate) fn removed(path: &Path) -> Result<(), Trouble> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Trouble::file(path, &error))
        }
        _ => Ok(()),
    }
}
