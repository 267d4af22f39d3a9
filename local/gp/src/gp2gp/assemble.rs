//! The new practice puts together what came in fragments: by the order of the manifests, once all
//! of it is here. Names may repeat, so they do not count.

use std::fs::File;
use std::io::{Read, Write};

use flate2::read::GzDecoder;

use super::Reason;
use super::gather::{At, PIECES, Referred};
use super::id_of;
use crate::document::{Document, FILES, file_of};
use crate::system::System;
use crate::transfer::Transfer;

/// How deep indexes may refer to others.
const DEPTH_MAX: usize = 3;

impl Transfer {
    /// The files that hold something, in order; nothing when one is not here yet.
    fn files(&self, referred: &Referred, depth: usize) -> Option<Vec<String>> {
        match &referred.at {
            At::Here(file) => Some(vec![file.clone()]),
            At::Apart(_) if depth == DEPTH_MAX => None,
            At::Apart(message) => {
                let inner = self.came.get(message)?.iter();
                let files: Option<Vec<_>> =
                    inner.map(|referred| self.files(referred, depth + 1)).collect();
                files.map(|files| files.concat())
            }
        }
    }

    /// Whether all is here that the extract came with.
    pub(super) fn is_whole(&self) -> bool {
        self.manifest.iter().all(|referred| self.files(referred, 0).is_some())
    }

    /// How many messages it takes beside the extract, as far as is known, and how many came.
    pub(super) fn count(&self) -> (usize, usize) {
        let all = self.manifest.iter().chain(self.came.values().flatten());
        let apart = all.filter(|referred| matches!(referred.at, At::Apart(_))).count();
        (apart.max(self.came.len()), self.came.len())
    }

    /// Forgets the pieces that came.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub(super) async fn forget_pieces(&self, system: &System) -> std::io::Result<()> {
        for referred in self.manifest.iter().chain(self.came.values().flatten()) {
            if let At::Here(file) = &referred.at {
                system.desk.folder.remove_file(PIECES, file).await?;
            }
        }
        Ok(())
    }
}

/// The document that something is to become: what is said of it, and the file that will hold it.
pub(super) fn planned(transfer: &Transfer, number: usize, referred: &Referred) -> Document {
    let conversation = transfer.conversation.to_string();
    let id = match referred.id.as_str() {
        // What has no id gets one that is the same whenever this is done again.
        "" => id_of(&["document", &conversation, &number.to_string()]),
        id => id.to_owned(),
    };
    let file = if referred.skeleton {
        id_of(&["skeleton", &conversation])
    } else {
        file_of(&transfer.nhs_number, &id)
    };
    Document {
        id,
        file,
        name: referred.name.clone(),
        content_type: referred.content_type.clone(),
        ..Document::default()
    }
}

/// Puts a document together that was planned: its content is in its file then.
///
/// # Errors
/// When it is not what its sender said, or more than `most` bytes, as it comes or expanded.
pub(super) async fn assembled(
    system: &System,
    transfer: &Transfer,
    referred: &Referred,
    planned: Document,
    most: u64,
) -> Result<Document, Reason> {
    let files = transfer.files(referred, 0).ok_or(Reason::AttachmentsMissing)?;
    let folder = &system.desk.folder;
    let mut bytes = 0;
    for file in &files {
        bytes += folder.file_bytes(PIECES, file).await.ok().flatten().unwrap_or_default();
    }
    if bytes > most || referred.bytes.is_some_and(|said| said != bytes) {
        return Err(Reason::NotAssembled);
    }
    let joined = folder.join_files((FILES, &planned.file), PIECES, &files).await;
    let mut written = joined.map_err(|_| Reason::NotAssembled)?;
    if referred.compressed && !referred.skeleton {
        let file = folder.open_file(FILES, &planned.file).map_err(|_| Reason::NotAssembled)?;
        let expanded =
            folder.put_file(FILES, &planned.file, move |to| expand(file, to, most)).await;
        written = expanded.map_err(|_| Reason::NotAssembled)?;
    }
    Ok(planned.holding(written))
}

/// Expands a file. What is cut off is not the document, so more than `most` is an error.
fn expand(file: File, to: &mut dyn Write, most: u64) -> std::io::Result<()> {
    let mut content = GzDecoder::new(file).take(most.saturating_add(1));
    if std::io::copy(&mut content, to)? > most {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn what_expands_to_more_than_may_be_is_no_document() {
        let mut encoder = GzEncoder::new(tempfile::tempfile().unwrap(), Compression::default());
        encoder.write_all(&[7; 1_000]).unwrap();
        let mut file = encoder.finish().unwrap();
        for (most, due) in [(1_000, Some(1_000)), (999, None)] {
            file.rewind().unwrap();
            let mut to = Vec::new();
            let expanded = expand(file.try_clone().unwrap(), &mut to, most);
            assert_eq!(expanded.ok().map(|()| to.len()), due, "{most}");
        }
    }
}
