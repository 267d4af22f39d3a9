//! The SOAP 1.1 envelope: headers, a body, or a fault.
//!
//! Clause: <https://www.w3.org/TR/2000/NOTE-SOAP-20000508/>.

mod fault;

use crate::xml::{self, Element, Prefix, Refused};

pub use fault::{Fault, FaultCode};

/// The namespace of SOAP 1.1.
pub const NAMESPACE: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The actor that stands for whoever reads the message next.
pub const NEXT: &str = "http://schemas.xmlsoap.org/soap/actor/next";
/// The media type of a message.
pub const MEDIA_TYPE: &str = "text/xml; charset=utf-8";
/// The prefix of SOAP in what we write.
pub const PREFIX: Prefix<'static> = ("soap", NAMESPACE);

/// A SOAP message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// What is said about the message.
    pub headers: Vec<Element<'a>>,
    /// What the message says.
    pub body: Vec<Element<'a>>,
}

/// Why some bytes are not a SOAP 1.1 message. It never says what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// They are not XML that we take.
    Xml(Refused),
    /// They are an envelope of another version of SOAP.
    OtherVersion,
    /// They are no envelope, or one without a body.
    NotSoap,
}

impl From<Refused> for Unreadable {
    fn from(refused: Refused) -> Self {
        Self::Xml(refused)
    }
}

impl<'a> Envelope<'a> {
    /// A message that says one thing and nothing about itself.
    pub fn of(body: Element<'a>) -> Self {
        Self { headers: Vec::new(), body: vec![body] }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// [`Unreadable`] says why not.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        Self::from_element(xml::parse(bytes)?)
    }

    /// Reads a message that is a document already.
    ///
    /// # Errors
    /// [`Unreadable`] says why not.
    pub fn from_element(root: Element<'a>) -> Result<Self, Unreadable> {
        match (root.name(), root.namespace()) {
            ("Envelope", NAMESPACE) => {}
            ("Envelope", _) => return Err(Unreadable::OtherVersion),
            _ => return Err(Unreadable::NotSoap),
        }
        let (mut headers, mut body) = (None, None);
        for part in root.into_elements() {
            // A header after the body, or a second of either, has no meaning.
            let place = match part.name() {
                "Header" if body.is_none() => &mut headers,
                "Body" => &mut body,
                _ if part.namespace() == NAMESPACE => return Err(Unreadable::NotSoap),
                _ => continue,
            };
            if part.namespace() != NAMESPACE || place.is_some() {
                return Err(Unreadable::NotSoap);
            }
            *place = Some(part.into_elements().collect::<Vec<_>>());
        }
        let body = body.ok_or(Unreadable::NotSoap)?;
        Ok(Self { headers: headers.unwrap_or_default(), body })
    }

    /// The first header with a name.
    pub fn header(&self, namespace: &str, name: &str) -> Option<&Element<'a>> {
        self.headers.iter().find(|header| header.is(namespace, name))
    }

    /// The fault in the body, if it is one.
    pub fn fault(&self) -> Option<Fault<'_>> {
        self.body.iter().find_map(Fault::from_element)
    }

    /// A header that must be understood by whoever reads the message and that `known` does not
    /// know, if there is one.
    ///
    /// Clause: <https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383500>.
    pub fn not_understood(&self, known: impl Fn(&Element<'a>) -> bool) -> Option<&Element<'a>> {
        self.headers.iter().find(|header| {
            let must = header.attribute_in(NAMESPACE, "mustUnderstand");
            let for_us = matches!(header.attribute_in(NAMESPACE, "actor"), None | Some("" | NEXT));
            for_us && matches!(must.map(str::trim), Some("1" | "true")) && !known(header)
        })
    }

    /// The message as a document. The prefixes stand on the envelope, SOAP's own among them.
    pub fn write(self, prefixes: &[Prefix<'_>]) -> String {
        let mut envelope = Element::new(NAMESPACE, "Envelope");
        if !self.headers.is_empty() {
            envelope = envelope.with(Element::new(NAMESPACE, "Header").with_all(self.headers));
        }
        let envelope = envelope.with(Element::new(NAMESPACE, "Body").with_all(self.body));
        let declared: Vec<Prefix<'_>> = [PREFIX].iter().chain(prefixes).copied().collect();
        xml::write(&envelope, &declared)
    }
}

#[cfg(test)]
mod tests;
