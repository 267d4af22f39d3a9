//! The files of the data folder: the lock, the database, the audit key.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use base::Dice;

use crate::disk::{sync_folder, write_secret};
use crate::error::StoreError;

/// The database.
pub(super) const DATABASE: &str = "vertebra.db";
/// The key of the audit chain's pseudonyms: 32 bytes.
pub(super) const AUDIT_KEY: &str = "audit.key";
/// The key that signs checkpoints of the audit chain: 32 bytes, the seed of an Ed25519 key.
pub(super) const SIGNING_KEY: &str = "audit-signing.key";
/// Its public part, in PEM: for whoever verifies.
pub(super) const SIGNING_PUBLIC: &str = "audit-signing.pub";
/// The key that is to sign, while the change is under way.
pub(super) const SIGNING_NEXT: &str = "audit-signing-next.key";
/// The folder of the public keys that signed before.
pub(super) const SIGNING_RETIRED: &str = "audit/retired";
const LOCK: &str = "lock";

/// Makes the folder if need be and takes its lock, so that two processes never share it.
pub(super) fn lock(folder: &Path) -> Result<File, StoreError> {
    let cannot = |error: &std::io::Error| {
        StoreError::Folder(format!(
            "{}: {error}; hint: can this user write there?",
            folder.display()
        ))
    };
    fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))
        .map_err(|error| cannot(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Folder(format!(
            "{} is in use; hint: is another vertebra running on it?",
            folder.display()
        ))),
        Err(TryLockError::Error(error)) => Err(cannot(&error)),
    }
}

/// The audit key: read, or made once.
pub(super) fn audit_key(folder: &Path, dice: &Dice) -> Result<[u8; 32], StoreError> {
    let path = folder.join(AUDIT_KEY);
    match fs::read(&path) {
        Ok(bytes) => bytes.try_into().map_err(|_| {
            StoreError::Damaged(format!(
                "{AUDIT_KEY} is not 32 bytes; hint: restore it from a backup"
            ))
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if folder.join(DATABASE).exists() {
                return Err(StoreError::Damaged(format!(
                    "{AUDIT_KEY} is missing; hint: restore it from a backup"
                )));
            }
            let mut key = [0; 32];
            dice.fill(&mut key);
            write_secret(&path, &key)?;
            sync_folder(folder)?;
            Ok(key)
        }
        Err(error) => Err(StoreError::Folder(format!("cannot read {AUDIT_KEY}: {error}"))),
    }
}

/// The audit key of a folder that has a store.
pub(super) fn existing_audit_key(folder: &Path) -> Result<[u8; 32], StoreError> {
    if !folder.join(DATABASE).exists() {
        return Err(StoreError::Folder(format!("{} has no store", folder.display())));
    }
    let bytes = fs::read(folder.join(AUDIT_KEY)).map_err(|error| {
        let hint = "a backup has it sealed: restore it first";
        StoreError::Folder(format!("cannot read {AUDIT_KEY}: {error}; hint: {hint}"))
    })?;
    bytes.try_into().map_err(|_| StoreError::Damaged(format!("{AUDIT_KEY} is not 32 bytes")))
}
