//! WS-Addressing: where a message goes, where answers go, and what it answers.
//!
//! Clauses: <https://www.w3.org/Submission/2004/SUBM-ws-addressing-20040810/>,
//! <https://www.w3.org/TR/2006/REC-ws-addr-core-20060509/>.

use crate::soap::Envelope;
use crate::xml::{Element, Prefix};

/// Which WS-Addressing a message follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The submission of August 2004.
    August2004,
    /// The recommendation, whose namespace is of August 2005.
    August2005,
}

/// What the headers of a message say about where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressing {
    /// Which WS-Addressing they follow.
    pub version: Version,
    /// The id of the message, as it was written: some put `uuid:` before it.
    pub message_id: Option<String>,
    /// What the message asks for.
    pub action: Option<String>,
    /// Where it goes.
    pub to: Option<String>,
    /// The address that it comes from. Empty when an address stands there that says nothing.
    pub from: Option<String>,
    /// The address that answers go to.
    pub reply_to: Option<String>,
    /// The address that faults go to.
    pub fault_to: Option<String>,
    /// The id of the message that this one answers.
    pub relates_to: Option<String>,
}

/// A header that may stand there once stands there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated(pub &'static str);

impl Version {
    const ALL: [Self; 2] = [Self::August2004, Self::August2005];

    /// The namespace of its headers.
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::August2004 => "http://schemas.xmlsoap.org/ws/2004/08/addressing",
            Self::August2005 => "http://www.w3.org/2005/08/addressing",
        }
    }

    /// The address that stands for whoever holds the other end of the connection.
    pub fn anonymous(self) -> &'static str {
        match self {
            Self::August2004 => "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous",
            Self::August2005 => "http://www.w3.org/2005/08/addressing/anonymous",
        }
    }

    /// The prefix of its headers in what we write.
    pub fn prefix(self) -> Prefix<'static> {
        ("wsa", self.namespace())
    }
}

impl Addressing {
    /// Headers that say nothing yet.
    pub fn new(version: Version) -> Self {
        Self {
            version,
            message_id: None,
            action: None,
            to: None,
            from: None,
            reply_to: None,
            fault_to: None,
            relates_to: None,
        }
    }

    /// Reads the headers of a message. Nothing when it has none of these. Which WS-Addressing it
    /// follows, the first of them says.
    ///
    /// # Errors
    /// When a header is there twice: it would be a guess which one counts.
    pub fn read(envelope: &Envelope<'_>) -> Result<Option<Self>, Repeated> {
        let of = |header: &Element<'_>| {
            Version::ALL.into_iter().find(|version| version.namespace() == header.namespace())
        };
        let Some(version) = envelope.headers.iter().find_map(of) else { return Ok(None) };
        let all = Headers { envelope, version };
        Ok(Some(Self {
            version,
            message_id: all.text("MessageID")?,
            action: all.text("Action")?,
            to: all.text("To")?,
            from: all.address("From")?,
            reply_to: all.address("ReplyTo")?,
            fault_to: all.address("FaultTo")?,
            // A message may relate to several; what it answers comes first.
            relates_to: all.all("RelatesTo").next().map(|header| header.text().into_owned()),
        }))
    }

    /// Whether answers go back on the connection that the message came by. Whoever gives no address
    /// waits there as well.
    pub fn answers_here(&self) -> bool {
        let here = |address: &String| address.is_empty() || address == self.version.anonymous();
        self.reply_to.as_ref().is_none_or(here)
    }

    /// The headers, in the order of the standard.
    pub fn elements<'s>(&'s self) -> Vec<Element<'s>> {
        let namespace = self.version.namespace();
        let said =
            |name: &'static str, text: &'s str| Element::new(namespace, name).with_text(text);
        let text = |name, text: &'s Option<String>| text.as_deref().map(|text| said(name, text));
        let address = |name: &'static str, address: &'s Option<String>| {
            let said = address.as_deref().map(|address| said("Address", address));
            said.map(|address| Element::new(namespace, name).with(address))
        };
        [
            text("MessageID", &self.message_id),
            text("Action", &self.action),
            text("To", &self.to),
            address("From", &self.from),
            address("ReplyTo", &self.reply_to),
            address("FaultTo", &self.fault_to),
            text("RelatesTo", &self.relates_to),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The headers of one version in a message.
struct Headers<'e, 'a> {
    envelope: &'e Envelope<'a>,
    version: Version,
}

impl<'e, 'a> Headers<'e, 'a> {
    fn all(&self, name: &'static str) -> impl Iterator<Item = &'e Element<'a>> {
        let namespace = self.version.namespace();
        self.envelope.headers.iter().filter(move |header| header.is(namespace, name))
    }

    fn one(&self, name: &'static str) -> Result<Option<&'e Element<'a>>, Repeated> {
        let mut found = self.all(name);
        let first = found.next();
        if found.next().is_some() { Err(Repeated(name)) } else { Ok(first) }
    }

    fn text(&self, name: &'static str) -> Result<Option<String>, Repeated> {
        Ok(self.one(name)?.map(|header| header.text().into_owned()))
    }

    fn address(&self, name: &'static str) -> Result<Option<String>, Repeated> {
        let address = |header: &Element<'_>| {
            let found = header.first(self.version.namespace(), "Address");
            found.map(|address| address.text().into_owned())
        };
        Ok(self.one(name)?.and_then(address))
    }
}

#[cfg(test)]
mod tests;
