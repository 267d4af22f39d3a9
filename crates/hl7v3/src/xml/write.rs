//! From a tree to text: always well-formed, every namespace declared.

use super::chars::is_char;
use super::scope::Scope;
use super::{Attribute, Element, Node};

/// A prefix, and the namespace that it stands for. The empty prefix is for elements without one.
pub type Prefix<'a> = (&'a str, &'a str);

/// Writes a document: the declaration, then the root, on which the prefixes are declared.
///
/// An element in another namespace declares it where it stands. A character that XML cannot hold,
/// not even as a reference, becomes U+FFFD.
pub fn write(root: &Element<'_>, prefixes: &[Prefix<'_>]) -> String {
    let mut writing = Writing {
        out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
        scope: Scope::default(),
    };
    writing.element(root, 1, prefixes);
    writing.out
}

/// A document, as far as it was written.
struct Writing<'a> {
    out: String,
    scope: Scope<'a>,
}

impl<'a> Writing<'a> {
    fn element(&mut self, element: &'a Element<'_>, depth: usize, prefixes: &[Prefix<'a>]) {
        let mut declarations = Vec::new();
        for (prefix, namespace) in prefixes {
            self.scope.declare(depth, prefix, namespace);
            declarations.push((String::from(*prefix), *namespace));
        }
        let prefix = self.scope.prefix(&element.namespace, true).unwrap_or_else(|| {
            self.scope.declare(depth, "", &element.namespace);
            declarations.retain(|(prefix, _)| !prefix.is_empty());
            declarations.push((String::new(), &element.namespace));
            ""
        });
        self.out.push('<');
        self.name(prefix, &element.name);
        for attribute in &element.attributes {
            self.attribute(attribute, &mut declarations);
        }
        for (prefix, namespace) in &declarations {
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(prefix);
            self.value(namespace);
        }
        self.inside(element, prefix, depth);
        self.scope.leave(depth);
    }

    /// Writes the end of the first tag, what stands in the element, and the last tag.
    fn inside(&mut self, element: &'a Element<'_>, prefix: &str, depth: usize) {
        if element.content.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        for node in &element.content {
            match node {
                Node::Element(child) => self.element(child, depth + 1, &[]),
                Node::Text(text) => escape(&mut self.out, text, false),
            }
        }
        self.out.push_str("</");
        self.name(prefix, &element.name);
        self.out.push('>');
    }

    /// Writes an attribute. A namespace that nobody declared gets a prefix for this element only.
    fn attribute(
        &mut self,
        attribute: &'a Attribute<'_>,
        declarations: &mut Vec<(String, &'a str)>,
    ) {
        self.out.push(' ');
        if !attribute.namespace.is_empty() {
            let of_this =
                |known: &&(String, &str)| !known.0.is_empty() && known.1 == attribute.namespace;
            let known = self.scope.prefix(&attribute.namespace, false).map(String::from);
            let known = known.or_else(|| declarations.iter().find(of_this).map(|at| at.0.clone()));
            let prefix = known.unwrap_or_else(|| {
                let unused = self.unused(declarations);
                declarations.push((unused.clone(), &attribute.namespace));
                unused
            });
            self.out.push_str(&prefix);
            self.out.push(':');
        }
        self.out.push_str(&attribute.name);
        self.value(&attribute.value);
    }

    /// A prefix that stands for nothing here.
    fn unused(&self, declarations: &[(String, &str)]) -> String {
        let taken = |prefix: &str| {
            self.scope.namespace(prefix).is_some() || declarations.iter().any(|at| at.0 == prefix)
        };
        let mut number = 1_usize;
        while taken(&format!("n{number}")) {
            number += 1;
        }
        format!("n{number}")
    }

    fn name(&mut self, prefix: &str, name: &str) {
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(name);
    }

    fn value(&mut self, value: &str) {
        self.out.push_str("=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
    }
}

/// Writes text, with a reference in the place of each character that would be misread there.
fn escape(out: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            c if is_char(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
}

#[cfg(test)]
mod tests;
