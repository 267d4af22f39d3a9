//! The audit line of a call that writes, in the same commit as what it writes.

use service::Request;
use store::{Access, Transaction};

use crate::{House, SERVICE};

impl House {
    /// A transaction with the audit line of a call, about a subject if it is somebody.
    pub(crate) fn noted(
        &self,
        request: &Request,
        interaction: &str,
        subject: Option<&str>,
        outcome: u16,
    ) -> Transaction {
        let audit = self.broker.store().audit();
        Transaction::new().access(Access {
            service: SERVICE.into(),
            interaction: interaction.into(),
            subjects: subject.into_iter().map(|subject| audit.pseudonym(subject)).collect(),
            outcome,
            request: request.header("x-correlation-id").unwrap_or_default().to_owned(),
            ..request.access(&audit, self.clock.now())
        })
    }
}
