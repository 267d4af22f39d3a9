//! Answers: a message that replies to another ends the other's wait for an answer, or says that its
//! receiver does not want it.

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
    /// Adds to a transaction that the message replied to is answered, acknowledged or refused, if
    /// that is so: the reply comes from one who got it.
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
            let next = match (envelope.refuses.is_empty(), envelope.acknowledges) {
                (false, _) => State::Refused,
                (true, true) => State::Acknowledged,
                (true, false) => State::Answered,
            };
            if from_them && state.may_become(next) {
                let mut detail = Self::detail(&delivery)?;
                let why = envelope.refuses.clone();
                detail.problem.clone_from(&why);
                let note = Note { why, ..Note::by(&envelope.from) };
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
