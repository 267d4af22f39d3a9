//! What a process and a folder take up.

use std::fs;
use std::path::Path;

/// The memory that a process holds, in bytes.
pub(crate) fn memory_bytes(process: u32) -> Result<u64, String> {
    of_status(process, "VmRSS:")
}

/// The most memory that a process ever held, in bytes.
pub(crate) fn memory_most_bytes(process: u32) -> Result<u64, String> {
    of_status(process, "VmHWM:")
}

fn of_status(process: u32, name: &str) -> Result<u64, String> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    bytes_in(&status, name).ok_or_else(|| format!("{path} has no {name}"))
}

fn bytes_in(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// What the files of a folder hold, in bytes.
pub(crate) fn disk_bytes(folder: &Path) -> Result<u64, String> {
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    let mut sum = 0;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let about = entry.metadata().map_err(failed)?;
        sum += if about.is_dir() { disk_bytes(&entry.path())? } else { about.len() };
    }
    Ok(sum)
}

#[cfg(test)]
mod tests;
