//! The certificates of the demonstration's systems, made the first time.

use std::path::{Path, PathBuf};

use base::Dice;
use serde_json::{Value, json};
use store::{Store, Transaction};

use super::{ORGANISATION, SYSTEM, private_file};
use crate::authority::Authority;
use crate::local::LOCALS;
use crate::model;

/// A demonstration does not end because a certificate does: a hundred years, in days.
const DAYS: u32 = 36_500;
/// The system that is no local system's.
const NAME: &str = "demo-system";

/// Each system: its name, its accredited system id and its organisation.
fn systems() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let locals = LOCALS.iter().map(|local| (local.name, local.system, local.organisation));
    std::iter::once((NAME, SYSTEM, ORGANISATION)).chain(locals)
}

/// Where the certificate of a system is, and its key.
pub(crate) fn files(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let folder = folder.join("demo").join("certificates");
    (folder.join(format!("{name}.pem")), folder.join(format!("{name}-key.pem")))
}

/// The common name of a system's certificate, which serves a mailbox client as well.
fn common_name(name: &str, organisation: &str) -> String {
    format!("{name}.{}.api.mesh-client.nhs.uk", organisation.to_ascii_lowercase())
}

/// Makes and registers the certificates that are not there yet.
///
/// # Errors
/// When one cannot be made or written, or the store fails.
pub(crate) async fn register(folder: &Path, store: &Store) -> Result<(), String> {
    let missing: Vec<_> = systems().filter(|(name, ..)| !files(folder, name).1.exists()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let authority = Authority::open(folder)?;
    let mut transaction = Transaction::new();
    for (name, system, organisation) in missing {
        let issued = authority.issue(&common_name(name, organisation), DAYS, &Dice::System)?;
        let (file, key) = files(folder, name);
        private_file(&file, &issued.certificate)?;
        // The key is written last: where it is, all is.
        private_file(&key, &issued.key)?;
        transaction = transaction.record(model::issued(&issued.read, system, name).record());
    }
    store.commit(transaction).await.map_err(|error| error.to_string())
}

/// The rows of `credentials.json`.
pub(super) fn published(folder: &Path) -> Vec<Value> {
    let absolute = |path: PathBuf| {
        let path = std::path::absolute(&path).unwrap_or(path);
        path.to_string_lossy().into_owned()
    };
    let row = |(name, system, organisation): (&str, &str, &str)| {
        let (file, key) = files(folder, name);
        json!({
            "name": name,
            "common_name": common_name(name, organisation),
            "organisation": organisation,
            "system": system,
            "certificate_file": absolute(file),
            "key_file": absolute(key),
            "authority_file": absolute(folder.join("demo").join("ca.pem")),
        })
    };
    systems().map(row).collect()
}
