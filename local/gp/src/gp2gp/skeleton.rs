//! An extract that is too large for a message goes as an attachment, compressed; a skeleton that
//! refers to it goes in its place.

use std::io::{Read, Write};

use base::limit::GP2GP_EXTRACT_BYTES_MAX;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::attach::Going;
use super::{Reason, id_of};
use crate::document::{Document, FILES};
use crate::system::System;

/// What the description of such an attachment says.
pub(super) const SKELETON: &str = "X-GP2GP-Skeleton: Yes";

/// Writes the extract of a message to a file, compressed: the document that it is, and how it
/// goes.
///
/// # Errors
/// When it is too large even so, or cannot be written.
pub(super) async fn compressed(
    system: &System,
    message: &str,
    at: &str,
    extract: String,
) -> Result<(Document, Going), Reason> {
    let id = id_of(&["skeleton", message]);
    if extract.len() > GP2GP_EXTRACT_BYTES_MAX {
        return Err(Reason::NotGenerated);
    }
    let content = move |to: &mut dyn Write| {
        let mut encoder = GzEncoder::new(to, Compression::default());
        encoder.write_all(extract.as_bytes())?;
        encoder.finish().map(drop)
    };
    let written = system.desk.folder.put_file(FILES, &id, content).await;
    let written = written.map_err(|_| Reason::NotGenerated)?;
    let document = Document {
        name: format!("{id}_extract.xml.gz"),
        content_type: "text/xml".to_owned(),
        at: at.to_owned(),
        file: id.clone(),
        id,
        ..Document::default()
    };
    let document = document.holding(written);
    let going = Going { skeleton: true, ..Going::from(&document) };
    Ok((document, going))
}

/// Forgets the file of a message that needs it no more, if it had one.
///
/// # Errors
/// When it cannot be removed.
pub(super) async fn forget(system: &System, message: &str) -> std::io::Result<()> {
    system.desk.folder.remove_file(FILES, &id_of(&["skeleton", message])).await
}

/// Reads an extract that came in that way.
///
/// # Errors
/// When it is not compressed as it should be, or too large.
pub(super) async fn expanded(system: &System, file: &str) -> Result<Vec<u8>, Reason> {
    let file = system.desk.folder.open_file(FILES, file).map_err(|_| Reason::NotAssembled)?;
    let work = move || {
        let mut extract = Vec::new();
        let most = GP2GP_EXTRACT_BYTES_MAX as u64 + 1;
        GzDecoder::new(file).take(most).read_to_end(&mut extract).map(|_| extract)
    };
    let read = tokio::task::spawn_blocking(work).await.map_err(|_| Reason::NotAssembled)?;
    let read = read.map_err(|_| Reason::NotAssembled)?;
    if read.len() > GP2GP_EXTRACT_BYTES_MAX { Err(Reason::NotAssembled) } else { Ok(read) }
}
