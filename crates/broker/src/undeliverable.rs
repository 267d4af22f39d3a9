//! Messages that have nowhere to go, whose senders learn so by a report and not at once: accepted,
//! at their end, and reported in one commit.

use bytes::Bytes;
use store::messages::{Accept, Delivery, Message, Opening, Status};

use crate::accept::{Receipt, Submission, labels, named};
use crate::broker::{Broker, json, later};
use crate::detail::{Detail, Note};
use crate::envelope::Reason;
use crate::refused::Refused;
use crate::state::State;

impl Broker {
    /// Accepts a message that nobody can be found for, and sends the report that says so. Its body
    /// is not kept. On disk when this returns.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn accept_undeliverable(
        &self,
        submission: Submission,
        reason: Reason,
        text: &str,
    ) -> Result<Receipt, Refused> {
        let repeat = named(&submission);
        let Submission { envelope, with, .. } = submission;
        let id = self.reserve();
        let now = self.now();
        let mut detail = Detail {
            deadline_us: now.as_microsecond(),
            erase_us: later(now, self.inner.settings.kept_s).as_microsecond(),
            problem: text.to_owned(),
            ..Detail::default()
        };
        let mut status = Status {
            recipient: String::new(),
            topic: envelope.kind.clone(),
            lane: self.lane(""),
            state: State::Dead as u8,
            listed: false,
            wake: Some(detail.erase()),
            detail: json(&detail)?,
        };
        let nowhere = Delivery { id: id.delivery(1), version: 1, status: status.clone() };
        let report = self.report(&nowhere, &envelope, reason, text)?;
        let mut transaction = with;
        if let Some((reported, report)) = report {
            transaction = transaction.and(reported);
            detail.report = report;
            status.detail = json(&detail)?;
        }
        let accept = Accept {
            labels: labels(id, &envelope, repeat.as_ref()),
            message: Message { id, envelope: json(&envelope)?, body: Bytes::new(), content: None },
            deliveries: vec![Opening { status, event: json(&Note::because(text))? }],
            repeat: repeat.clone(),
        };
        let receipt = Receipt { id, repeated: false, ended: None };
        let receipt = self.keep(transaction.accept(accept), receipt, repeat).await?;
        if !receipt.repeated {
            metrics::counter!("broker_ended_total", "state" => "dead").increment(1);
        }
        Ok(receipt)
    }
}

#[cfg(test)]
mod tests;
