//! Copies of the whole store, made while it serves, and put back.
//!
//! A backup is a folder with the database, the audit keys, the checkpoints of the audit chain, the
//! files of large bodies and those of what was used once: a token that was used before the backup
//! is not good again after it was put back. It appears under its name only once all of it is on
//! disk. On the same file system the files of bodies are second names for the same bytes: no file
//! of a body is ever changed.
//!
//! It holds no secret as it is: what the directory holds is sealed, and so are the audit keys. The
//! keys that open them are not in it: whoever restores must have them.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base::{Clock, Dice, Keyring};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::contents::is_named;
use super::core::Core;
use super::folder::{self, AUDIT_KEY, DATABASE, SIGNING_KEY, SIGNING_PUBLIC, SIGNING_RETIRED};
use super::{audit, check, schema, sealer, seals, signing_keys};
use crate::audit::checkpoint::{PublicKey, SigningKey};
use crate::contents::folder::Folder;
use crate::disk::{sync_folder, write_open, write_secret};
use crate::error::StoreError;
use crate::spent;

/// Where a backup is unpacked and verified before it is put in place.
const RESTORING: &str = "restoring";

/// What stands behind the name of a key that a backup holds sealed.
const SEALED: &str = ".sealed";

/// Copies the store of a folder, as it stands, into a new folder. It only reads, so the store may
/// be serving.
pub(super) fn backup(folder: &Path, to: &Path) -> Result<(), StoreError> {
    let key = folder::existing_audit_key(folder)?;
    let signing = signing_key(folder)?;
    let ring = sealer::read(folder)?.ok_or_else(|| {
        StoreError::Folder(format!(
            "{} holds secrets as they are; hint: start this version on it once",
            folder.display()
        ))
    })?;
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
    write_sealed(&partial, AUDIT_KEY, &key, &ring)?;
    copy_seals(folder, &partial)?;
    if let Some(seed) = signing {
        write_sealed(&partial, SIGNING_KEY, &seed, &ring)?;
        let public = SigningKey::from_seed(&seed)?.public();
        is_in_force(&partial, public)?;
        write_open(&partial.join(SIGNING_PUBLIC), public.to_pem().as_bytes())?;
    }
    spent::files::copy(folder, &partial)?;
    sync_folder(&partial)?;
    fs::rename(&partial, to)?;
    sync_parent(to)
}

/// The key that signs checkpoints, where there is one.
fn signing_key(folder: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(folder.join(SIGNING_KEY)) {
        Ok(seed) => Ok(Some(seed)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The key that was read before the chain was copied may have been replaced in between: with
/// another than the last, the copy would be of no use.
fn is_in_force(copy: &Path, key: PublicKey) -> Result<(), StoreError> {
    let (changes, _) = signing_keys::changes(&schema::open_reader(&copy.join(DATABASE))?)?;
    match changes.last() {
        Some(change) if change.after != key => Err(StoreError::Folder(
            "the key that signs the audit chain was replaced meanwhile; hint: back up again"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Writes a key into a backup, sealed.
fn write_sealed(copy: &Path, name: &str, key: &[u8], ring: &Keyring) -> Result<(), StoreError> {
    let sealed = ring.seal(name, key, &Dice::System).map_err(StoreError::Engine)?;
    write_secret(&copy.join(format!("{name}{SEALED}")), &sealed)
}

/// Takes a key out of a backup. Backups of older versions have it as it is, or have none.
fn take_key(
    from: &Path,
    staging: &Path,
    name: &str,
    ring: Option<&Keyring>,
) -> Result<(), StoreError> {
    let sealed = from.join(format!("{name}{SEALED}"));
    let key = if sealed.exists() {
        let opened = ring.and_then(|ring| ring.open(name, &fs::read(&sealed).ok()?));
        opened.ok_or_else(|| {
            StoreError::Folder(format!(
                "the keys that are there are not those that the backup was sealed with; hint: put \
                 the {} of its time in place",
                sealer::FILE
            ))
        })?
    } else if from.join(name).exists() {
        fs::read(from.join(name))?
    } else {
        return Ok(());
    };
    write_secret(&staging.join(name), &key)
}

/// Copies the public key of the audit chain, and the checkpoints that the copied chain reaches.
fn copy_seals(folder: &Path, copy: &Path) -> Result<(), StoreError> {
    if folder.join(SIGNING_PUBLIC).exists() {
        write_open(&copy.join(SIGNING_PUBLIC), &fs::read(folder.join(SIGNING_PUBLIC))?)?;
    }
    let copied = schema::open_reader(&copy.join(DATABASE))?;
    for change in signing_keys::changes(&copied)?.0 {
        fs::create_dir_all(copy.join(SIGNING_RETIRED))?;
        let pem = change.before.to_pem();
        write_open(&signing_keys::retired_file(copy, &change.before), pem.as_bytes())?;
    }
    seals::copy(folder, copy, audit::last(&copied)?.0)
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

/// Puts a backup into a folder that has no store, after verifying all of it, with the keys that it
/// was sealed with.
pub(super) fn restore(from: &Path, keys: &Path, folder: &Path) -> Result<(), StoreError> {
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
    let restored = sealer::read_from(keys)
        .and_then(|ring| verify_copy(from, keys, ring.as_ref(), &staging))
        .and_then(|()| put_in_place(&staging, folder));
    fs::remove_dir_all(&staging)?;
    restored
}

/// Copies a backup and checks the copy, since the copy is what will be used.
fn verify_copy(
    from: &Path,
    keys: &Path,
    ring: Option<&Keyring>,
    staging: &Path,
) -> Result<(), StoreError> {
    let log = from.join(format!("{DATABASE}-wal"));
    if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::Folder(format!(
            "{} is a store that was not closed, not a backup; hint: make one with backup",
            from.display()
        )));
    }
    fs::copy(from.join(DATABASE), staging.join(DATABASE)).map_err(|error| {
        StoreError::Folder(format!(
            "{DATABASE} cannot be read from {}: {error}; hint: is it a backup?",
            from.display()
        ))
    })?;
    match ring {
        Some(ring) => sealer::write(staging, ring)?,
        None if from.join(format!("{AUDIT_KEY}{SEALED}")).exists() => {
            return Err(sealer::missing(keys));
        }
        None => {}
    }
    take_key(from, staging, AUDIT_KEY, ring)?;
    take_key(from, staging, SIGNING_KEY, ring)?;
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
    if let Some(ring) = sealer::read(staging)? {
        sealer::write(folder, &ring)?;
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
