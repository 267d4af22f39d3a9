//! ebXML messages: the header that says from whom, to whom and under which contract, the manifest
//! of what travels with it, and the signals that answer it.
//!
//! Tolerant of what senders do: identifiers that are no `xs:ID`, missing languages, attributes in
//! wrong namespaces. What is written is valid against the published schema.
//!
//! Clauses: <https://www.oasis-open.org/committees/ebxml-msg/documents/ebMS_v2_0.pdf>, and the
//! schema at <http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd>.

mod attachment;
mod header;
mod manifest;
mod names;
mod package;
mod read;
mod signal;
mod write;

pub use attachment::Attachment;
pub use header::{AckRequested, Header, Party};
pub use manifest::{Place, Reference, Schema};
pub use names::{
    ACKNOWLEDGMENT, EBXML, ERRORS, FROM_NEXT, MESSAGE_ERROR, SERVICE, SOAP, TO_NEXT_HANDLER,
    TO_PARTY_HANDLER, XLINK,
};
pub use package::{Malformed, Package};
pub use read::read;
pub use signal::{Acknowledgment, Problem, Severity};
pub use write::write;

use crate::xml;

/// An ebXML message, without the parts that travel with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// From whom, to whom, and what.
    pub header: Header,
    /// What it carries.
    pub content: Content,
}

/// What an ebXML message carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Parts that travel with it, or as messages of their own.
    Manifest(Vec<Reference>),
    /// The word that a message has arrived.
    Acknowledgment(Acknowledgment),
    /// The word that a message could not be taken, and why.
    Errors(Vec<Problem>),
}

/// Why some bytes are no ebXML message. It never says what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// They are no XML that we take.
    Xml(xml::Refused),
    /// They are XML, and no SOAP envelope.
    NotAnEnvelope,
    /// An element or attribute is missing or empty: this one.
    Missing(&'static str),
    /// An element or attribute is not what it should be: this one.
    Wrong(&'static str),
    /// A header that must be understood, and is not.
    NotUnderstood,
}

impl From<xml::Refused> for Refused {
    fn from(refused: xml::Refused) -> Self {
        Self::Xml(refused)
    }
}

#[cfg(test)]
mod tests;
