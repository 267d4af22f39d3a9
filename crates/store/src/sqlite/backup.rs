//! Copies of the whole store, made while it serves, and put back.
//!
//! A backup is a folder with the database, the audit keys, the checkpoints of the audit chain, the
//! files of large bodies and those of what was used once: a token that was used before the backup
//! is not good again after it was put back. It appears under its name only once all of it is on
//! disk. On the same file system the files of bodies are second names for the same bytes: no file
//! of a body is ever changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use base::{Clock, Dice};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::contents::is_named;
use super::core::Core;
use super::folder::{self, AUDIT_KEY, DATABASE, SIGNING_KEY, SIGNING_PUBLIC};
use super::{audit, check, schema, seals};
use crate::contents::folder::Folder;
use crate::disk::{sync_folder, write_open, write_secret};
use crate::error::StoreError;
use crate::spent;

/// Where a backup is unpacked and verified before it is put in place.
const RESTORING: &str = "restoring";

/// Writes a file with the rights that it should have.
type Write = fn(&Path, &[u8]) -> Result<(), StoreError>;
/// The files of the signing key. Stores of older versions have none.
const SEALS: [(&str, Write); 2] = [(SIGNING_KEY, write_secret), (SIGNING_PUBLIC, write_open)];

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
    copy_contents(folder, &partial)?;
    write_secret(&partial.join(AUDIT_KEY), &key)?;
    copy_seals(folder, &partial)?;
    spent::files::copy(folder, &partial)?;
    sync_folder(&partial)?;
    fs::rename(&partial, to)?;
    sync_parent(to)
}

/// Copies what seals the audit chain, and the checkpoints that the copied chain reaches.
fn copy_seals(folder: &Path, copy: &Path) -> Result<(), StoreError> {
    for (name, write) in SEALS {
        if folder.join(name).exists() {
            write(&copy.join(name), &fs::read(folder.join(name))?)?;
        }
    }
    let (lines, _) = audit::last(&schema::open_reader(&copy.join(DATABASE))?)?;
    seals::copy(folder, copy, lines)
}

/// The same name with something after it.
fn partial(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

/// Copies all pages in one step: one snapshot, while writers go on.
pub(super) fn copy_database(from: &Path, to: &Path) -> Result<(), StoreError> {
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

/// Copies the files that the copied database names. Another process may have erased or replaced
/// some of them since the database was copied: those parts are taken out of the copy.
pub(super) fn copy_contents(folder: &Path, copy: &Path) -> Result<(), StoreError> {
    let from = Folder::new(folder, Dice::System);
    let to = Folder::new(copy, Dice::System);
    let database = copy.join(DATABASE);
    let rows = Connection::open(&database)?;
    if !schema::has_contents(&rows)? {
        return Ok(());
    }
    let gone = take_over(&rows, &from, &to, true)?;
    let live = schema::open_reader(&folder.join(DATABASE))?;
    for name in &gone {
        if is_named(&live, name)? {
            return Err(StoreError::Damaged(
                "the file of a large body is missing; hint: vertebra check tells which".to_owned(),
            ));
        }
        rows.execute("DELETE FROM content_part WHERE file = ?1", [name])?;
    }
    rows.close().map_err(|(_, error)| error)?;
    File::open(&database)?.sync_all()?;
    to.sync()
}

/// Takes every file over that the rows name. Returns those that are not there.
fn take_over(
    rows: &Connection,
    from: &Folder,
    to: &Folder,
    link: bool,
) -> Result<Vec<String>, StoreError> {
    let mut gone = Vec::new();
    let mut statement = rows.prepare("SELECT file FROM content_part")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        if !to.take_over(from, &name, link)? {
            gone.push(name);
        }
    }
    Ok(gone)
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
    if Folder::new(folder, Dice::System).exists() {
        return Err(StoreError::Folder(format!(
            "{} has large bodies of another store; hint: restore into an empty folder",
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
    copy_seals(from, staging)?;
    spent::files::copy(from, staging)?;
    let core = Core::open(staging, Clock::System, &Dice::System)?;
    // Not second names: what befalls the backup must not befall the store. A file that is not
    // there is found by the check.
    let backup = Folder::new(from, Dice::System);
    core.readers.read(|rows| take_over(rows, &backup, &core.contents, false))?;
    core.contents.sync()?;
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
    Folder::new(staging, Dice::System).move_to(folder)?;
    spent::files::move_to(staging, folder)?;
    let checkpoints = staging.join(seals::FILE);
    if let (true, Some(held)) = (checkpoints.exists(), Path::new(seals::FILE).parent()) {
        fs::rename(staging.join(held), folder.join(held))?;
        seals::sync(folder)?;
    }
    for name in [AUDIT_KEY, SIGNING_KEY, SIGNING_PUBLIC, DATABASE] {
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
