//! `GET /AuditEvent/{id}`: one access.

use http::StatusCode;
use security::Mode;
use service::{Answer, Reply, Request};
use store::{Access, StoreError};

use crate::{House, event, faults};

/// The name of the interaction.
pub(crate) const NAME: &str = "read-audit-event";

/// Reads one access. A patient who asks for one to another's record learns nothing, not even that
/// there is one.
///
/// # Errors
/// When there is none, or none that the caller may know of.
pub(crate) async fn read_audit_event(house: House, request: Request) -> Answer {
    let number = request.path_value("id").parse::<u64>().ok();
    let found =
        number.map(|number| line(&house, number)).transpose().map_err(faults::from_store)?;
    let found = found.flatten();
    let subjects = found.as_ref().map(|access| access.subjects.clone()).unwrap_or_default();
    let caller = &request.caller;
    let own =
        caller.patient.as_deref().map(|patient| (house.store.audit().pseudonym(patient), patient));
    let is_own = own.as_ref().is_some_and(|(own, _)| subjects.contains(own));
    let shown = found.filter(|_| caller.mode != Mode::Patient || is_own);
    let outcome = if shown.is_some() { 200 } else { 404 };
    house.note(&request, NAME, subjects, outcome).await?;
    let (Some(number), Some(access)) = (number, shown) else { return Err(faults::not_found()) };
    let asked = own.as_ref().map(|(own, patient)| (own.as_str(), *patient));
    let resource = event::resource(number, &access, asked);
    Ok(Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, resource.to_string()))
}

/// A line of the chain.
fn line(house: &House, number: u64) -> Result<Option<Access>, StoreError> {
    let mut found = None;
    house.store.audit().read(number, &mut |_, line| {
        found = Some(serde_json::from_str(line));
        false
    })?;
    found.transpose().map_err(|_| StoreError::Damaged(format!("line {number} is no access")))
}
