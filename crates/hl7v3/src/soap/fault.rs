//! What a SOAP body says when something went wrong.
//!
//! Clause: <https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383507>.

use std::borrow::Cow;

use super::NAMESPACE;
use crate::xml::Element;

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultCode {
    /// The envelope is of another version of SOAP.
    VersionMismatch,
    /// A header that must be understood was not.
    MustUnderstand,
    /// The message is wrong; sending it again will not help.
    Client,
    /// Whoever was to work on the message could not; it may work later.
    Server,
}

/// Something went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault<'a> {
    /// Whose fault it is.
    pub code: FaultCode,
    /// The same in words, for people.
    pub text: Cow<'a, str>,
    /// Who found out, where that is not the receiver of the message itself.
    pub actor: Option<Cow<'a, str>>,
    /// More about it: elements of whoever defined them.
    pub detail: Vec<Element<'a>>,
}

impl FaultCode {
    /// The name of the code, without a prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::VersionMismatch => "VersionMismatch",
            Self::MustUnderstand => "MustUnderstand",
            Self::Client => "Client",
            Self::Server => "Server",
        }
    }

    /// The code that a text names, with any prefix. What follows a dot only says more precisely
    /// what the code says already.
    fn named(text: &str) -> Option<Self> {
        let name = text.rsplit(':').next().unwrap_or_default();
        let name = name.split('.').next().unwrap_or_default();
        [Self::VersionMismatch, Self::MustUnderstand, Self::Client, Self::Server]
            .into_iter()
            .find(|code| code.name() == name)
    }
}

impl<'a> Fault<'a> {
    /// A fault with nothing but words.
    pub fn new(code: FaultCode, text: impl Into<Cow<'a, str>>) -> Self {
        Self { code, text: text.into(), actor: None, detail: Vec::new() }
    }

    /// Reads a fault. A code that is none of SOAP's reads as the server's fault.
    pub fn from_element(element: &'a Element<'a>) -> Option<Self> {
        if !element.is(NAMESPACE, "Fault") {
            return None;
        }
        // Its parts are in no namespace; some put them in SOAP's all the same.
        let part = |name| element.first("", name).or_else(|| element.first(NAMESPACE, name));
        let code = FaultCode::named(&part("faultcode")?.text()).unwrap_or(FaultCode::Server);
        Some(Self {
            code,
            text: part("faultstring").map_or(Cow::Borrowed(""), Element::text),
            actor: part("faultactor").map(Element::text),
            detail: part("detail").into_iter().flat_map(Element::elements).cloned().collect(),
        })
    }

    /// The fault as the body of a message.
    pub fn into_element(self) -> Element<'a> {
        let said = |name: &'static str, text: Cow<'a, str>| Element::new("", name).with_text(text);
        let detail = Element::new("", "detail").with_all(self.detail);
        Element::new(NAMESPACE, "Fault")
            // The code is a qualified name: its prefix must be the one that we write.
            .with(said("faultcode", format!("{}:{}", super::PREFIX.0, self.code.name()).into()))
            .with(said("faultstring", self.text))
            .with_all(self.actor.map(|actor| said("faultactor", actor)))
            .with_all(Some(detail).filter(|detail| detail.elements().next().is_some()))
    }
}
