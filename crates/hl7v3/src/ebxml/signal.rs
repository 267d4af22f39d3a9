//! Signals: the word that a message has arrived, and the word that it could not be taken.

use super::{
    ACKNOWLEDGMENT, Content, ERRORS, Header, MESSAGE_ERROR, Message, Party, SERVICE, names,
};

/// The word that a message has arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgment {
    /// When it was taken, as `xs:dateTime`.
    pub timestamp: String,
    /// The message that has arrived.
    pub ref_to: String,
    /// Who says so.
    pub from: Option<Party>,
    /// In which role; empty when that is not said.
    pub actor: String,
}

/// One reason why a message could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the code is defined, a URI.
    pub context: String,
    /// The code.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// Which part of the message it is about; empty when that is not said.
    pub location: String,
    /// The reason in words; empty when there are none.
    pub description: String,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The conversation goes on.
    Warning,
    /// The message will not be delivered.
    #[default]
    Error,
}

impl Severity {
    /// The word of the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "Warning",
            Self::Error => "Error",
        }
    }
}

impl Problem {
    /// An error by a code of the standard.
    pub fn error(code: &str, description: impl Into<String>) -> Self {
        Self {
            context: ERRORS.to_owned(),
            code: code.to_owned(),
            severity: Severity::Error,
            location: String::new(),
            description: description.into(),
        }
    }
}

impl Message {
    /// The word that a message with this header has arrived.
    pub fn acknowledging(header: &Header, message_id: &str, now: &str) -> Self {
        let reply = header.reply(SERVICE, ACKNOWLEDGMENT, message_id, now);
        let asked = header.ack_requested.as_ref().map(|asked| asked.actor.clone());
        let actor = asked.filter(|actor| !actor.is_empty());
        let acknowledgment = Acknowledgment {
            timestamp: now.to_owned(),
            ref_to: header.message_id.clone(),
            from: Some(header.to.clone()),
            actor: actor.unwrap_or_else(|| names::TO_PARTY_HANDLER.to_owned()),
        };
        Self { header: reply, content: Content::Acknowledgment(acknowledgment) }
    }

    /// The word that a message with this header could not be taken.
    pub fn refusing(header: &Header, message_id: &str, now: &str, problems: Vec<Problem>) -> Self {
        let reply = header.reply(SERVICE, MESSAGE_ERROR, message_id, now);
        Self { header: reply, content: Content::Errors(problems) }
    }

    /// Whether it is a signal: about another message, and not to be acknowledged itself.
    pub fn is_signal(&self) -> bool {
        !matches!(self.content, Content::Manifest(_))
    }
}
