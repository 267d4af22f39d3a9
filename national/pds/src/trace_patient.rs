//! Who is described so? For APIs that answer in other words than FHIR; not an interaction of this
//! one.
//!
//! The decisions are those of `GET /Patient` for a caller who may have one result. The look at the
//! record is an access like any other: its audit line is handed back, to be committed before
//! anything is said.

use serde_json::Value;
use service::Request;

use crate::show_patient::Shown;
use crate::{House, door, faults, search_patient};

/// The one patient whom a query describes, as whoever makes a request may see them in a search.
/// The query is that of `GET /Patient`; `interaction` is what the audit line calls it.
pub async fn trace_patient(
    house: &House,
    request: &Request,
    interaction: &str,
    query: &[(String, String)],
) -> Shown {
    let patient = match door::system(house, &request.caller, "search-patient") {
        Ok(()) => search_patient::only(house, &request.caller, query).await,
        Err(fault) => Err(fault),
    };
    let (subject, outcome) = match &patient {
        Ok(patient) => (patient.get("id").and_then(Value::as_str), 200),
        Err(fault) => (None, faults::row_of(fault).status),
    };
    let subjects: Vec<&str> = subject.into_iter().collect();
    let access = house.access(request, interaction, &subjects, outcome);
    Shown { patient, access }
}

#[cfg(test)]
mod tests;
