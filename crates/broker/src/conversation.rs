//! Conversations: a request, its acknowledgement, its answer and any reports, in order.

use store::messages::MessageId;

use crate::accept::conversation_label;
use crate::broker::Broker;
use crate::id;
use crate::refused::Refused;
use crate::track::Tracked;

/// The most messages of one conversation that are shown.
const MESSAGES_MAX: usize = 1_000;

/// What was said in one conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Its id.
    pub id: String,
    /// Its messages, in the order in which they were accepted.
    pub messages: Vec<Tracked>,
}

impl Broker {
    /// A conversation by its id: the one that somebody gave it, or the id of the message that
    /// began it.
    ///
    /// # Errors
    /// When nothing was said in it.
    pub fn conversation(&self, conversation: &str) -> Result<Conversation, Refused> {
        let label = conversation_label(conversation);
        let mut ids = self.inner.store.messages().labelled(label, MessageId(0), MESSAGES_MAX)?;
        ids.extend(id::read(conversation));
        ids.sort_unstable();
        ids.dedup();
        let mut messages = Vec::new();
        for id in ids {
            match self.track(id) {
                Ok(tracked) if Self::conversation_of(id, &tracked.envelope) == conversation => {
                    messages.push(tracked);
                }
                Ok(_) | Err(Refused::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        if messages.is_empty() {
            return Err(Refused::NotFound);
        }
        Ok(Conversation { id: conversation.to_owned(), messages })
    }
}
