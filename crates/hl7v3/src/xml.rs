//! XML from a stranger, within limits, and XML for a stranger, always well-formed.
//!
//! A document is a tree of [`Element`]s that borrow from its text. There are no document types,
//! and so no entities but the five of XML itself: nothing expands.
//!
//! Clauses: <https://www.w3.org/TR/xml/>, <https://www.w3.org/TR/xml-names/>.

mod chars;
mod element;
mod read;
mod scope;
mod write;

pub use element::{Attribute, Element, Node};
pub use read::{Refused, parse, parse_within};
pub use write::{Prefix, write};

/// The namespace of `xml:lang` and its like, which every document knows.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
