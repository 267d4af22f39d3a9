//! What a manifest refers to.

use percent_encoding::percent_decode_str;

/// Something that travels with a message, or as a message of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// Where it is: see [`Reference::place`].
    pub href: String,
    /// Its id within the manifest; empty when it has none. Senders write ids that are no `xs:ID`.
    pub id: String,
    /// What it is described by.
    pub schema: Option<Schema>,
    /// What it is, for people and, of an attachment, for programs: see
    /// [`Attachment`](super::Attachment).
    pub description: String,
    /// Whether it is marked as an HL7 message.
    pub hl7: bool,
}

/// The schema of a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Where it is, a URI.
    pub location: String,
    /// Its version; empty when that is not said.
    pub version: String,
}

/// Where something is that a manifest refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A part of the same body, by its identifier.
    Part(String),
    /// A message of its own, by its identifier.
    Message(String),
    /// Somewhere else.
    Elsewhere,
}

impl Reference {
    /// A reference to a part of the same body.
    pub fn to_part(id: &str) -> Self {
        Self { href: format!("cid:{id}"), ..Self::default() }
    }

    /// A reference to a message of its own.
    pub fn to_message(id: &str) -> Self {
        Self { href: format!("mid:{id}"), ..Self::default() }
    }

    /// Where it is (RFC 2392).
    pub fn place(&self) -> Place {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        match self.href.split_once(':') {
            Some((scheme, id)) if scheme.eq_ignore_ascii_case("cid") => Place::Part(decoded(id)),
            Some((scheme, id)) if scheme.eq_ignore_ascii_case("mid") => Place::Message(decoded(id)),
            _ => Place::Elsewhere,
        }
    }
}
