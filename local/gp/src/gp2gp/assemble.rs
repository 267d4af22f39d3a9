//! The new practice puts together what came in fragments: by the order of the manifests, once all
//! of it is here. Names may repeat, so they do not count.

use std::io::Write;

use base::limit::GP2GP_DOCUMENT_BYTES_MAX;
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

/// Puts one thing together: a document, whose content is in its file then.
///
/// # Errors
/// When it is not what its sender said.
pub(super) async fn assembled(
    system: &System,
    transfer: &Transfer,
    number: usize,
    referred: &Referred,
) -> Result<Document, Reason> {
    let files = transfer.files(referred, 0).ok_or(Reason::AttachmentsMissing)?;
    let conversation = transfer.conversation.to_string();
    let id = match referred.id.as_str() {
        // What has no id gets one that is the same whenever this is done again.
        "" => id_of(&["document", &conversation, &number.to_string()]),
        id => id.to_owned(),
    };
    let of_this = if referred.skeleton {
        id_of(&["skeleton", &conversation])
    } else {
        file_of(&transfer.nhs_number, &id)
    };
    let folder = &system.desk.folder;
    let joined = folder.join_files((FILES, &of_this), PIECES, &files).await;
    let mut written = joined.map_err(|_| Reason::NotAssembled)?;
    if referred.bytes.is_some_and(|bytes| bytes != written.bytes) {
        return Err(Reason::NotAssembled);
    }
    if referred.compressed && !referred.skeleton {
        let file = folder.open_file(FILES, &of_this).map_err(|_| Reason::NotAssembled)?;
        let expand = move |to: &mut dyn Write| {
            let mut content = std::io::Read::take(GzDecoder::new(file), GP2GP_DOCUMENT_BYTES_MAX);
            std::io::copy(&mut content, to).map(drop)
        };
        let expanded = folder.put_file(FILES, &of_this, expand).await;
        written = expanded.map_err(|_| Reason::NotAssembled)?;
    }
    let document = Document {
        id,
        file: of_this,
        name: referred.name.clone(),
        content_type: referred.content_type.clone(),
        ..Document::default()
    };
    Ok(document.holding(written))
}
