//! The files of the ledger: `spent/<hour>`, named after the hour since 1970 in which they were
//! begun. They are only ever added to, and go as a whole.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::record::{RECORD_BYTES, Record};
use crate::check::Report;
use crate::disk::sync_folder;
use crate::error::StoreError;

/// The folder of the files, within the data folder.
const SPENT: &str = "spent";

/// The files of the ledger, as the one who writes them sees them.
#[derive(Debug)]
pub(super) struct Files {
    path: PathBuf,
    /// Each file, and the last hour that it tells of.
    until_hour: BTreeMap<u32, u32>,
    open: Option<Open>,
}

/// The file that is added to.
#[derive(Debug)]
struct Open {
    hour: u32,
    file: File,
    bytes: u64,
}

impl Files {
    /// Reads the files of a data folder: each record that is whole is visited, in order. Files
    /// that tell of nothing any more are removed.
    pub(super) fn load(
        data: &Path,
        now_hour: u32,
        visit: &mut dyn FnMut(&Record),
    ) -> Result<Self, StoreError> {
        let path = data.join(SPENT);
        let mut files = Self { path, until_hour: BTreeMap::new(), open: None };
        for hour in hours(&files.path)? {
            let (mut last, mut damaged) = (0, 0_u64);
            for record in records(&fs::read(files.file(hour))?) {
                match record {
                    Some(record) => {
                        last = last.max(record.until_hour);
                        visit(&record);
                    }
                    None => damaged += 1,
                }
            }
            if damaged > 0 {
                tracing::error!(hour, damaged, "records of single use are damaged: run a check");
            }
            files.until_hour.insert(hour, last);
        }
        files.remove_over(now_hour)?;
        Ok(files)
    }

    /// Adds records and syncs.
    ///
    /// # Errors
    /// [`StoreError::Full`] when nothing was added; after any other nobody knows.
    pub(super) fn append(&mut self, records: &[Record], now_hour: u32) -> Result<(), StoreError> {
        let bytes: Vec<u8> = records.iter().flat_map(Record::encode).collect();
        self.open_for(now_hour)?;
        let Some(open) = &mut self.open else { return Err(StoreError::Stopped) };
        if let Err(error) = open.file.write_all(&bytes) {
            open.file.set_len(open.bytes)?;
            return Err(error.into());
        }
        open.file.sync_data()?;
        open.bytes += bytes.len() as u64;
        let last = records.iter().map(|record| record.until_hour).max().unwrap_or_default();
        let known = self.until_hour.entry(open.hour).or_default();
        *known = last.max(*known);
        Ok(())
    }

    /// Opens the file of an hour; of a later one, should the clock have gone back.
    fn open_for(&mut self, now_hour: u32) -> Result<(), StoreError> {
        let last = self.until_hour.keys().next_back().copied().unwrap_or_default();
        let hour = now_hour.max(last);
        if self.open.as_ref().is_none_or(|open| open.hour != hour) {
            self.remove_over(now_hour)?;
            self.open = Some(self.begin(hour)?);
        }
        Ok(())
    }

    /// Opens the file of an hour, making it when there is none. What a sudden end has left of a
    /// record is cut off.
    fn begin(&self, hour: u32) -> Result<Open, StoreError> {
        fs::create_dir_all(&self.path)?;
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.file(hour))?;
        let length = file.metadata()?.len();
        let bytes = length - length % RECORD_BYTES as u64;
        if bytes < length {
            file.set_len(bytes)?;
        }
        file.sync_all()?;
        sync_folder(&self.path)?;
        self.path.parent().map_or(Ok(()), sync_folder)?;
        Ok(Open { hour, file, bytes })
    }

    fn remove_over(&mut self, now_hour: u32) -> Result<(), StoreError> {
        let over = |until: &u32| *until < now_hour;
        for (hour, _) in self.until_hour.iter().filter(|(_, until)| over(until)) {
            remove(&self.file(*hour))?;
        }
        self.until_hour.retain(|_, until| !over(until));
        Ok(())
    }

    fn file(&self, hour: u32) -> PathBuf {
        self.path.join(hour.to_string())
    }
}

/// Looks at every record of a data folder.
pub(crate) fn check(data: &Path, report: &mut Report) -> Result<(), StoreError> {
    let path = data.join(SPENT);
    for hour in hours(&path)? {
        // A file that is over may go at any time.
        let Some(bytes) = read(&path.join(hour.to_string()))? else { continue };
        for (place, record) in records(&bytes).enumerate() {
            report.spent += 1;
            if record.is_none() {
                report.problem(format!("single use: record {place} of {SPENT}/{hour} is damaged"));
            }
        }
    }
    Ok(())
}

/// Copies the files of a data folder into another, as they stand. One that is being added to may
/// end within a record.
pub(crate) fn copy(data: &Path, to: &Path) -> Result<(), StoreError> {
    let (from, to) = (data.join(SPENT), to.join(SPENT));
    let hours = hours(&from)?;
    if hours.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(&to)?;
    for hour in hours {
        let name = hour.to_string();
        let Some(bytes) = read(&from.join(&name))? else { continue };
        crate::disk::write_secret(&to.join(&name), &bytes)?;
    }
    sync_folder(&to)
}

/// Moves the files of a data folder into another that has none.
pub(crate) fn move_to(data: &Path, to: &Path) -> Result<(), StoreError> {
    if data.join(SPENT).exists() {
        fs::rename(data.join(SPENT), to.join(SPENT))?;
        sync_folder(to)?;
    }
    Ok(())
}

/// The hours that there are files of, in order.
fn hours(path: &Path) -> Result<Vec<u32>, StoreError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut hours = Vec::new();
    for entry in entries {
        hours.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    hours.sort_unstable();
    Ok(hours)
}

/// The records in the bytes of a file; nothing for one that is damaged. What a sudden end left at
/// the end of the file, which nobody was told of, is none.
fn records(bytes: &[u8]) -> impl Iterator<Item = Option<Record>> {
    let (mut records, _torn) = bytes.as_chunks::<RECORD_BYTES>();
    while let Some((last, rest)) = records.split_last()
        && *last == [0; RECORD_BYTES]
    {
        records = rest;
    }
    records.iter().map(Record::decode)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
