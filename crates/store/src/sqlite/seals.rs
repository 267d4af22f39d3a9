//! The file of checkpoints beside the database: a line each, only ever added to. Another program
//! may copy it elsewhere as it grows.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::audit::checkpoint::Checkpoint;
use crate::disk::sync_folder;
use crate::error::StoreError;

/// The file of checkpoints, within the data folder.
pub(super) const FILE: &str = "audit/checkpoints.jsonl";

/// How much of the end of the file is looked at for its last line: several times a line.
const LINE_BYTES_MAX: u64 = 4096;

/// Adds a checkpoint, and returns when it is on disk.
pub(super) fn append(folder: &Path, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    let path = folder.join(FILE);
    let new = !path.exists();
    if new && let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
        sync_folder(folder)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    file.write_all(format!("{}\n", checkpoint.to_line()).as_bytes())?;
    file.sync_all()?;
    match path.parent() {
        Some(parent) if new => sync_folder(parent),
        _ => Ok(()),
    }
}

/// Takes away the beginning of a line that a power cut left at the end. It was never relied on:
/// a checkpoint counts once it is on disk.
pub(super) fn mend(folder: &Path) -> Result<(), StoreError> {
    let Some((mut file, end)) = end_of_file(folder)? else { return Ok(()) };
    let torn = end.rsplit(|byte| *byte == b'\n').next().unwrap_or_default().len() as u64;
    if torn > 0 {
        let whole = file.seek(SeekFrom::End(0))?.saturating_sub(torn);
        let file = OpenOptions::new().write(true).open(folder.join(FILE))?;
        file.set_len(whole)?;
        file.sync_all()?;
        tracing::warn!("the last checkpoint of the audit chain was not whole: taken away");
    }
    Ok(())
}

/// The last checkpoint in the file, if there is one.
pub(super) fn newest_in_file(folder: &Path) -> Result<Option<Checkpoint>, StoreError> {
    let Some((_, end)) = end_of_file(folder)? else { return Ok(None) };
    let whole = end.iter().rposition(|byte| *byte == b'\n').and_then(|last| end.get(..last));
    let Some(line) = whole.and_then(|lines| lines.rsplit(|byte| *byte == b'\n').next()) else {
        return Ok(None);
    };
    Checkpoint::from_line(&String::from_utf8_lossy(line)).map(Some)
}

/// The file, and the last bytes of it.
fn end_of_file(folder: &Path) -> Result<Option<(File, Vec<u8>)>, StoreError> {
    let mut file = match File::open(folder.join(FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(LINE_BYTES_MAX)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    Ok(Some((file, end)))
}

/// Every whole line of the file; none when there is no file.
pub(super) fn lines(folder: &Path) -> Result<Vec<String>, StoreError> {
    let bytes = match fs::read(folder.join(FILE)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let text = String::from_utf8_lossy(bytes.get(..whole).unwrap_or_default()).into_owned();
    Ok(text.lines().map(str::to_owned).collect())
}

/// Copies the checkpoints that a copied chain is long enough for: later ones are of lines that
/// came after it was copied.
pub(super) fn copy(from: &Path, to: &Path, count: u64) -> Result<(), StoreError> {
    // A line that cannot be read is copied too: the copy is to be no better than the original.
    let fits = |line: &&String| {
        Checkpoint::from_line(line).map_or(true, |checkpoint| checkpoint.count <= count)
    };
    let kept: String = lines(from)?.iter().filter(fits).flat_map(|line| [line, "\n"]).collect();
    if kept.is_empty() {
        return Ok(());
    }
    let path = to.join(FILE);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, kept)?;
    sync(to)
}

/// Syncs the file and its folder, if they are there.
pub(super) fn sync(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join(FILE);
    if path.exists() {
        File::open(&path)?.sync_all()?;
        path.parent().map_or(Ok(()), sync_folder)?;
    }
    Ok(())
}
