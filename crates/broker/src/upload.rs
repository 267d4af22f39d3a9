//! Large messages: their parts come in any order, and the message can be had once all are there.

use store::contents::{Content, ContentId, WrittenPart};
use store::messages::{Delivery, MessageId, Step};
use store::{StoreError, Transaction};
use tokio::sync::{Mutex, MutexGuard};

use crate::broker::{Broker, later, step};
use crate::detail::{Detail, Note};
use crate::envelope::Envelope;
use crate::plan::endpoint_of;
use crate::refused::Refused;
use crate::state::State;

/// How many messages may get parts at the same time: a few that share a turn by chance wait for
/// each other's commit.
const TURNS: usize = 1 << TURN_BITS;
const TURN_BITS: u32 = 6;
/// Spreads ids, which differ little, over all turns: 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Whose turn it is, by message.
pub(crate) struct Turns(Vec<Mutex<()>>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..TURNS).map(|_| Mutex::default()).collect())
    }
}

impl Turns {
    /// Waits until nobody else adds a part to a message; it is theirs until what this returns goes.
    async fn wait(&self, id: MessageId) -> Option<MutexGuard<'_, ()>> {
        let turn = id.0.wrapping_mul(SPREAD) >> (u64::BITS - TURN_BITS);
        Some(self.0.get(usize::try_from(turn).ok()?)?.lock().await)
    }
}

/// How often the beginning of a message is tried when somebody else was faster.
const TRIES: usize = 5;

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
        // Whoever looks here and writes below must not be overtaken in between: the part would
        // replace another in a message that can be had already.
        let _turn = self.inner.adding.wait(id).await;
        let (_, content) = self.receiving(sender, id)?;
        let number = part.part().number;
        if number == 0 || number > content.parts {
            return Err(Refused::NoSuchPart);
        }
        match self.inner.store.commit(Transaction::new().part(part)).await {
            // It was given up, and erased, just now.
            Err(StoreError::Conflict { .. }) => return Err(Refused::Gone),
            other => other?,
        }
        let content = self.inner.store.contents().get(ContentId(id.0))?.ok_or(Refused::Gone)?;
        if content.is_whole() && !self.completed(id).await? {
            return Err(Refused::Gone);
        }
        Ok(content)
    }

    /// All parts of a message are there: its deliveries begin. Returns whether they have, or
    /// whether the message was given up or taken back before.
    pub(crate) async fn completed(&self, id: MessageId) -> Result<bool, Refused> {
        let message = self.inner.store.messages().get(id)?.ok_or(Refused::NotFound)?;
        let envelope = Envelope::read(&message.envelope)?;
        for _ in 0..TRIES {
            let deliveries = self.inner.store.messages().deliveries(id)?;
            let mut transaction = Transaction::new();
            let (mut begun, mut pushed) = (0, false);
            for delivery in &deliveries {
                if Self::state(delivery)? == State::Receiving {
                    let (next, step) = self.begin(delivery, &envelope)?;
                    pushed |= next == State::Ready;
                    begun += 1;
                    transaction = transaction.step(step);
                }
            }
            if begun == 0 {
                let first = deliveries.first().ok_or(Refused::NotFound)?;
                return Ok(!matches!(Self::state(first)?, State::Expired | State::Cancelled));
            }
            match self.inner.store.commit(transaction).await {
                Ok(()) => {
                    if pushed {
                        self.nudge();
                    }
                    return Ok(true);
                }
                // Two last parts came at once, or time was up at the same moment.
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Refused::Busy(1))
    }

    fn begin(&self, delivery: &Delivery, envelope: &Envelope) -> Result<(State, Step), Refused> {
        let now = self.now();
        let settings = &self.inner.settings;
        let table = self.inner.directory.table();
        let route = table.route(&envelope.to, &envelope.kind);
        let allowed_s = match route.map_or(0, |route| route.deadline_s) {
            0 => settings.deadline_s,
            given => given,
        };
        let detail = Detail {
            deadline_us: later(now, allowed_s).as_microsecond(),
            erase_us: later(now, settings.kept_s.max(allowed_s)).as_microsecond(),
            ..Self::detail(delivery)?
        };
        let (name, _) = endpoint_of(&delivery.status.recipient);
        let pushed = table.mailbox(name).is_none();
        let (next, wake) =
            if pushed { (State::Ready, now) } else { (State::Available, detail.deadline()) };
        let mut step = step(delivery, next, wake, &detail, &Note::because("all parts are there"))?;
        step.status.listed = true;
        Ok((next, step))
    }
}

#[cfg(test)]
mod tests;
