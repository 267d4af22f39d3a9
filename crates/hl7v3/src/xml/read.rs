//! From bytes to a tree, refusing early whatever is too much or not XML.

use std::borrow::Cow;

use base::limit::{
    XML_ATTRIBUTE_BYTES_MAX, XML_ATTRIBUTES_MAX, XML_BYTES_MAX, XML_DEPTH_MAX, XML_NAME_BYTES_MAX,
    XML_NAMESPACES_MAX, XML_NODES_MAX, XML_TEXT_BYTES_MAX,
};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::{Attribute as Written, Attributes};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::chars::{are_chars, is_char, is_name, is_space};
use super::scope::Scope;
use super::{Attribute, Element, Node, XML_NAMESPACE};

const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Why some bytes are not a document that we take. It never says what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has more bytes than it may: [`XML_BYTES_MAX`], unless said otherwise.
    TooLong,
    /// It nests deeper than [`XML_DEPTH_MAX`].
    TooDeep,
    /// It has more elements, attributes, namespaces or text than we hold, or longer ones.
    TooMuch,
    /// It is not UTF-8, or says that it is something else.
    NotUtf8,
    /// It has a document type, or an entity that only a document type could explain.
    DocumentType,
    /// It is not well-formed.
    NotWellFormed,
}

/// Parses a document and gives its root. White space beside elements is left out.
///
/// # Errors
/// [`Refused`] says why not.
pub fn parse(bytes: &[u8]) -> Result<Element<'_>, Refused> {
    parse_within(bytes, XML_BYTES_MAX)
}

/// Parses a document that may have so many bytes: for those who know why it may be larger than
/// others. All other limits stay.
///
/// # Errors
/// [`Refused`] says why not.
pub fn parse_within(bytes: &[u8], bytes_max: usize) -> Result<Element<'_>, Refused> {
    if bytes.len() > bytes_max {
        return Err(Refused::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Refused::NotUtf8)?;
    let text = text.trim_start_matches('\u{feff}');
    if !are_chars(text) {
        return Err(Refused::NotWellFormed);
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut reading = Reading { text, ..Reading::default() };
    loop {
        let event = reader.read_event().map_err(|_| Refused::NotWellFormed)?;
        let end = usize::try_from(reader.buffer_position()).map_err(|_| Refused::TooLong)?;
        if let Event::Eof = event {
            return reading.root.ok_or(Refused::NotWellFormed);
        }
        reading.take(event, end)?;
    }
}

/// A document, as far as it was read.
#[derive(Default)]
struct Reading<'a> {
    /// All of it.
    text: &'a str,
    /// The elements that are open, outermost first.
    open: Vec<Element<'a>>,
    scope: Scope<'a>,
    /// Elements, attributes and texts so far.
    nodes: usize,
    /// Whether anything was read, if only a comment.
    begun: bool,
    root: Option<Element<'a>>,
}

impl<'a> Reading<'a> {
    /// Takes one event, which ends at a place of the text.
    fn take(&mut self, event: Event<'a>, end: usize) -> Result<(), Refused> {
        let first = !std::mem::replace(&mut self.begun, true);
        match event {
            Event::Start(start) => {
                let tag = self.tag(&start, end, ">")?;
                self.start(tag, start.name().as_ref().len())
            }
            Event::Empty(start) => {
                let tag = self.tag(&start, end, "/>")?;
                self.start(tag, start.name().as_ref().len())?;
                self.end()
            }
            Event::End(_) => self.end(),
            // What ends a marked section has no meaning elsewhere, and may not stand there.
            Event::Text(text) if text.contains("]]>") => Err(Refused::NotWellFormed),
            Event::Text(text) => self.write(whole_lines(text.into_inner())),
            Event::CData(_) | Event::GeneralRef(_) if self.open.is_empty() => {
                Err(Refused::NotWellFormed)
            }
            Event::CData(text) => self.write(whole_lines(text.into_inner())),
            Event::GeneralRef(reference) => self.write(resolved(&reference)?),
            Event::Decl(declaration) => match declaration.encoding() {
                _ if !first => Err(Refused::NotWellFormed),
                None => Ok(()),
                Some(Ok(name)) if is_utf8(&name) => Ok(()),
                Some(Ok(_)) => Err(Refused::NotUtf8),
                Some(Err(_)) => Err(Refused::NotWellFormed),
            },
            Event::DocType(_) => Err(Refused::DocumentType),
            Event::PI(_) | Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    /// What stands between the brackets of a tag, borrowed from the document itself.
    fn tag(&self, start: &BytesStart<'_>, end: usize, closes: &str) -> Result<&'a str, Refused> {
        let end = end.checked_sub(closes.len()).ok_or(Refused::NotWellFormed)?;
        let from = end.checked_sub(start.len()).ok_or(Refused::NotWellFormed)?;
        self.text.get(from..end).ok_or(Refused::NotWellFormed)
    }

    fn start(&mut self, tag: &'a str, name_bytes: usize) -> Result<(), Refused> {
        if self.root.is_some() {
            return Err(Refused::NotWellFormed);
        }
        let depth = self.open.len() + 1;
        if depth > XML_DEPTH_MAX {
            return Err(Refused::TooDeep);
        }
        self.count(1)?;
        let written = self.declare(depth, Attributes::new(tag, name_bytes))?;
        let name = tag.get(..name_bytes).ok_or(Refused::NotWellFormed)?;
        let (prefix, name) = split(name)?;
        let namespace = self.scope.namespace(prefix).ok_or(Refused::NotWellFormed)?;
        let mut element = Element::new(namespace, name);
        for attribute in written {
            let attribute = self.attribute(&attribute)?;
            if element.attribute_in(&attribute.namespace, &attribute.name).is_some() {
                return Err(Refused::NotWellFormed);
            }
            element.attributes.push(attribute);
        }
        self.open.push(element);
        Ok(())
    }

    /// Takes on the namespaces that a tag declares, and gives its other attributes.
    fn declare(
        &mut self,
        depth: usize,
        attributes: Attributes<'a>,
    ) -> Result<Vec<Written<'a>>, Refused> {
        let mut others = Vec::new();
        for (number, attribute) in attributes.enumerate() {
            let attribute = attribute.map_err(|_| Refused::NotWellFormed)?;
            if number >= XML_ATTRIBUTES_MAX {
                return Err(Refused::TooMuch);
            }
            match attribute.key.as_ref().strip_prefix("xmlns") {
                Some("") => self.bind(depth, "", &attribute)?,
                Some(prefixed) if prefixed.starts_with(':') => {
                    let prefix = prefixed_name(attribute.key.0)?;
                    self.bind(depth, prefix, &attribute)?;
                }
                _ => others.push(attribute),
            }
        }
        self.count(others.len())?;
        Ok(others)
    }

    fn bind(
        &mut self,
        depth: usize,
        prefix: &'a str,
        attribute: &Written<'a>,
    ) -> Result<(), Refused> {
        // A name that had to be unescaped would be a new copy on every element that is in it. No
        // URI needs that.
        let Cow::Borrowed(namespace) = attribute.value else { return Err(Refused::NotWellFormed) };
        let reserved = matches!(namespace, XML_NAMESPACE | XMLNS) || prefix == "xmlns";
        let undeclares = namespace.is_empty() && !prefix.is_empty();
        let right = prefix == "xml" && namespace == XML_NAMESPACE;
        let not_a_uri = namespace.contains(['&', '<', '>', '"', ' ', '\t', '\n', '\r']);
        if not_a_uri || !right && (reserved || undeclares || prefix == "xml") {
            return Err(Refused::NotWellFormed);
        }
        if namespace.len() > XML_ATTRIBUTE_BYTES_MAX || self.scope.len() >= XML_NAMESPACES_MAX {
            return Err(Refused::TooMuch);
        }
        if !right {
            self.scope.declare(depth, prefix, namespace);
        }
        Ok(())
    }

    fn attribute(&self, written: &Written<'a>) -> Result<Attribute<'a>, Refused> {
        let (prefix, name) = split(written.key.0)?;
        let namespace = match prefix {
            // The default namespace is for elements.
            "" => "",
            prefix => self.scope.namespace(prefix).ok_or(Refused::NotWellFormed)?,
        };
        if written.value.contains('<') {
            return Err(Refused::NotWellFormed);
        }
        let value = written
            .normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_predefined_entity)
            .map_err(|_| Refused::NotWellFormed)?;
        if value.len() > XML_ATTRIBUTE_BYTES_MAX {
            return Err(Refused::TooMuch);
        }
        if !are_chars(&value) {
            return Err(Refused::NotWellFormed);
        }
        Ok(Attribute { namespace: namespace.into(), name: name.into(), value })
    }

    fn end(&mut self) -> Result<(), Refused> {
        let depth = self.open.len();
        let mut element = self.open.pop().ok_or(Refused::NotWellFormed)?;
        self.scope.leave(depth);
        if element.elements().next().is_some() {
            element.content.retain(|node| !matches!(node, Node::Text(text) if is_space(text)));
        }
        element.content.shrink_to_fit();
        match self.open.last_mut() {
            Some(parent) => parent.content.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    /// Takes a piece of text. Pieces that follow each other are one text.
    fn write(&mut self, piece: Cow<'a, str>) -> Result<(), Refused> {
        let Some(element) = self.open.last_mut() else {
            return if is_space(&piece) { Ok(()) } else { Err(Refused::NotWellFormed) };
        };
        if piece.is_empty() {
            return Ok(());
        }
        if let Some(Node::Text(text)) = element.content.last_mut() {
            if text.len() + piece.len() > XML_TEXT_BYTES_MAX {
                return Err(Refused::TooMuch);
            }
            text.to_mut().push_str(&piece);
            return Ok(());
        }
        if piece.len() > XML_TEXT_BYTES_MAX {
            return Err(Refused::TooMuch);
        }
        element.content.push(Node::Text(piece));
        self.count(1)
    }

    fn count(&mut self, more: usize) -> Result<(), Refused> {
        self.nodes += more;
        if self.nodes > XML_NODES_MAX { Err(Refused::TooMuch) } else { Ok(()) }
    }
}

/// A name as it was written, as prefix and name.
fn split(written: &str) -> Result<(&str, &str), Refused> {
    if written.len() > XML_NAME_BYTES_MAX {
        return Err(Refused::TooMuch);
    }
    let (prefix, name) = match written.split_once(':') {
        Some((prefix, name)) if is_name(prefix) => (prefix, name),
        Some(_) => return Err(Refused::NotWellFormed),
        None => ("", written),
    };
    if is_name(name) { Ok((prefix, name)) } else { Err(Refused::NotWellFormed) }
}

/// The prefix that `xmlns:prefix` declares.
fn prefixed_name(written: &str) -> Result<&str, Refused> {
    split(written).map(|(_, prefix)| prefix)
}

/// The text that a reference stands for: a character, or one of the five entities of XML itself.
fn resolved(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, Refused> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) if is_char(c) => Ok(Cow::Owned(c.to_string())),
        Ok(Some(_)) | Err(_) => Err(Refused::NotWellFormed),
        Ok(None) => {
            resolve_predefined_entity(reference).map(Cow::Borrowed).ok_or(Refused::DocumentType)
        }
    }
}

/// Text in which every line ends as the standard wants it.
///
/// Clause: <https://www.w3.org/TR/xml/#sec-line-ends>.
fn whole_lines(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        return Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    text
}

fn is_utf8(encoding: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
