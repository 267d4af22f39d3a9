//! The audit line of a call that was passed on.

use base::Fault;
use nhs::NhsNumber;
use service::Request;
use store::{Access, Transaction};

use crate::healthcare_service::HealthcareService;
use crate::{House, SERVICE, door, faults};

/// The parameter that a patient is asked for by.
const PATIENT: &str = "patient:identifier";

impl House {
    /// Notes what was passed on to whom, and how it ended. Whose record it was about is known only
    /// where the query names a patient: bodies are for the receiver.
    ///
    /// # Errors
    /// When it is not on disk.
    pub(crate) async fn note(
        &self,
        request: &Request,
        interaction: &str,
        target: &HealthcareService,
        outcome: u16,
    ) -> Result<(), Fault> {
        let audit = self.store.audit();
        let access = request.access(&audit, self.clock.now());
        let claimed = door::organisation(request).map(|code| code.to_string());
        let access = Access {
            service: SERVICE.into(),
            interaction: interaction.into(),
            subjects: patient(request).iter().map(|one| audit.pseudonym(one.as_str())).collect(),
            outcome,
            request: request.header("x-request-id").unwrap_or_default().to_owned(),
            recipient: target.id.clone(),
            // Anybody can write that header: it stands beside what the token proves.
            claimed: claimed.unwrap_or_default(),
            ..access
        };
        let noted = self.store.commit(Transaction::new().access(access)).await;
        noted.map_err(faults::from_store)
    }
}

fn patient(request: &Request) -> Option<NhsNumber> {
    let (_, value) = request.query.iter().find(|(name, _)| name == PATIENT)?;
    NhsNumber::parse(value.rsplit('|').next()?)
}
