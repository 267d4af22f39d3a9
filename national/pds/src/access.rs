//! The audit line of an access, granted or refused.

use std::sync::Arc;

use service::{Answer, Request};
use store::{Access, Transaction};

use crate::{House, SERVICE, faults};

/// Statuses that say that somebody asked for a record and was not shown it.
const REFUSED: [u16; 2] = [403, 404];

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
        let acting_for = request.header("nhsd-end-user-organisation-ods");
        let access = request.access(&audit, self.clock.now());
        Access {
            service: SERVICE.into(),
            interaction: interaction.into(),
            organisation: acting_for.map_or(access.organisation, str::to_owned),
            subjects: patients.iter().map(|patient| audit.pseudonym(patient)).collect(),
            outcome,
            request: request.header("x-request-id").unwrap_or_default().to_owned(),
            ..access
        }
    }
}

/// Does the work of a request; when it names a patient and is refused, notes that as well before
/// the answer leaves. The request is shared with the work, so that what is granted costs nothing
/// here.
pub(crate) async fn noting_refusals(
    house: House,
    interaction: &'static str,
    request: Request,
    work: impl AsyncFnOnce(House, Arc<Request>) -> Answer,
) -> Answer {
    let request = Arc::new(request);
    let answer = work(house.clone(), Arc::clone(&request)).await;
    let outcome = match &answer {
        Ok(reply) => reply.status.as_u16(),
        Err(fault) => faults::row_of(fault).status,
    };
    if REFUSED.contains(&outcome)
        && let Some(patient) = patient(&request)
    {
        let access = house.access(&request, interaction, &[patient], outcome);
        house.store.commit(Transaction::new().access(access)).await.map_err(faults::from_store)?;
    }
    answer
}

/// The patient that a request names in its path or query.
fn patient(request: &Request) -> Option<&str> {
    let in_path = Some(request.path_value("id")).filter(|id| !id.is_empty());
    let named = |(name, _): &&(String, String)| name == "subscriber:identifier";
    in_path.or_else(|| request.query.iter().find(named).map(|(_, value)| value.as_str()))
}

#[cfg(test)]
mod tests;
