//! The catalogue of targets: the services that patients are referred to, and where the system is
//! that answers for each.

use serde::{Deserialize, Serialize};
use store::directory::Record;
use store::{Store, StoreError};

/// The kind of the directory's records of services.
pub const HEALTHCARE_SERVICE: &str = "healthcare-service";

/// A service that can be booked and referred to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthcareService {
    /// Its id, such as `2000099999`.
    pub id: String,
    /// What the id is of; the national directory of services, unless something else is said.
    #[serde(default = "directory_of_services", skip_serializing_if = "is_usual")]
    pub system: String,
    /// Its name, for people.
    #[serde(default)]
    pub name: String,
    /// The ODS code of the organisation that provides it.
    pub organisation: String,
    /// The base URL of the system that answers for it: what stands in the paths of this API before
    /// `/metadata`, there.
    pub url: String,
    /// Whether that may be at an address that only this machine or network knows.
    #[serde(default)]
    pub private: bool,
    /// Whether it takes no more calls.
    #[serde(default)]
    pub closed: bool,
}

fn directory_of_services() -> String {
    nhs::url::DOS_SERVICE_ID.to_owned()
}

fn is_usual(system: &str) -> bool {
    system == nhs::url::DOS_SERVICE_ID
}

impl HealthcareService {
    /// What it is found by: the system without regard to case, and the id.
    pub fn key(&self) -> String {
        key(&self.system, &self.id)
    }
}

/// The record that stands for a service in the directory.
pub fn record(service: &HealthcareService) -> Record {
    // A plain struct of strings always serialises.
    let body = serde_json::to_string(service).unwrap_or_default();
    Record { kind: HEALTHCARE_SERVICE, id: service.key(), body: Some(body) }
}

/// The service with an id, unless it is closed.
///
/// # Errors
/// When the store fails, or what stands in it is not a service.
pub(crate) fn find(
    store: &Store,
    system: &str,
    id: &str,
) -> Result<Option<HealthcareService>, StoreError> {
    let Some(text) = store.directory().get(HEALTHCARE_SERVICE, &key(system, id))? else {
        return Ok(None);
    };
    Ok(Some(read(&text)?).filter(|service| !service.closed))
}

/// Every service that is not closed.
///
/// # Errors
/// When the store fails, or what stands in it is not a service.
pub(crate) fn all(store: &Store) -> Result<Vec<HealthcareService>, StoreError> {
    let rows = store.directory().all(HEALTHCARE_SERVICE)?;
    let read = rows.iter().map(|(_, text)| read(text));
    let services = read.collect::<Result<Vec<_>, _>>()?;
    Ok(services.into_iter().filter(|service| !service.closed).collect())
}

fn read(text: &str) -> Result<HealthcareService, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Damaged(format!("a {HEALTHCARE_SERVICE}: {error}")))
}

fn key(system: &str, id: &str) -> String {
    format!("{}|{id}", system.to_ascii_lowercase())
}
