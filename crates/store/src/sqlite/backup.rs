//! Copies of the whole store, made while it serves, and put back.
//!
//! A backup is a folder with the database and the audit key. It appears under its name only once
//! all of it is on disk.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use base::{Clock, Dice};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::core::Core;
use super::folder::{self, AUDIT_KEY, DATABASE};
use super::{check, schema};
use crate::disk::sync_folder;
use crate::error::StoreError;

/// Where a backup is unpacked and verified before it is put in place.
const RESTORING: &str = "restoring";

/// Copies the store of a folder, as it stands, into a new folder. It only reads, so the store may
/// be serving.
pub(super) fn backup(folder: &Path, to: &Path) -> Result<(), StoreError> {
    let key = folder::existing_audit_key(folder)?;
    if to.exists() {
        return Err(StoreError::Folder(format!(
            "{} exists; hint: give a backup a name of its own",
            to.display()
        )));
    }
    let partial = partial(to);
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial)?;
    copy_database(&folder.join(DATABASE), &partial.join(DATABASE))?;
    folder::write_secret(&partial.join(AUDIT_KEY), &key)?;
    sync_folder(&partial)?;
    fs::rename(&partial, to)?;
    sync_parent(to)
}

/// The same name with something after it.
fn partial(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

/// Copies all pages in one step: one snapshot, while writers go on.
fn copy_database(from: &Path, to: &Path) -> Result<(), StoreError> {
    let from = schema::open_reader(from)?;
    let mut copy = Connection::open(to)?;
    // A copy that is cut off is thrown away: it needs no journal, and one sync at its end.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    match Backup::new(&from, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        other => return Err(StoreError::Engine(format!("the copy ended with {other:?}"))),
    }
    copy.close().map_err(|(_, error)| error)?;
    File::open(to)?.sync_all()?;
    Ok(())
}

/// Puts a backup into a folder that has no store, after verifying all of it.
pub(super) fn restore(from: &Path, folder: &Path) -> Result<(), StoreError> {
    let _lock = folder::lock(folder)?;
    if folder.join(DATABASE).exists() {
        return Err(StoreError::Folder(format!(
            "{} has a store already; hint: restore into an empty folder",
            folder.display()
        )));
    }
    let staging = folder.join(RESTORING);
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    fs::create_dir_all(&staging)?;
    let restored = verify_copy(from, &staging).and_then(|()| put_in_place(&staging, folder));
    fs::remove_dir_all(&staging)?;
    restored
}

/// Copies a backup and checks the copy, since the copy is what will be used.
fn verify_copy(from: &Path, staging: &Path) -> Result<(), StoreError> {
    let log = from.join(format!("{DATABASE}-wal"));
    if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::Folder(format!(
            "{} is a store that was not closed, not a backup; hint: make one with backup",
            from.display()
        )));
    }
    for name in [DATABASE, AUDIT_KEY] {
        fs::copy(from.join(name), staging.join(name)).map_err(|error| {
            StoreError::Folder(format!(
                "{} cannot be read from {}: {error}; hint: is it a backup?",
                name,
                from.display()
            ))
        })?;
    }
    let core = Core::open(staging, Clock::System, &Dice::System)?;
    let report = check::check(&core, &mut |_, _| ())?;
    match report.problems.first() {
        None => Ok(()),
        Some(first) => Err(StoreError::Damaged(format!(
            "the backup, in {} places; the first is: {first}; hint: use another backup",
            report.problems.len()
        ))),
    }
}

/// Moves what was verified to its place; the database last, since with it the store is there.
fn put_in_place(staging: &Path, folder: &Path) -> Result<(), StoreError> {
    for name in [AUDIT_KEY, DATABASE] {
        let file = staging.join(name);
        File::open(&file)?.sync_all()?;
        fs::rename(&file, folder.join(name))?;
        sync_folder(folder)?;
    }
    Ok(())
}

fn sync_parent(path: &Path) -> Result<(), StoreError> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => sync_folder(Path::new(".")),
    }
}
