//! The new practice gathers what came with a message: what its manifest refers to, and the parts
//! of it that are here.

use std::borrow::Cow;

use base::limit::GP2GP_REFERENCES_MAX;
use hl7v3::ebxml::{Attachment, Content, Package, Place, Reference};
use hl7v3::multipart::Part;
use serde::{Deserialize, Serialize};

use super::skeleton::SKELETON;
use super::work::Step;
use super::{Reason, id_of};

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
/// In the outer place when it cannot be kept; in the inner one when a part is missing or broken, or
/// when it is more than `most` bytes. Nothing of it is kept then.
pub(super) async fn gather(
    step: &Step<'_>,
    package: &Package,
    most: u64,
) -> Result<Result<Gathered, Reason>, String> {
    let found = match found(package, most) {
        Ok(found) => found,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut gathered = Gathered { references: Vec::new(), bytes: 0 };
    // Names that strangers give are no names of files.
    let conversation = step.conversation.to_string();
    let name = id_of(&["piece", &conversation, step.message]);
    for (number, (reference, found)) in found.into_iter().enumerate() {
        let place = match found {
            Found::Apart(id) => At::Apart(id),
            Found::Here(content) => {
                gathered.bytes += content.len() as u64;
                let (file, content) = (format!("{name}-{number}"), content.into_owned());
                let folder = &step.system.desk.folder;
                let kept = folder.put_file(PIECES, &file, move |to| to.write_all(&content));
                kept.await.map_err(Step::failed)?;
                At::Here(file)
            }
        };
        gathered.references.push(referred(reference, place));
    }
    Ok(Ok(gathered))
}

/// Something that a message refers to, before it is kept.
enum Found<'a> {
    Here(Cow<'a, [u8]>),
    Apart(String),
}

/// All that a message refers to but its payload, each part once.
fn found(package: &Package, most: u64) -> Result<Vec<(&Reference, Found<'_>)>, Reason> {
    let Content::Manifest(manifest) = &package.message.content else {
        return Err(Reason::MalformedExtract);
    };
    if manifest.len() > GP2GP_REFERENCES_MAX {
        return Err(Reason::LargeMessage);
    }
    let mut bytes = 0;
    let mut parts: Vec<&Part> = Vec::new();
    let mut all = Vec::new();
    for reference in manifest {
        let found = match reference.place() {
            Place::Message(id) => Found::Apart(bare(&id)),
            Place::Part(_) => {
                let part = package.part(reference).ok_or(Reason::AttachmentsMissing)?;
                if package.payload().is_some_and(|payload| std::ptr::eq(payload, part)) {
                    continue;
                }
                if parts.iter().any(|known| std::ptr::eq(*known, part)) {
                    return Err(Reason::NotAssembled);
                }
                parts.push(part);
                let content = part.content().map_err(|_| Reason::NotAssembled)?;
                bytes += content.len() as u64;
                if bytes > most {
                    return Err(Reason::LargeMessage);
                }
                Found::Here(content)
            }
            Place::Elsewhere => return Err(Reason::AttachmentsMissing),
        };
        all.push((reference, found));
    }
    Ok(all)
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

#[cfg(test)]
mod tests {
    use hl7v3::ebxml::{Header, Message};

    use super::*;

    fn message(references: Vec<Reference>) -> Package {
        let part = |id: &str| Part::plain(id, "text/plain", "12345");
        let content = Content::Manifest(references);
        let message = Message { header: Header::default(), content };
        let payload = Part::plain("payload", "text/xml", "<a/>");
        Package { message, parts: vec![payload, part("a"), part("b")] }
    }

    fn to(ids: &[&str]) -> Package {
        let payload = Reference { hl7: true, ..Reference::to_part("payload") };
        let others = ids.iter().map(|id| Reference::to_part(id));
        message(std::iter::once(payload).chain(others).collect())
    }

    #[test]
    fn each_part_counts_once_and_all_of_them_together() {
        assert_eq!(found(&to(&["a", "b"]), 10).map(|all| all.len()), Ok(2));
        assert_eq!(found(&to(&["a", "b"]), 9).err(), Some(Reason::LargeMessage));
        assert_eq!(found(&to(&["a", "b", "a"]), 99).err(), Some(Reason::NotAssembled));
        assert_eq!(found(&to(&["c"]), 99).err(), Some(Reason::AttachmentsMissing));
        let many = vec!["a"; GP2GP_REFERENCES_MAX];
        assert_eq!(found(&to(&many), 99).err(), Some(Reason::LargeMessage));
    }
}
