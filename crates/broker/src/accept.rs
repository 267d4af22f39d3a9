//! Accepting: a message is ours once the commit that holds it is on disk.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use store::contents::{ContentId, WrittenPart};
use store::messages::{Accept, Delivery, DeliveryId, Message, MessageId, Opening, Repeat, Status};
use store::{StoreError, Transaction};

use crate::broker::{Broker, digest, json, label, later};
use crate::detail::{Detail, Note};
use crate::envelope::Envelope;
use crate::handover::Letter;
use crate::id;
use crate::plan::Place;
use crate::refused::Refused;
use crate::state::State;

/// The largest body that is kept with its message, in bytes. A larger one comes in parts.
pub const INLINE_BYTES_MAX: usize = 64 * 1024;

/// A message that somebody wants delivered.
#[derive(Debug)]
pub struct Submission {
    /// What is known of it. Its conversation may be left empty.
    pub envelope: Envelope,
    /// The body, or the first of its parts.
    pub body: Body,
    /// Whether the sender's own name for it ([`Envelope::local_id`]) makes a repeat harmless.
    pub named: bool,
    /// What shall happen in the same commit, such as a line of the audit chain.
    pub with: Transaction,
}

/// The body of a message that is handed over.
#[derive(Debug)]
pub enum Body {
    /// All of it, at most [`INLINE_BYTES_MAX`].
    Inline(Bytes),
    /// Part 1 of so many, written under the id that [`Broker::reserve`] gave. The message can be
    /// had once all parts are there.
    Parts {
        /// The id that was reserved.
        id: MessageId,
        /// How many parts there will be.
        of: u32,
        /// The first.
        first: WrittenPart,
    },
}

/// The broker's word that a message is its own now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The message.
    pub id: MessageId,
    /// Whether it had been accepted before, so that nothing happened this time.
    pub repeated: bool,
    /// The delivery that ended with it: the one of the message that it replies to.
    pub ended: Option<DeliveryId>,
}

/// A message as it is about to be accepted.
pub(crate) struct Enclosed {
    pub(crate) transaction: Transaction,
    pub(crate) receipt: Receipt,
    /// The recipient of the delivery that ends with it.
    pub(crate) ended: Option<String>,
    /// Its deliveries that are to be pushed at once.
    pub(crate) pushed: Vec<Delivery>,
    pub(crate) letter: Letter,
}

impl Broker {
    /// An id for a message whose body is about to be written.
    pub fn reserve(&self) -> MessageId {
        self.inner.ids.next()
    }

    /// Accepts a message. It is on disk when this returns.
    ///
    /// # Errors
    /// Why it is not accepted: nothing of it is kept then.
    pub async fn accept(&self, submission: Submission) -> Result<Receipt, Refused> {
        let named = named(&submission);
        let Enclosed { transaction, receipt, ended, pushed, letter } =
            self.enclose(submission, named.clone())?;
        let handover = &self.inner.handover;
        let jobs = handover.take_new(&pushed, &letter);
        let receipt = self.keep(transaction, receipt, named).await?;
        if !receipt.repeated {
            let wire = letter.envelope.wire;
            metrics::counter!("broker_accepted_total", "wire" => wire).increment(1);
            if let Some(recipient) = ended {
                self.next_goes(&recipient).await;
            }
            for left in pushed.iter().filter(|one| jobs.iter().all(|job| job.delivery.id != one.id))
            {
                handover.due_in(left.status.lane);
            }
            handover.give(jobs);
        }
        Ok(receipt)
    }

    /// Commits a message, unless its sender used its name before.
    pub(crate) async fn keep(
        &self,
        transaction: Transaction,
        receipt: Receipt,
        named: Option<Repeat>,
    ) -> Result<Receipt, Refused> {
        match self.inner.store.commit(transaction).await {
            Ok(()) => Ok(receipt),
            Err(StoreError::Repeated { message, digest }) => match named {
                Some(named) if named.digest == digest => {
                    Ok(Receipt { id: message, repeated: true, ended: None })
                }
                _ => Err(Refused::OtherContent(message)),
            },
            // Somebody changed the delivery that this one answers, just now: it will go next time.
            Err(StoreError::Conflict { .. }) => Err(Refused::Busy(1)),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a message like this would be accepted, as far as that does not hang on its body:
    /// for whoever wants to know before the body comes.
    ///
    /// # Errors
    /// Why it would not be.
    pub fn may_accept(&self, envelope: &Envelope) -> Result<(), Refused> {
        let (bytes, reserve) = (envelope.bytes, self.inner.settings.reserve_bytes);
        self.inner.room.check(&self.inner.store, self.now(), bytes, reserve)?;
        self.inner.directory.table().plan(envelope).map(|_| ())
    }

    /// Tells the worker that there may be something to push.
    pub(crate) fn nudge(&self) {
        self.inner.handover.due_somewhere();
    }

    /// The transaction that accepts a message, and what comes of it.
    pub(crate) fn enclose(
        &self,
        submission: Submission,
        repeat: Option<Repeat>,
    ) -> Result<Enclosed, Refused> {
        let Submission { mut envelope, body, with, .. } = submission;
        let bytes = envelope.bytes;
        let reserve = self.inner.settings.reserve_bytes;
        self.inner.room.check(&self.inner.store, self.now(), bytes, reserve)?;
        let places = self.inner.directory.table().plan(&envelope)?;
        let mut with = with;
        let (id, inline, content) = match body {
            Body::Inline(body) if body.len() > INLINE_BYTES_MAX => return Err(Refused::TooLarge),
            Body::Inline(body) => (self.reserve(), body, None),
            Body::Parts { id, of, first } => {
                let content = ContentId(id.0);
                envelope.parts = of;
                with = with.begin_content(content, of).part(first);
                (id, Bytes::new(), Some(content))
            }
        };
        let receiving = envelope.parts > 1;
        let deliveries = places
            .iter()
            .map(|place| self.opening(place, &envelope, receiving))
            .collect::<Result<Vec<_>, _>>()?;
        let pushed = pushed(id, &deliveries);
        let (with, ended) = self.answered(with, &envelope)?;
        let accept = Accept {
            message: Message { id, envelope: json(&envelope)?, body: inline.clone(), content },
            deliveries,
            labels: labels(id, &envelope, repeat.as_ref()),
            repeat,
        };
        Ok(Enclosed {
            transaction: with.accept(accept),
            receipt: Receipt { id, repeated: false, ended: ended.as_ref().map(|one| one.id) },
            ended: ended.map(|one| one.status.recipient),
            pushed,
            letter: Letter { envelope, body: inline, content },
        })
    }

    /// How a delivery begins.
    pub(crate) fn opening(
        &self,
        place: &Place,
        envelope: &Envelope,
        receiving: bool,
    ) -> Result<Opening, Refused> {
        let now = self.now();
        let settings = &self.inner.settings;
        let asked_s = envelope.pace.map(|pace| i64::from(pace.within_s));
        let allowed_s = match (receiving, place.deadline_s) {
            (true, _) => settings.upload_s,
            (false, 0) => asked_s.unwrap_or(settings.deadline_s),
            (false, given) => given,
        };
        let detail = Detail {
            deadline_us: later(now, allowed_s).as_microsecond(),
            erase_us: later(now, settings.kept_s.max(allowed_s)).as_microsecond(),
            ..Detail::default()
        };
        let state = match (receiving, place.pushed) {
            (true, _) => State::Receiving,
            (false, false) => State::Available,
            (false, true) => State::Ready,
        };
        let wake = if state == State::Ready { now } else { detail.deadline() };
        let status = Status {
            lane: self.lane(&place.recipient),
            recipient: place.recipient.clone(),
            topic: envelope.kind.clone(),
            state: state as u8,
            listed: !receiving,
            wake: Some(wake),
            detail: json(&detail)?,
        };
        Ok(Opening { status, event: json(&Note::by(&envelope.from))? })
    }
}

/// Those of a new message's deliveries that are to be pushed at once, as the ledger will have them.
fn pushed(id: MessageId, openings: &[Opening]) -> Vec<Delivery> {
    let numbered = (1..).zip(openings);
    let ready = numbered.filter(|(_, opening)| opening.status.state == State::Ready as u8);
    let delivery = |(number, opening): (u64, &Opening)| Delivery {
        id: id.delivery(number),
        version: 1,
        status: opening.status.clone(),
    };
    ready.map(delivery).collect()
}

/// What a message can be found by, beside what a repeat of it is told by.
pub(crate) fn labels(id: MessageId, envelope: &Envelope, repeat: Option<&Repeat>) -> Vec<u64> {
    let mut labels = Vec::new();
    if repeat.is_none() && !envelope.local_id.is_empty() {
        labels.push(unnamed_label(&envelope.from, &envelope.local_id));
    }
    // A message that begins a conversation is found by its own id.
    if !envelope.conversation.is_empty() && envelope.conversation != id::write(id) {
        labels.push(conversation_label(&envelope.conversation));
    }
    labels
}

/// The label of a sender's own name for a message, by which a repeat of it is told.
pub(crate) fn named_label(sender: &str, local_id: &str) -> u64 {
    label(&["local", sender, local_id])
}

/// The same where nobody asks for repeats: any number of messages may have it, and telling
/// repeats shall not have to look through them.
pub(crate) fn unnamed_label(sender: &str, local_id: &str) -> u64 {
    label(&["unnamed", sender, local_id])
}

/// The label of a conversation.
pub(crate) fn conversation_label(conversation: &str) -> u64 {
    label(&["conversation", conversation])
}

/// What makes a repeat of a submission recognisable, if its sender gave it a name.
pub(crate) fn named(submission: &Submission) -> Option<Repeat> {
    let envelope = &submission.envelope;
    if !submission.named || envelope.local_id.is_empty() {
        return None;
    }
    let mut hash = Sha256::new();
    hash.update(digest(&[&envelope.to, &envelope.kind, &envelope.media_type]));
    match &submission.body {
        Body::Inline(body) => hash.update(body),
        Body::Parts { first, of, .. } => {
            hash.update(of.to_be_bytes());
            hash.update(first.part().digest);
        }
    }
    Some(Repeat {
        label: named_label(&envelope.from, &envelope.local_id),
        key: digest(&[&envelope.wire, &envelope.from, &envelope.local_id]),
        digest: hash.finalize().into(),
    })
}

#[cfg(test)]
mod tests;
