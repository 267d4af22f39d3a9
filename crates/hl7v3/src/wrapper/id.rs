//! Identifiers and codes, as HL7 V3 writes them: attributes of an empty element.
//!
//! Clause: the data types II and CD.

use super::said;
use crate::xml::Element;

/// An identifier: who gave it, and what they gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstanceId {
    /// The object identifier of who gave it, or the whole of it when it is a UUID.
    pub root: String,
    /// What they gave; empty when the root is all.
    pub extension: String,
}

impl InstanceId {
    /// An identifier.
    pub fn new(root: impl Into<String>, extension: impl Into<String>) -> Self {
        Self { root: root.into(), extension: extension.into() }
    }

    /// Reads one from the attributes of an element.
    pub fn of(element: &Element<'_>) -> Self {
        let attribute = |name| element.attribute(name).unwrap_or_default().trim();
        Self::new(attribute("root"), attribute("extension"))
    }

    /// The identifier as an element.
    pub fn into_element<'a>(self, name: &'static str) -> Element<'a> {
        let id = said(name).with_attribute("root", self.root);
        if self.extension.is_empty() { id } else { id.with_attribute("extension", self.extension) }
    }
}

/// A code of a code system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: String,
    /// The object identifier of the code system; empty when the place implies it.
    pub system: String,
    /// The same in words; empty for none.
    pub display: String,
    /// The code of its qualifier; empty for none.
    pub qualifier: String,
}

impl Code {
    /// Reads one from an element.
    pub fn of(element: &Element<'_>) -> Self {
        let text = |element: &Element<'_>, name| {
            element.attribute(name).unwrap_or_default().trim().to_owned()
        };
        let qualifier = element.first(super::NAMESPACE, "qualifier");
        Self {
            code: text(element, "code"),
            system: text(element, "codeSystem"),
            display: text(element, "displayName"),
            qualifier: qualifier.map(|element| text(element, "code")).unwrap_or_default(),
        }
    }

    /// The code as an element.
    pub fn into_element<'a>(self, name: &'static str) -> Element<'a> {
        let mut code = said(name).with_attribute("code", self.code);
        for (name, value) in [("codeSystem", self.system), ("displayName", self.display)] {
            if !value.is_empty() {
                code = code.with_attribute(name, value);
            }
        }
        let qualifier = said("qualifier").with_attribute("code", self.qualifier.clone());
        code.with_all((!self.qualifier.is_empty()).then_some(qualifier))
    }
}
