//! The line on the audit chain about what a mailbox did. It names no patient: a message's body is
//! nobody's business here.

use service::Request;
use store::Access;

use crate::SERVICE;
use crate::house::House;

impl House {
    /// The audit line of an interaction about a message; its id may be empty.
    pub(crate) fn access(
        &self,
        request: &Request,
        interaction: &str,
        message: &str,
        outcome: u16,
    ) -> Access {
        Access {
            service: SERVICE.into(),
            interaction: interaction.into(),
            outcome,
            request: message.into(),
            ..request.access(&self.broker.store().audit(), self.clock.now())
        }
    }
}
