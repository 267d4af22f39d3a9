//! A whole message: the header, the HL7 payload and the attachments, as parts of one body.

use super::{Content, Message, Place, Reference, Refused, read, write};
use crate::multipart::{self, ContentType, Head, Part};
use crate::xml;

/// The media type of a header and of a signal.
const XML: &str = "text/xml; charset=UTF-8";

/// A message with everything that travels with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The message.
    pub message: Message,
    /// What travels with it, the payload first.
    pub parts: Vec<Part>,
}

/// Why some bytes are no such message. It never says what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// They are no body of parts.
    Parts(multipart::Refused),
    /// The first part is no ebXML message.
    Header(Refused),
    /// The manifest names no payload, or one that is not there.
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
        Self::read_with(content_type, body, |_| true)
    }

    /// Reads only the message of a body, for whoever passes it on as it came: what travels with it
    /// is there and whole, and not copied.
    ///
    /// # Errors
    /// Why it is none, as [`Package::read`] says.
    pub fn read_message(content_type: &str, body: &[u8]) -> Result<Message, Malformed> {
        Self::read_with(content_type, body, Head::is_xml).map(|package| package.message)
    }

    fn read_with(
        content_type: &str,
        body: &[u8],
        wanted: impl Fn(&Head) -> bool,
    ) -> Result<Self, Malformed> {
        let Ok(related) = ContentType::parse(content_type) else {
            let kind = content_type.split(';').next().unwrap_or_default().trim();
            if !kind.eq_ignore_ascii_case("text/xml") {
                return Err(Malformed::Parts(multipart::Refused::ContentType));
            }
            let message = read(body)?;
            let alone = message.is_signal();
            return if alone { Ok(Self::alone(message)) } else { Err(Malformed::PartMissing) };
        };
        let mut parts = multipart::read_with(&related, body, wanted)?.into_iter();
        let header = parts.next().ok_or(Malformed::PartMissing)?;
        let message = read(&header.content()?)?;
        let mut package = Self { parts: parts.collect(), message };
        package.order()?;
        Ok(package)
    }

    /// Puts the payload first, and sees that it is XML. An attachment may be missing: what that
    /// means is for the receiver to say.
    fn order(&mut self) -> Result<(), Malformed> {
        let Content::Manifest(references) = &self.message.content else {
            self.parts.clear();
            return Ok(());
        };
        let first = references.iter().find_map(|reference| match reference.place() {
            Place::Part(id) => Some(id),
            _ => None,
        });
        let first = first.ok_or(Malformed::PartMissing)?;
        let at = self.parts.iter().position(|part| part.head.is(&first));
        self.parts
            .get_mut(..=at.ok_or(Malformed::PartMissing)?)
            .unwrap_or_default()
            .rotate_right(1);
        let payload = self.parts.first().ok_or(Malformed::PartMissing)?;
        let plain = payload.head.encoding == multipart::Encoding::Plain;
        if !payload.head.is_xml() || !plain {
            return Err(Malformed::Payload);
        }
        xml::parse(&payload.body).map(|_| ()).map_err(|_| Malformed::Payload)
    }

    /// The part that a reference of the manifest leads to; nothing when it did not come with the
    /// message.
    pub fn part(&self, reference: &Reference) -> Option<&Part> {
        match reference.place() {
            Place::Part(id) => self.parts.iter().find(|part| part.head.is(&id)),
            _ => None,
        }
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
        let header = Part::plain(&content_type.start, XML, header);
        let parts: Vec<&Part> = std::iter::once(&header).chain(&self.parts).collect();
        Ok((content_type.to_string(), multipart::written(content_type, &parts)?))
    }
}
