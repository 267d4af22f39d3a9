//! The audit line of an access.

use service::Request;
use store::Access;

use crate::House;

impl House {
    /// The audit line of an access to these patients' records, with the status of the answer.
    pub fn access(
        &self,
        request: &Request,
        interaction: &str,
        patients: &[&str],
        outcome: u16,
    ) -> Access {
        let audit = self.store.audit();
        let caller = &request.caller;
        let acting_for = request.header("nhsd-end-user-organisation-ods");
        Access {
            at: self.clock.now(),
            service: "pds".into(),
            interaction: interaction.into(),
            mode: caller.mode.name().into(),
            client: caller.client.clone(),
            organisation: acting_for.unwrap_or(&caller.organisation).to_owned(),
            user: caller.user.clone(),
            subjects: patients.iter().map(|patient| audit.pseudonym(patient)).collect(),
            outcome,
            request: request.header("x-request-id").unwrap_or_default().to_owned(),
        }
    }
}
