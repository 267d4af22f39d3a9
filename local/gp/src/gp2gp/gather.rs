//! The new practice gathers what came with a message: what its manifest refers to, and the parts
//! of it that are here.

use hl7v3::ebxml::{Attachment, Content, Package, Place, Reference};
use serde::{Deserialize, Serialize};

use super::Reason;
use super::skeleton::SKELETON;
use super::work::Step;

/// The kind of the files that hold what came, until it is put together.
pub(super) const PIECES: &str = "piece";

/// Something that a message refers to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Referred {
    /// The id that its sender gave it: that of the document, if it is a whole one.
    pub(crate) id: String,
    /// The name of its file.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) content_type: String,
    /// Whether it is compressed.
    pub(crate) compressed: bool,
    /// Whether it is the extract itself.
    pub(crate) skeleton: bool,
    /// How long its sender says that it is, in bytes.
    pub(crate) bytes: Option<u64>,
    /// Where it is.
    pub(crate) at: At,
}

/// Where something is that a message refers to.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum At {
    /// Here, in a file.
    Here(String),
    /// In a message of its own, of this id.
    Apart(String),
}

/// What came with a message.
pub(super) struct Gathered {
    /// What it refers to, in the order of its manifest.
    pub(super) references: Vec<Referred>,
    /// How much of that came with it, in bytes.
    pub(super) bytes: u64,
}

/// Gathers what came with a message, and keeps what of it is here.
///
/// # Errors
/// In the outer place when it cannot be kept; in the inner one when a part is missing or broken.
pub(super) async fn gather(
    step: &Step<'_>,
    package: &Package,
) -> Result<Result<Gathered, Reason>, String> {
    let Content::Manifest(manifest) = &package.message.content else {
        return Ok(Err(Reason::MalformedExtract));
    };
    let mut gathered = Gathered { references: Vec::new(), bytes: 0 };
    let payload = package.payload();
    for (number, reference) in manifest.iter().enumerate() {
        let place = match reference.place() {
            Place::Message(id) => At::Apart(bare(&id)),
            Place::Part(_) => {
                let Some(part) = package.part(reference) else {
                    return Ok(Err(Reason::AttachmentsMissing));
                };
                if payload.is_some_and(|payload| std::ptr::eq(payload, part)) {
                    continue;
                }
                let Ok(content) = part.content() else { return Ok(Err(Reason::NotAssembled)) };
                gathered.bytes += content.len() as u64;
                let (file, content) = (format!("{}-{number}", step.message), content.into_owned());
                let folder = &step.system.desk.folder;
                let kept = folder.put_file(PIECES, &file, move |to| to.write_all(&content));
                kept.await.map_err(Step::failed)?;
                At::Here(file)
            }
            Place::Elsewhere => return Ok(Err(Reason::AttachmentsMissing)),
        };
        gathered.references.push(referred(reference, place));
    }
    Ok(Ok(gathered))
}

/// The id of a message, in capitals and without the name of the host behind it.
fn bare(id: &str) -> String {
    id.split('@').next().unwrap_or_default().to_uppercase()
}

fn referred(reference: &Reference, at: At) -> Referred {
    let said = Attachment::read(&reference.description).unwrap_or_else(|| Attachment {
        filename: reference.description.clone(),
        ..Attachment::default()
    });
    let skeleton = said.domain_data.as_deref().unwrap_or_default().replace(' ', "");
    Referred {
        id: reference.id.trim_start_matches('_').to_uppercase(),
        name: said.filename,
        content_type: said.content_type,
        compressed: said.compressed,
        skeleton: skeleton == SKELETON.replace(' ', ""),
        bytes: said.length,
        at,
    }
}
