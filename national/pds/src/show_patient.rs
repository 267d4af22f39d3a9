//! Who has this NHS number? For APIs that answer in other words than FHIR; not an interaction of
//! this one.
//!
//! The decisions are those of `GET /Patient/{id}`. The look at the record is an access like any
//! other: its audit line is handed back, to be committed before anything is said.

use base::Fault;
use nhs::NhsNumber;
use serde_json::Value;
use service::Request;
use store::Access;

use crate::record::Record;
use crate::retrieve_patient::{find, own_record_only};
use crate::{House, door, faults, view};

/// What was decided, and the audit line of it.
#[derive(Debug)]
pub struct Shown {
    /// The patient as the caller may see them, or the fault that the API would have worded.
    pub patient: Result<Value, Fault>,
    /// The audit line.
    pub access: Access,
}

/// The patient with a number, as whoever makes a request may see them. `interaction` is what the
/// audit line calls it.
pub fn show_patient(house: &House, request: &Request, interaction: &str, number: &str) -> Shown {
    let patient = patient(house, request, number);
    let (subject, outcome) = match &patient {
        Ok(patient) => (patient.get("id").and_then(Value::as_str).unwrap_or(number), 200),
        Err(fault) => (number, faults::row_of(fault).status),
    };
    // Somebody who has no such number has no record that could have been looked at; the line
    // stands all the same, since somebody asked.
    let access = house.access(request, interaction, &[subject], outcome);
    Shown { patient, access }
}

fn patient(house: &House, request: &Request, number: &str) -> Result<Value, Fault> {
    door::system(house, &request.caller, "get-patient")?;
    let number = NhsNumber::parse(number).ok_or_else(faults::invalid_resource_id)?;
    own_record_only(&request.caller, number)?;
    let stored = find(house, number)?;
    Ok(view::of(&Record::decode(&stored.body)?, &request.caller))
}

#[cfg(test)]
pub(crate) mod tests;
