//! A whole message: the header, the HL7 payload and the attachments, as parts of one body.

use super::{Content, Message, Place, Refused, read, write};
use crate::multipart::{self, ContentType, Part};

/// The media type of a header and of a signal.
const XML: &str = "text/xml; charset=UTF-8";

/// A message with everything that travels with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The message.
    pub message: Message,
    /// What travels with it, in the order of the manifest: the payload first.
    pub parts: Vec<Part>,
}

/// Why some bytes are no such message. It never says what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// They are no body of parts.
    Parts(multipart::Refused),
    /// The first part is no ebXML message.
    Header(Refused),
    /// The manifest names a part that is not there, or none that could be the payload.
    PartMissing,
    /// The payload is no XML.
    Payload,
}

impl From<multipart::Refused> for Malformed {
    fn from(refused: multipart::Refused) -> Self {
        Self::Parts(refused)
    }
}

impl From<Refused> for Malformed {
    fn from(refused: Refused) -> Self {
        Self::Header(refused)
    }
}

impl Package {
    /// A message of which nothing travels beside it: a signal.
    pub fn alone(message: Message) -> Self {
        Self { message, parts: Vec::new() }
    }

    /// The HL7 payload; nothing when it is a signal.
    pub fn payload(&self) -> Option<&Part> {
        self.parts.first()
    }

    /// What travels beside the payload.
    pub fn attachments(&self) -> &[Part] {
        self.parts.get(1..).unwrap_or_default()
    }

    /// Reads a body by the content type of the request that brought it. A signal may come alone,
    /// as XML.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(content_type: &str, body: &[u8]) -> Result<Self, Malformed> {
        let Ok(related) = ContentType::parse(content_type) else {
            let kind = content_type.split(';').next().unwrap_or_default().trim();
            if !kind.eq_ignore_ascii_case("text/xml") {
                return Err(Malformed::Parts(multipart::Refused::ContentType));
            }
            let message = read(body)?;
            let alone = message.is_signal();
            return if alone { Ok(Self::alone(message)) } else { Err(Malformed::PartMissing) };
        };
        let mut parts = multipart::read(&related, body)?.into_iter();
        let header = parts.next().ok_or(Malformed::PartMissing)?;
        let message = read(&header.content()?)?;
        let mut package = Self { parts: parts.collect(), message };
        package.order()?;
        Ok(package)
    }

    /// Puts the parts in the order of the manifest, and leaves out what it does not name.
    fn order(&mut self) -> Result<(), Malformed> {
        let Content::Manifest(references) = &self.message.content else {
            self.parts.clear();
            return Ok(());
        };
        let mut named = Vec::new();
        for reference in references {
            let Place::Part(id) = reference.place() else { continue };
            let at = self.parts.iter().position(|part| part.head.is(&id));
            named.push(self.parts.remove(at.ok_or(Malformed::PartMissing)?));
        }
        self.parts = named;
        let payload = self.parts.first().ok_or(Malformed::PartMissing)?;
        let plain = payload.head.encoding == multipart::Encoding::Plain;
        if payload.head.is_xml() && plain { Ok(()) } else { Err(Malformed::Payload) }
    }

    /// Writes it as the body of a request of this type, the header under the identifier that the
    /// type says to begin with. Returns the value of the header `Content-Type` as well.
    ///
    /// # Errors
    /// What of it cannot be written.
    pub fn write(&self, content_type: &ContentType) -> Result<(String, Vec<u8>), Malformed> {
        let header = write(&self.message)?;
        if self.message.is_signal() {
            return Ok((XML.to_owned(), header.into_bytes()));
        }
        let mut parts = vec![Part::plain(&content_type.start, XML, header)];
        parts.extend(self.parts.iter().cloned());
        Ok((content_type.to_string(), multipart::write(content_type, &parts)?))
    }
}
