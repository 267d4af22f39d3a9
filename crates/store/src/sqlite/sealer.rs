//! What the directory holds is sealed on disk: passwords, shared keys, secrets of webhooks and all
//! the rest, so that nobody has to remember which of it is secret. Whoever has the database or a
//! backup, and not the keys, reads none of it.
//!
//! A sealed body is `~<key id>.<base64url>`. What it was sealed for is its kind and id: no body can
//! be put in the place of another. The keys are in [`FILE`]; backups do not hold it.
//!
//! To replace the key, a new one is added to the file and seals from then on; everything is sealed
//! anew in batches; then the old key is taken out. That may be cut off at any moment: the next
//! start goes on from there. A store of a version that sealed nothing is brought up to date the
//! same way.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base::{Dice, Keyring};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::core::Core;
use crate::disk::{sync_folder, write_secret};
use crate::error::StoreError;

/// The folder of the keys, in the data folder.
const FOLDER: &str = "keys";
/// The file of the keys in there.
const NAME: &str = "directory.toml";
/// The file of the keys, as people are told of it.
pub(super) const FILE: &str = "keys/directory.toml";
const ABOUT: &str = "These keys open what the directory holds: passwords, shared keys, secrets. \
                     A backup is of no use\n# without them: keep a copy of this folder, apart \
                     from the backups.";
/// What a sealed body begins with. No JSON text does.
const MARK: char = '~';
/// How many records a batch seals anew: others wait for it.
const BATCH: i64 = 500;

/// Seals and opens what the directory holds.
pub(super) struct Sealer {
    /// In memory old keys stay until the end, for those who read while a key is replaced.
    ring: RwLock<Arc<Keyring>>,
    dice: Dice,
    /// One key is replaced at a time.
    rotating: Mutex<()>,
}

impl Sealer {
    /// The sealer of a folder. Its key is made where nothing is sealed yet.
    pub(super) fn open(
        folder: &Path,
        connection: &Connection,
        dice: &Dice,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let ring = match read(folder)? {
            Some(ring) => ring,
            None if is_anything_sealed(connection)? => return Err(missing(&folder.join(FOLDER))),
            None => {
                let ring = Keyring::new(now, dice);
                write(folder, &ring)?;
                ring
            }
        };
        let ring = RwLock::new(Arc::new(ring));
        Ok(Self { ring, dice: dice.clone(), rotating: Mutex::default() })
    }

    /// The keys.
    pub(super) fn ring(&self) -> Arc<Keyring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Seals the body of a record.
    pub(super) fn seal(&self, kind: i64, id: &str, body: &str) -> Result<String, StoreError> {
        let ring = self.ring();
        let sealed = ring.seal(&purpose(kind, id), body.as_bytes(), &self.dice);
        let sealed = sealed.map_err(StoreError::Engine)?;
        Ok(format!("{}{}", beginning(&ring), URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Opens the body of a record. One that was never sealed is as it is.
    pub(super) fn unseal(&self, kind: i64, id: &str, body: String) -> Result<String, StoreError> {
        let Some(rest) = body.strip_prefix(MARK) else { return Ok(body) };
        let sealed = rest.split_once('.').and_then(|(_, rest)| URL_SAFE_NO_PAD.decode(rest).ok());
        let opened = sealed.and_then(|sealed| self.ring().open(&purpose(kind, id), &sealed));
        opened.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
            StoreError::Damaged(format!(
                "a record of the directory, which none of the keys in {FILE} opens; hint: put the \
                 keys back that it was sealed with"
            ))
        })
    }
}

/// The keys of a data folder; nothing when it has none.
pub(super) fn read(folder: &Path) -> Result<Option<Keyring>, StoreError> {
    read_from(&folder.join(FOLDER))
}

/// The keys in a folder of keys; nothing when there are none.
pub(super) fn read_from(keys: &Path) -> Result<Option<Keyring>, StoreError> {
    match fs::read_to_string(keys.join(NAME)) {
        Ok(text) => Keyring::from_toml(&text).map(Some).map_err(|why| {
            StoreError::Damaged(format!("{FILE}: {why}; hint: put back the copy that you keep"))
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Folder(format!("cannot read {FILE}: {error}"))),
    }
}

/// Writes the keys of a data folder down.
pub(super) fn write(folder: &Path, ring: &Keyring) -> Result<(), StoreError> {
    write_to(&folder.join(FOLDER), ring)?;
    sync_folder(folder)
}

/// Writes keys down in a folder of keys.
pub(super) fn write_to(keys: &Path, ring: &Keyring) -> Result<(), StoreError> {
    fs::create_dir_all(keys)?;
    write_secret(&keys.join(NAME), ring.to_toml(ABOUT).as_bytes())
}

/// Copies the keys of a data folder, to be kept apart from its backups.
pub(super) fn copy(folder: &Path, to: &Path) -> Result<(), StoreError> {
    let ring = read(folder)?.ok_or_else(|| missing(&folder.join(FOLDER)))?;
    write_to(to, &ring)
}

/// The error for keys that should be there.
pub(super) fn missing(keys: &Path) -> StoreError {
    StoreError::Folder(format!(
        "{} is missing, and what the directory holds is sealed with its keys; hint: put back the \
         copy of the folder keys that you keep apart from the backups",
        keys.join(NAME).display()
    ))
}

/// Whether a store holds anything that is sealed.
pub(super) fn is_anything_sealed(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM directory WHERE substr(body, 1, 1) = ?1 LIMIT 1";
    Ok(connection.prepare(sql)?.exists([MARK.to_string()])?)
}

/// Replaces the key. Returns how many records were sealed anew.
pub(super) fn rotate(core: &Core) -> Result<u64, StoreError> {
    let sealer = &core.sealer;
    let _one = sealer.rotating.lock().unwrap_or_else(PoisonError::into_inner);
    core.alive()?;
    let mut ring = (*sealer.ring()).clone();
    ring.turn(core.clock.now(), &sealer.dice);
    write(&core.folder, &ring)?;
    *sealer.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    finish(core)
}

/// Seals everything anew that the newest key has not sealed, and takes the other keys out of the
/// file then. Returns how many records that were.
pub(super) fn finish(core: &Core) -> Result<u64, StoreError> {
    let ring = core.sealer.ring();
    let mut sealed = 0;
    let mut after = (i64::MIN, String::new());
    while let Some((last, done)) = batch(core, &beginning(&ring), &after)? {
        after = last;
        sealed += done;
    }
    // In the file only: readers may still hold what an old key opens.
    if read(&core.folder)?.is_none_or(|filed| filed.shown().len() > 1) {
        write(&core.folder, &ring.newest(1))?;
    }
    Ok(sealed)
}

/// The log on disk may hold what was not sealed when it was written: it is emptied.
pub(super) fn forget_log(core: &Core) -> Result<(), StoreError> {
    let connection = core.writing();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).optional()?;
    Ok(())
}

/// The kind and the id of a record.
type Place = (i64, String);

/// Seals a batch of records anew, those after a place. Returns the last of them and how many;
/// nothing when there are no more.
fn batch(core: &Core, beginning: &str, after: &Place) -> Result<Option<(Place, u64)>, StoreError> {
    let connection = core.writing();
    core.alive()?;
    // What is written over is to be gone from the file as well.
    connection.execute_batch("PRAGMA secure_delete = ON; BEGIN IMMEDIATE;")?;
    let written = seal_some(core, &connection, beginning, after);
    let ended = match &written {
        Ok(_) => connection.execute_batch("COMMIT"),
        Err(_) => connection.execute_batch("ROLLBACK"),
    };
    connection.execute_batch("PRAGMA secure_delete = OFF;")?;
    if let Err(error) = ended {
        // Nobody knows what the disk holds then.
        core.stop();
        return Err(error.into());
    }
    written
}

fn seal_some(
    core: &Core,
    connection: &Connection,
    beginning: &str,
    after: &Place,
) -> Result<Option<(Place, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT kind, id, body FROM directory
         WHERE (kind, id) > (?1, ?2) AND substr(body, 1, ?3) <> ?4
         ORDER BY kind, id LIMIT ?5",
    )?;
    let asked = (after.0, &after.1, beginning.len() as i64, beginning, BATCH);
    let rows = statement.query_map(asked, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(i64, String, String)> = rows.collect::<Result<_, _>>()?;
    let done = rows.len() as u64;
    let mut last = None;
    for (kind, id, body) in rows {
        let plain = core.sealer.unseal(kind, &id, body)?;
        let body = core.sealer.seal(kind, &id, &plain)?;
        connection
            .prepare_cached("UPDATE directory SET body = ?3 WHERE kind = ?1 AND id = ?2")?
            .execute((kind, &id, body))?;
        last = Some((kind, id));
    }
    Ok(last.map(|last| (last, done)))
}

/// What every body begins with that the newest key sealed.
fn beginning(ring: &Keyring) -> String {
    let newest = ring.shown().pop().map(|key| key.id).unwrap_or_default();
    format!("{MARK}{newest}.")
}

/// What a body is sealed for. The number of a kind never changes in a store.
fn purpose(kind: i64, id: &str) -> String {
    format!("directory:{kind}:{id}")
}

#[cfg(test)]
mod tests;
