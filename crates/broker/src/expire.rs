//! Giving up: deadlines, the reports that senders get, and erasing bodies when their time is over.

use store::Transaction;
use store::messages::{Delivery, Step};

use crate::accept::{Body, Enclosed, Submission};
use crate::broker::{Broker, step};
use crate::detail::{Detail, Note};
use crate::envelope::{Envelope, Number, Reason, Report};
use crate::plan::endpoint_of;
use crate::push::Turn;
use crate::refused::Refused;
use crate::state::State;

impl Broker {
    /// Gives a delivery up that is past its deadline.
    pub(crate) async fn expire(&self, turn: Turn, delivery: &Delivery) -> Result<(), Refused> {
        let id = delivery.id.message();
        let message = self.inner.store.messages().get(id)?.ok_or(Refused::NotFound)?;
        let envelope = Envelope::read(&message.envelope)?;
        let transaction = match Self::state(delivery)? {
            State::Receiving => self.abandon(delivery)?,
            State::Available | State::Collected => {
                let why = format!("not collected in {}", Self::waited(delivery)?);
                self.give_up(delivery, &envelope, State::Expired, Reason::NotCollected, &why)?
            }
            _ => {
                let why = format!("not delivered in {}", Self::waited(delivery)?);
                self.give_up(delivery, &envelope, State::Expired, Reason::NotDelivered, &why)?
            }
        };
        self.end(turn, delivery, transaction).await.map(|_| ())
    }

    /// The transaction that gives up a message whose parts did not come: all of its deliveries at
    /// once, so that none begins with what another has erased. Nothing happens if the last part
    /// was faster: the delivery that is due has to be as it was seen.
    fn abandon(&self, due: &Delivery) -> Result<Transaction, Refused> {
        let id = due.id.message();
        let mut transaction = Transaction::new().erase(id);
        let note = Note::because("not all parts came in time");
        let all = self.inner.store.messages().deliveries(id)?;
        let others = all.iter().filter(|other| other.id != due.id);
        for delivery in others.chain([due]) {
            if Self::state(delivery)? == State::Receiving {
                let detail = Self::detail(delivery)?;
                let end = step(delivery, State::Expired, detail.erase(), &detail, &note)?;
                transaction = transaction.step(end);
            }
        }
        Ok(transaction)
    }

    /// The transaction that ends a delivery badly and tells its sender, in one commit.
    pub(crate) fn give_up(
        &self,
        delivery: &Delivery,
        envelope: &Envelope,
        end: State,
        reason: Reason,
        why: &str,
    ) -> Result<Transaction, Refused> {
        let mut detail = Self::detail(delivery)?;
        why.clone_into(&mut detail.problem);
        let report = self.report(delivery, envelope, reason, why)?;
        let mut transaction = Transaction::new();
        let mut note = Note::because(why);
        match report {
            Some((with, id)) => {
                detail.report = id;
                transaction = with;
            }
            None => note.why.push_str("; nobody to report to"),
        }
        let mut step = step(delivery, end, detail.erase(), &detail, &note)?;
        // Later messages of its key wait for an operator, where the route says so.
        step.status.listed = self.halts(delivery, envelope);
        if !step.status.listed
            && let Some(passing) = self.passing(delivery, detail.gap + 1)?
        {
            transaction = transaction.step(passing);
        }
        metrics::counter!("broker_ended_total", "state" => end.name()).increment(1);
        Ok(transaction.step(step))
    }

    /// The step by which the next message of the same ordering key passes one that is given up,
    /// with a mark that something is missing.
    fn passing(&self, delivery: &Delivery, gap: u32) -> Result<Option<Step>, Refused> {
        let recipient = &delivery.status.recipient;
        if !endpoint_of(recipient).1 {
            return Ok(None);
        }
        let next = self.inner.store.messages().waiting(recipient, delivery.id, 1)?;
        // One that is under way, or not for the worker any more, passes without a mark.
        let waits = [State::Ready, State::Waiting, State::Parked, State::Blocked];
        let Some(next) =
            next.first().filter(|next| waits.iter().any(|state| *state as u8 == next.status.state))
        else {
            return Ok(None);
        };
        let detail = Detail { gap, ..Self::detail(next)? };
        let note = Note::because("an earlier message was given up");
        Ok(Some(step(next, State::Ready, self.now(), &detail, &note)?))
    }

    /// Accepts a report on a delivery, if one is due and its sender can be told.
    pub(crate) fn report(
        &self,
        delivery: &Delivery,
        envelope: &Envelope,
        reason: Reason,
        text: &str,
    ) -> Result<Option<(Transaction, u64)>, Refused> {
        if envelope.is_report() || Self::detail(delivery)?.report != 0 {
            return Ok(None);
        }
        let about = delivery.id.message();
        let report = Envelope {
            wire: "broker".to_owned(),
            to: envelope.from.clone(),
            kind: delivery.status.topic.clone(),
            local_id: envelope.local_id.clone(),
            conversation: Self::conversation_of(about, envelope),
            in_reply_to: Some(about.into()),
            parts: 1,
            extra: envelope.extra.clone(),
            report: Some(Report { about: Number(about.0), reason, text: text.to_owned() }),
            ..Envelope::default()
        };
        let submission = Submission {
            envelope: report,
            body: Body::Inline(bytes::Bytes::new()),
            named: false,
            with: Transaction::new(),
        };
        match self.enclose(submission, None) {
            Ok(Enclosed { transaction, receipt, pushed, .. }) => {
                for delivery in pushed {
                    self.inner.handover.due_in(delivery.status.lane);
                }
                Ok(Some((transaction, receipt.id.0)))
            }
            Err(Refused::NoRecipient(_) | Refused::Closed(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether later messages of the same ordering key have to wait for an operator.
    fn halts(&self, delivery: &Delivery, envelope: &Envelope) -> bool {
        let (_, ordered) = endpoint_of(&delivery.status.recipient);
        let table = self.inner.directory.table();
        ordered && table.route(&envelope.to, &envelope.kind).is_some_and(|route| route.halt)
    }

    /// How long a delivery was given, in words.
    fn waited(delivery: &Delivery) -> Result<String, Refused> {
        let begun = crate::id::named_at(delivery.id.message()).as_second();
        let seconds = Self::detail(delivery)?.deadline().as_second().saturating_sub(begun);
        let (number, unit) = match seconds {
            ..120 => (seconds, "seconds"),
            120..7_200 => (seconds / 60, "minutes"),
            7_200..172_800 => (seconds / 3_600, "hours"),
            _ => (seconds / 86_400, "days"),
        };
        Ok(format!("{number} {unit}"))
    }

    /// The time of a finished delivery is over: nobody looks at it again, and with the last
    /// delivery of a message its body goes. Which one is the last the ledger knows: two may end at
    /// once, and the clock may have gone back since another did.
    pub(crate) async fn forget(&self, turn: Turn, delivery: &Delivery) -> Result<(), Refused> {
        let mut status = delivery.status.clone();
        status.wake = None;
        let step = Step { delivery: delivery.id, expect: delivery.version, status, event: None };
        let transaction = Transaction::new().step(step).erase_at_rest(delivery.id.message());
        self.commit_in_turn(turn, transaction).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests;
