//! The folder of part files: `contents/<two hex digits>/<content>-<part>-<chance>`. A file gets its
//! name once, is written once, and goes when no row names it any more. Which rows there are is the
//! engine's business; this works the same beneath every engine.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base::Dice;

use super::ContentId;
use crate::disk::sync_folder;
use crate::error::StoreError;

/// The folder of part files, within the data folder.
const CONTENTS: &str = "contents";
/// How many hex digits of chance a name has. The last two say which folder the file is in.
const CHANCE_DIGITS: usize = 16;

/// The folder of part files.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    dice: Dice,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Files that are being written, or wait for the commit that names them.
    unnamed: HashSet<String>,
    /// Files that no row names any more.
    doomed: Vec<String>,
    /// Folders that are known to survive a power cut.
    durable: HashSet<PathBuf>,
    /// How many are at work who need the files of a moment ago: see [`Folder::hold`].
    holding: usize,
}

impl Folder {
    /// The part files of a data folder.
    pub(crate) fn new(data: &Path, dice: Dice) -> Self {
        Self { path: data.join(CONTENTS), dice, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is anything.
    pub(crate) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Where a file is.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.path.join(drawer(name)?).join(name))
    }

    /// Makes a new file, which is spared by [`Folder::sweep`] until it is [let go](Self::settle).
    pub(super) fn create(&self, id: ContentId, part: u32) -> Result<(String, File), StoreError> {
        loop {
            let name = format!("{:016x}-{part}-{:016x}", id.0, self.dice.bits());
            let path = self.path(&name)?;
            self.make_drawer(&path)?;
            if !self.state().unnamed.insert(name.clone()) {
                continue;
            }
            match new_file(&path) {
                Ok(file) => return Ok((name, file)),
                Err(error) => {
                    self.settle(&name);
                    // Seeded dice fall the same way again after a restart: throw once more.
                    if error.kind() != ErrorKind::AlreadyExists {
                        return Err(error.into());
                    }
                }
            }
        }
    }

    /// Makes the folder that a file is in, if need be. It survives a power cut: whoever finds it
    /// there cannot tell whether the one who made it has synced what is above it, so each process
    /// does so once.
    fn make_drawer(&self, file: &Path) -> Result<(), StoreError> {
        let Some(drawer) = file.parent() else { return Ok(()) };
        if self.state().durable.contains(drawer) {
            return Ok(());
        }
        fs::create_dir_all(drawer)?;
        sync_folder(&self.path)?;
        self.path.parent().map_or(Ok(()), sync_folder)?;
        self.state().durable.insert(drawer.to_owned());
        Ok(())
    }

    /// A file is named by a row now, or gone.
    pub(super) fn settle(&self, name: &str) {
        self.state().unnamed.remove(name);
    }

    /// Removes a file that no row names, if it is there.
    pub(super) fn remove(&self, name: &str) -> Result<bool, StoreError> {
        match fs::remove_file(self.path(name)?) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Notes files that no row names any more. They go when [`Folder::clear`] is called.
    pub(crate) fn doom(&self, names: Vec<String>) {
        if !names.is_empty() {
            self.state().doomed.extend(names);
        }
    }

    /// Removes the files that no row names any more, unless somebody [holds](Self::hold) them.
    /// Returns how many. One that cannot be removed is left for [`Folder::sweep`].
    pub(crate) fn clear(&self) -> Result<u64, StoreError> {
        let doomed = {
            let mut state = self.state();
            if state.holding > 0 { Vec::new() } else { std::mem::take(&mut state.doomed) }
        };
        let (mut removed, mut failed) = (0, Ok(()));
        for name in doomed {
            match self.remove(&name) {
                Ok(gone) => removed += u64::from(gone),
                Err(error) => failed = Err(error),
            }
        }
        failed.map(|()| removed)
    }

    /// Keeps every file for as long as the answer lives, even if its row goes meanwhile: whoever
    /// looks at rows of a moment ago finds their files.
    pub(crate) fn hold(&self) -> Hold<'_> {
        self.state().holding += 1;
        Hold { folder: self }
    }

    /// Removes files that no row names: what was cut off, and what could not be removed before.
    /// Returns how many.
    pub(crate) fn sweep(
        &self,
        named: impl Fn(&str) -> Result<bool, StoreError>,
    ) -> Result<u64, StoreError> {
        for name in self.names()? {
            // In this order: a file that is named meanwhile is unnamed here, or named there.
            let unnamed = self.state().unnamed.contains(&name);
            if !unnamed && !named(&name)? {
                self.doom(vec![name]);
            }
        }
        self.clear()
    }

    /// All files that are there and have such a name as we give.
    fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        for folder in entries(&self.path)? {
            for file in entries(&folder)? {
                let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                if drawer(name).is_ok_and(|drawer| folder.ends_with(drawer)) {
                    names.push(name.to_owned());
                }
            }
        }
        Ok(names)
    }

    /// Puts a file of another folder into this one: a second name for the same bytes where `link`
    /// is asked for and the file system can, else a copy. On disk once [`Folder::sync`] has
    /// returned. False when the other folder has no such file.
    pub(crate) fn take_over(
        &self,
        from: &Self,
        name: &str,
        link: bool,
    ) -> Result<bool, StoreError> {
        let (from, to) = (from.path(name)?, self.path(name)?);
        self.make_drawer(&to)?;
        if link && fs::hard_link(&from, &to).is_ok() {
            return Ok(true);
        }
        match fs::copy(&from, &to) {
            Ok(_) => File::open(&to)?.sync_all()?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        Ok(true)
    }

    /// Syncs the folders in it.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        for folder in entries(&self.path)? {
            sync_folder(&folder)?;
        }
        if self.path.is_dir() { sync_folder(&self.path) } else { Ok(()) }
    }

    /// Moves all of it to another data folder.
    pub(crate) fn move_to(&self, data: &Path) -> Result<(), StoreError> {
        if self.path.is_dir() {
            fs::rename(&self.path, data.join(CONTENTS))?;
        }
        Ok(())
    }
}

/// Keeps files from going: see [`Folder::hold`].
pub(crate) struct Hold<'a> {
    folder: &'a Folder,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.folder.state().holding -= 1;
    }
}

/// Which folder a file is in: the last two digits of its name.
fn drawer(name: &str) -> Result<&str, StoreError> {
    let chance = name.rsplit('-').next().unwrap_or_default();
    let ours = chance.len() == CHANCE_DIGITS
        && name.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    match chance.get(CHANCE_DIGITS - 2..) {
        Some(drawer) if ours => Ok(drawer),
        _ => Err(StoreError::Damaged("the name of a file of contents".to_owned())),
    }
}

fn new_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// What is in a folder; nothing when it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            Ok(entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?)
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
