//! Answers: a message that replies to another ends the other's wait for an answer, or says that its
//! receiver does not want it.

use store::Transaction;
use store::messages::{Delivery, MessageId};

use crate::broker::{Broker, step};
use crate::detail::Note;
use crate::envelope::Envelope;
use crate::id;
use crate::plan::endpoint_of;
use crate::refused::Refused;
use crate::state::State;

impl Broker {
    /// Adds to a transaction that the message replied to is answered, acknowledged or refused, if
    /// that is so: the reply comes from one who got it. Returns the delivery that this ends too.
    pub(crate) fn answered(
        &self,
        with: Transaction,
        envelope: &Envelope,
    ) -> Result<(Transaction, Option<Delivery>), Refused> {
        let Some(number) = envelope.in_reply_to.filter(|_| !envelope.is_report()) else {
            return Ok((with, None));
        };
        let asked = MessageId::from(number);
        let deliveries = match self.inner.handover.pushed(asked, &envelope.from) {
            Some(theirs) => vec![theirs],
            None => self.inner.store.messages().deliveries(asked)?,
        };
        for delivery in deliveries {
            let state = Self::state(&delivery)?;
            let from_them = endpoint_of(&delivery.status.recipient).0 == envelope.from;
            let next = match (envelope.refuses.is_empty(), envelope.acknowledges) {
                (false, _) => State::Refused,
                (true, true) => State::Acknowledged,
                (true, false) => State::Answered,
            };
            if from_them && state.may_become(next) {
                let mut detail = Self::detail(&delivery)?;
                if detail.arrived_us == 0 {
                    detail.arrived_us = self.now().as_microsecond();
                }
                if state == State::Ready {
                    // It is being pushed without a lease, and nothing more will be said of that.
                    detail.assigned = detail.assigned.max(1);
                }
                let why = envelope.refuses.clone();
                detail.problem.clone_from(&why);
                let note = Note { why, ..Note::by(&envelope.from) };
                let step = step(&delivery, next, detail.erase(), &detail, &note)?;
                return Ok((with.step(step), Some(delivery)));
            }
        }
        Ok((with, None))
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
