//! Answers: a message that replies to another ends the other's wait for an answer.

use store::Transaction;
use store::messages::MessageId;

use crate::broker::{Broker, step};
use crate::detail::Note;
use crate::envelope::Envelope;
use crate::id;
use crate::plan::endpoint_of;
use crate::refused::Refused;
use crate::state::State;

impl Broker {
    /// Adds to a transaction that the message replied to is answered, if that is so: the reply
    /// comes from one who got it, and has acknowledged it.
    pub(crate) fn answered(
        &self,
        with: Transaction,
        envelope: &Envelope,
    ) -> Result<Transaction, Refused> {
        let Some(number) = envelope.in_reply_to.filter(|_| !envelope.is_report()) else {
            return Ok(with);
        };
        let asked = MessageId::from(number);
        for delivery in self.inner.store.messages().deliveries(asked)? {
            let state = Self::state(&delivery)?;
            let from_them = endpoint_of(&delivery.status.recipient).0 == envelope.from;
            let next = if envelope.acknowledges { State::Acknowledged } else { State::Answered };
            if from_them && state.may_become(next) {
                let detail = Self::detail(&delivery)?;
                let note = Note::by(&envelope.from);
                return Ok(with.step(step(&delivery, next, detail.erase(), &detail, &note)?));
            }
        }
        Ok(with)
    }

    /// What waited for a message to be over may go, now that it is answered.
    pub(crate) async fn answer_is_here(&self, asked: MessageId) {
        let deliveries = self.inner.store.messages().deliveries(asked).unwrap_or_default();
        for delivery in deliveries.iter().filter(|one| endpoint_of(&one.status.recipient).1) {
            self.next_goes(&delivery.status.recipient).await;
        }
    }

    /// The conversation that a message belongs to: what its envelope says, or its own id.
    pub fn conversation_of(message: MessageId, envelope: &Envelope) -> String {
        if envelope.conversation.is_empty() {
            id::write(message)
        } else {
            envelope.conversation.clone()
        }
    }
}
