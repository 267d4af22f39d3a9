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
        let caller = &request.caller;
        Transaction::new().access(Access {
            at: self.clock.now(),
            service: SERVICE.into(),
            interaction: interaction.into(),
            mode: caller.mode.name().into(),
            client: caller.client.clone(),
            organisation: caller.organisation.clone(),
            user: caller.user.clone(),
            subjects: subject.into_iter().map(|subject| audit.pseudonym(subject)).collect(),
            outcome,
            request: request.header("x-correlation-id").unwrap_or_default().to_owned(),
        })
    }
}
