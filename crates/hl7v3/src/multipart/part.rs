//! A part: what its headers say of it, and its body as it travels.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Refused;

/// How long the lines of an encoded body are, in characters (RFC 2045 6.8).
const LINE: usize = 76;
/// How much of a body is decoded at once, in characters.
const PIECE: usize = 16 * 1024;
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How the body of a part is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As it is: `7bit`, `8bit` and `binary` are the same to us.
    #[default]
    Plain,
    /// In base64.
    Base64,
}

/// What the headers of a part say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Its identifier, without brackets; empty when it has none.
    pub id: String,
    /// Its media type, with parameters; empty when that is not said.
    pub media_type: String,
    /// How its body is written.
    pub encoding: Encoding,
}

/// A part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What its headers say.
    pub head: Head,
    /// Its body, as it travels.
    pub body: Vec<u8>,
}

impl Encoding {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "" | "7bit" | "8bit" | "binary" => Some(Self::Plain),
            "base64" => Some(Self::Base64),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "8bit",
            Self::Base64 => "base64",
        }
    }
}

impl Head {
    /// Whether the media type is one of XML.
    pub fn is_xml(&self) -> bool {
        let kind = self.media_type.split(';').next().unwrap_or_default().trim();
        ["text/xml", "application/xml"].iter().any(|known| kind.eq_ignore_ascii_case(known))
    }

    /// Whether the part has this identifier. Brackets do not count.
    pub fn is(&self, id: &str) -> bool {
        !self.id.is_empty() && self.id == bare(id)
    }
}

impl Part {
    /// A part that is sent as it is.
    pub fn plain(id: &str, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let head = Head {
            id: bare(id).to_owned(),
            media_type: media_type.to_owned(),
            encoding: Encoding::Plain,
        };
        Self { head, body: body.into() }
    }

    /// A part that is sent in base64.
    pub fn base64(id: &str, media_type: &str, content: &[u8]) -> Self {
        let lines = content.chunks(LINE / 4 * 3);
        // Large ones are made in one place, without copies.
        let mut body = String::with_capacity(lines.len() * (LINE + 2));
        for line in lines {
            if !body.is_empty() {
                body.push_str("\r\n");
            }
            BASE64.encode_string(line, &mut body);
        }
        let part = Self::plain(id, media_type, body);
        Self { head: Head { encoding: Encoding::Base64, ..part.head }, ..part }
    }

    /// Its content: the body without its encoding.
    ///
    /// # Errors
    /// [`Refused::Encoding`] when the body is not encoded as its headers say.
    pub fn content(&self) -> Result<Cow<'_, [u8]>, Refused> {
        if self.head.encoding == Encoding::Plain {
            return Ok(Cow::Borrowed(&self.body));
        }
        decoded(&self.body).map(Cow::Owned)
    }
}

/// Decodes base64 piece by piece: a large body is in memory once, beside its content.
fn decoded(body: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut content = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let mut held = Vec::with_capacity(PIECE + 4);
    for piece in body.chunks(PIECE) {
        held.extend(piece.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
        // The last group may be the end, which alone may have padding.
        let whole = held.len().saturating_sub(1) / 4 * 4;
        let taken = held.get(..whole).unwrap_or_default();
        if taken.contains(&b'=') {
            return Err(Refused::Encoding);
        }
        BASE64.decode_vec(taken, &mut content).map_err(|_| Refused::Encoding)?;
        held.drain(..whole);
    }
    BASE64.decode_vec(&held, &mut content).map_err(|_| Refused::Encoding)?;
    Ok(content)
}

/// An identifier without angle brackets.
pub(super) fn bare(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id)
}
