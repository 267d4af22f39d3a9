//! The store of a local system: a folder, with one JSON file for each record.
//!
//! A record is written beside its place and put there in one step, once it is on the disk: a
//! reader finds the old one or the new one, whenever the power goes.

mod files;

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base::limit::{LOCAL_RECORD_NAME_BYTES_MAX, LOCAL_RECORDS_MAX};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use files::Written;

/// What may stand in the name of a file as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// A folder of records. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at a path, made when there is none; only its owner may look inside.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: &Path) -> Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Keeps a record, in the place of an older one of the same name. It is on the disk when this
    /// returns.
    ///
    /// # Errors
    /// When it cannot be written; `StorageFull` when there are too many of the kind.
    pub async fn put(&self, kind: &'static str, id: &str, record: &impl Serialize) -> Result<()> {
        let place = self.place(kind, id, "json")?;
        let text = serde_json::to_vec_pretty(record)?;
        blocking(move || write(&place, &text)).await
    }

    /// The record of a name.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub async fn get<R: DeserializeOwned>(
        &self,
        kind: &'static str,
        id: &str,
    ) -> Result<Option<R>> {
        let place = self.place(kind, id, "json")?;
        let text = blocking(move || match fs::read(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        });
        let text = text.await?;
        Ok(text.map(|text| serde_json::from_slice(&text)).transpose()?)
    }

    /// All records of a kind, in no order that matters.
    ///
    /// # Errors
    /// When one cannot be read, or is damaged.
    pub async fn all<R: DeserializeOwned>(&self, kind: &'static str) -> Result<Vec<R>> {
        let place = self.path.join(kind);
        let texts =
            blocking(move || files(&place)?.iter().map(fs::read).collect::<Result<Vec<_>>>());
        let texts = texts.await?;
        Ok(texts
            .iter()
            .map(|text| serde_json::from_slice(text))
            .collect::<std::result::Result<_, _>>()?)
    }

    /// Forgets a record. One that is not there is no mistake.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove(&self, kind: &'static str, id: &str) -> Result<()> {
        let place = self.place(kind, id, "json")?;
        blocking(move || removed(&place)).await
    }

    /// Makes room for another record of a kind: where there are as many as there may be, the oldest
    /// quarter of them goes. For records that only say that something was here before.
    ///
    /// # Errors
    /// When the folder cannot be read, or one cannot be removed.
    pub async fn make_room(&self, kind: &'static str) -> Result<()> {
        let place = self.path.join(kind);
        blocking(move || {
            let all = files(&place)?;
            if all.len() < LOCAL_RECORDS_MAX {
                return Ok(());
            }
            let aged = all.into_iter().map(|file| Ok((fs::metadata(&file)?.modified()?, file)));
            let mut aged = aged.collect::<Result<Vec<_>>>()?;
            aged.sort_unstable();
            aged.iter().take(LOCAL_RECORDS_MAX / 4).try_for_each(|(_, file)| removed(file))
        })
        .await
    }

    /// Where a record is. Names come from strangers: what could lead out of the folder is written
    /// in another way.
    fn place(&self, kind: &'static str, id: &str, extension: &str) -> Result<PathBuf> {
        let name = utf8_percent_encode(id, PLAIN).to_string();
        if name.is_empty() || name.len() > LOCAL_RECORD_NAME_BYTES_MAX {
            return Err(Error::new(ErrorKind::InvalidInput, "no record can have that name"));
        }
        Ok(self.path.join(kind).join(format!("{name}.{extension}")))
    }
}

/// Forgets a file. One that is not there is no mistake.
fn removed(place: &Path) -> Result<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn write(place: &Path, text: &[u8]) -> Result<()> {
    let folder = parent(place)?;
    if !place.exists() && files(folder)?.len() >= LOCAL_RECORDS_MAX {
        return Err(Error::new(ErrorKind::StorageFull, "there are too many records"));
    }
    let (mut file, beside) = begun(place)?;
    file.write_all(text)?;
    finished(&file, &beside, place)
}

/// The folder that a file is in, made when there is none.
fn parent(place: &Path) -> Result<&Path> {
    let folder = place.parent().ok_or(ErrorKind::InvalidInput)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    Ok(folder)
}

/// A new file beside a place.
fn begun(place: &Path) -> Result<(File, PathBuf)> {
    let beside = place.with_extension("unfinished");
    let file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    Ok((file, beside))
}

/// Puts a file that is whole in its place.
fn finished(file: &File, beside: &Path, place: &Path) -> Result<()> {
    file.sync_all()?;
    fs::rename(beside, place)?;
    File::open(place.parent().ok_or(ErrorKind::InvalidInput)?)?.sync_all()
}

/// The whole records in a folder; none when there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>>>()?;
    let whole = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "json");
    Ok(paths.into_iter().filter(whole).collect())
}

/// Waits for the disk where nobody else has to wait as well.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::other)?
}

#[cfg(test)]
mod tests;
