//! What goes with an extract: in its own message while there is room, else in messages of their
//! own.

use hl7v3::ebxml::Attachment;
use serde::{Deserialize, Serialize};

use super::envelope::{AROUND_BYTES, AROUND_EACH_BYTES, content_bytes_max, encoded_bytes};
use super::id_of;
use super::skeleton::SKELETON;
use crate::document::Document;
use crate::outbox::{Attached, Slice};

/// The most attachments of one message.
const ATTACHMENTS_MAX: usize = 98;

/// A document on its way. Its file does not change.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Going {
    /// The id of the document.
    pub(crate) document: String,
    /// Its file here.
    pub(crate) file: String,
    /// The name of its file.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) content_type: String,
    /// How long it is, in bytes.
    pub(crate) bytes: u64,
    /// Whether it is the extract itself, compressed.
    pub(crate) skeleton: bool,
}

impl From<&Document> for Going {
    fn from(document: &Document) -> Self {
        Self {
            document: document.id.clone(),
            file: document.file.clone(),
            name: document.name.clone(),
            content_type: document.content_type.clone(),
            bytes: document.bytes,
            skeleton: false,
        }
    }
}

impl Going {
    /// The id of the message that it goes in, within a conversation.
    pub(super) fn message(&self, conversation: &str) -> String {
        id_of(&["fragment", conversation, &self.document])
    }

    /// In how many messages of at most so many bytes it goes: one, or an index and the fragments.
    pub(super) fn messages(&self, message_bytes_max: usize) -> usize {
        let pieces = self.bytes.div_ceil(content_bytes_max(message_bytes_max));
        usize::try_from(pieces).map_or(usize::MAX, |pieces| if pieces > 1 { pieces + 1 } else { 1 })
    }

    /// What is said about it.
    pub(super) fn description(&self, message_bytes_max: usize) -> String {
        let attachment = Attachment {
            filename: self.name.clone(),
            content_type: self.content_type.clone(),
            compressed: self.skeleton,
            large: self.messages(message_bytes_max) > 1,
            original_base64: false,
            length: Some(self.bytes),
            domain_data: self.skeleton.then(|| SKELETON.to_owned()),
        };
        attachment.to_string()
    }

    /// It whole, in the message that refers to it.
    pub(super) fn inside(&self, description: String) -> Attached {
        let slice = Slice { file: self.file.clone(), from: 0, bytes: self.bytes };
        Attached {
            id: format!("attachment-{}", self.document),
            document: self.document.clone(),
            description,
            content: Some(slice),
        }
    }
}

/// What an extract refers to, and what of that goes in messages of its own.
pub(super) fn attach(
    conversation: &str,
    going: Vec<Going>,
    payload_bytes: usize,
    message_bytes_max: usize,
) -> (Vec<Attached>, Vec<Going>) {
    let mut room = message_bytes_max.saturating_sub(payload_bytes + AROUND_BYTES) as u64;
    room = room.saturating_sub((going.len() * AROUND_EACH_BYTES) as u64);
    let (mut attached, mut apart, mut inside) = (Vec::new(), Vec::new(), 0);
    for one in going {
        let (bytes, description) = (encoded_bytes(one.bytes), one.description(message_bytes_max));
        if bytes <= room && inside < ATTACHMENTS_MAX {
            room -= bytes;
            inside += 1;
            attached.push(one.inside(description));
        } else {
            attached.push(Attached {
                id: one.message(conversation),
                document: one.document.clone(),
                description,
                content: None,
            });
            apart.push(one);
        }
    }
    (attached, apart)
}
