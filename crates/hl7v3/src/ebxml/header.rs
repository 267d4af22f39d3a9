//! The header of a message.

/// From whom a message is, to whom, under which contract, and what is to be done about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Who sends it.
    pub from: Party,
    /// Who shall get it.
    pub to: Party,
    /// The contract that it goes by.
    pub cpa: String,
    /// What groups the messages that belong together.
    pub conversation: String,
    /// The service that is asked.
    pub service: String,
    /// What the service is asked for: the interaction, or a signal.
    pub action: String,
    /// The id of this message.
    pub message_id: String,
    /// When it was made, as `xs:dateTime`.
    pub timestamp: String,
    /// The message that it answers.
    pub ref_to: Option<String>,
    /// Until when it may be delivered, as `xs:dateTime`.
    pub time_to_live: Option<String>,
    /// Whether the receiver is to drop what it has seen before.
    pub eliminate_duplicates: bool,
    /// Who is to acknowledge it, if anybody is.
    pub ack_requested: Option<AckRequested>,
    /// Whether signals are wanted in the answer to the call.
    pub sync_reply: bool,
}

/// A party: its key, and the kind of key that it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The key.
    pub id: String,
    /// What kind of key it is, a URI; empty when that is not said.
    pub kind: String,
}

/// The wish for an acknowledgment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AckRequested {
    /// Who is to acknowledge, a URI; empty when that is not said.
    pub actor: String,
    /// Whether it is to be signed.
    pub signed: bool,
}

impl Party {
    /// A party by its key, which is of this kind.
    pub fn new(id: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { id: id.into(), kind: kind.into() }
    }
}

impl Header {
    /// The header of a message that answers this one: the parties change places, and nothing is
    /// asked for.
    #[must_use]
    pub fn reply(&self, service: &str, action: &str, message_id: &str, timestamp: &str) -> Self {
        Self {
            from: self.to.clone(),
            to: self.from.clone(),
            cpa: self.cpa.clone(),
            conversation: self.conversation.clone(),
            service: service.to_owned(),
            action: action.to_owned(),
            message_id: message_id.to_owned(),
            timestamp: timestamp.to_owned(),
            ref_to: Some(self.message_id.clone()),
            ..Self::default()
        }
    }
}
