//! Which prefix stands for which namespace, at a place in a document.
//!
//! Clause: <https://www.w3.org/TR/xml-names/#scoping>.

use super::XML_NAMESPACE;

/// The declarations that hold at a place, innermost last.
#[derive(Default)]
pub(super) struct Scope<'a> {
    declared: Vec<Declared<'a>>,
}

struct Declared<'a> {
    /// How deep the element stands that declares it.
    depth: usize,
    /// Empty for the namespace of elements without a prefix.
    prefix: &'a str,
    namespace: &'a str,
}

impl<'a> Scope<'a> {
    /// How many declarations hold, those that are overshadowed included.
    pub(super) fn len(&self) -> usize {
        self.declared.len()
    }

    /// Takes on what an element at a depth declares.
    pub(super) fn declare(&mut self, depth: usize, prefix: &'a str, namespace: &'a str) {
        self.declared.push(Declared { depth, prefix, namespace });
    }

    /// Forgets what the element at a depth declared.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|last| last.depth >= depth) {
            self.declared.pop();
        }
    }

    /// The namespace that a prefix stands for. The empty prefix always stands for one, or none.
    pub(super) fn namespace(&self, prefix: &str) -> Option<&'a str> {
        if prefix == "xml" {
            return Some(XML_NAMESPACE);
        }
        let found = self.declared.iter().rev().find(|known| known.prefix == prefix);
        found.map(|known| known.namespace).or_else(|| prefix.is_empty().then_some(""))
    }

    /// A prefix that stands for a namespace here. Elements may have the empty one, attributes not.
    pub(super) fn prefix(&self, namespace: &str, may_be_empty: bool) -> Option<&'a str> {
        if namespace == XML_NAMESPACE {
            return Some("xml");
        }
        let says = |known: &&Declared<'a>| {
            known.namespace == namespace
                && (may_be_empty || !known.prefix.is_empty())
                && self.namespace(known.prefix) == Some(known.namespace)
        };
        let found = self.declared.iter().rev().find(says).map(|known| known.prefix);
        found.or_else(|| {
            (namespace.is_empty() && may_be_empty && self.namespace("") == Some("")).then_some("")
        })
    }
}
