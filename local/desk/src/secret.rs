//! What people prove themselves with at the control door of a system: made at its first start.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Result, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base::{Dice, Secret};

/// The secret of the system whose folder this is.
///
/// # Errors
/// When it can be neither read nor made.
pub(crate) fn control_secret(folder: &Path, dice: &Dice) -> Result<Secret<String>> {
    let place = folder.join("control.secret");
    match fs::read_to_string(&place) {
        Ok(secret) if !secret.is_empty() => return Ok(Secret::new(secret)),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let secret = format!("{:016x}{:016x}", dice.bits(), dice.bits());
    let beside = place.with_extension("unfinished");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, &place)?;
    Ok(Secret::new(secret))
}
