//! Large messages: their parts come in any order, and the message can be had once all are there.

use store::contents::{Content, ContentId, WrittenPart};
use store::messages::{Delivery, MessageId};
use store::{StoreError, Transaction};

use crate::broker::{Broker, later, step};
use crate::detail::{Detail, Note};
use crate::envelope::Envelope;
use crate::plan::endpoint_of;
use crate::refused::Refused;
use crate::state::State;

impl Broker {
    /// What is there of a message that a sender is still handing over.
    ///
    /// # Errors
    /// When it is not theirs, or was complete before.
    pub fn receiving(&self, sender: &str, id: MessageId) -> Result<(Envelope, Content), Refused> {
        let messages = self.inner.store.messages();
        let message = messages.get(id)?.ok_or(Refused::NotFound)?;
        let envelope = Envelope::read(&message.envelope)?;
        if envelope.from != sender {
            return Err(Refused::NotYours);
        }
        let content = message.content.ok_or(Refused::NotNow("complete"))?;
        let deliveries = messages.deliveries(id)?;
        let first = deliveries.first().ok_or(Refused::NotFound)?;
        match Self::state(first)? {
            State::Receiving => {}
            State::Expired | State::Cancelled => return Err(Refused::Gone),
            _ => return Err(Refused::NotNow("complete")),
        }
        let content = self.inner.store.contents().get(content)?.ok_or(Refused::Gone)?;
        Ok((envelope, content))
    }

    /// Adds a part to a message that is being received. When it is the last one missing, the
    /// message is accepted. On disk when this returns. The same part may come again.
    ///
    /// # Errors
    /// When the message is not the sender's, is complete, or has no such part.
    pub async fn add_part(
        &self,
        sender: &str,
        id: MessageId,
        part: WrittenPart,
    ) -> Result<Content, Refused> {
        let (_, content) = self.receiving(sender, id)?;
        let number = part.part().number;
        if number == 0 || number > content.parts {
            return Err(Refused::NoSuchPart);
        }
        self.inner.store.commit(Transaction::new().part(part)).await?;
        let content = self.inner.store.contents().get(ContentId(id.0))?.ok_or(Refused::Gone)?;
        if content.is_whole() {
            self.completed(id).await?;
        }
        Ok(content)
    }

    /// All parts of a message are there: its deliveries begin.
    pub(crate) async fn completed(&self, id: MessageId) -> Result<(), Refused> {
        let deliveries = self.inner.store.messages().deliveries(id)?;
        let mut transaction = Transaction::new();
        let mut pushed = false;
        for delivery in deliveries {
            if Self::state(&delivery)? == State::Receiving {
                let (next, step) = self.begin(&delivery)?;
                pushed |= next == State::Ready;
                transaction = transaction.step(step);
            }
        }
        match self.inner.store.commit(transaction).await {
            // Two last parts came at once, and the other was faster.
            Ok(()) | Err(StoreError::Conflict { .. }) => {
                if pushed {
                    self.nudge();
                }
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn begin(&self, delivery: &Delivery) -> Result<(State, store::messages::Step), Refused> {
        let now = self.now();
        let settings = &self.inner.settings;
        let detail = Detail {
            deadline_us: later(now, settings.deadline_s).as_microsecond(),
            erase_us: later(now, settings.kept_s).as_microsecond(),
            ..Self::detail(delivery)?
        };
        let (name, _) = endpoint_of(&delivery.status.recipient);
        let pushed = self.inner.directory.table().mailbox(name).is_none();
        let (next, wake) =
            if pushed { (State::Ready, now) } else { (State::Available, detail.deadline()) };
        let mut step = step(delivery, next, wake, &detail, &Note::because("all parts are there"))?;
        step.status.listed = true;
        Ok((next, step))
    }
}

#[cfg(test)]
mod tests;
