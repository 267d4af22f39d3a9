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
        let caller = &request.caller;
        Access {
            at: self.clock.now(),
            service: SERVICE.into(),
            interaction: interaction.into(),
            mode: caller.mode.name().into(),
            client: caller.client.clone(),
            organisation: caller.organisation.clone(),
            user: caller.user.clone(),
            subjects: Vec::new(),
            outcome,
            request: message.into(),
        }
    }
}
