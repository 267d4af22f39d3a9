//! `GET /Patient/{id}/RelatedPerson`: who belongs to a patient, as a guardian or a parent does.
//!
//! The related people of a restricted patient are nobody's business: they would tell where the
//! patient is. A related person who is a restricted patient themselves is shown without address
//! and phone numbers, for the same reason.

use std::sync::Arc;

use base::Fault;
use fhir::bundle::{Found, searchset};
use http::StatusCode;
use nhs::NhsNumber;
use serde_json::Value;
use service::{Answer, Reply, Request};
use store::{Stored, Transaction};

use crate::record::{Class, Record};
use crate::retrieve_patient::{find, number_in_path, with_version};
use crate::{BASE, House, door, faults};

/// Members of a related person that tell where they live.
const WHERE: [&str; 2] = ["address", "telecom"];
/// Members of a related person that tell who they are or where they live.
const WHO_AND_WHERE: [&str; 3] = ["name", "address", "telecom"];

/// Answers `GET /Patient/{id}/RelatedPerson`.
pub(crate) async fn related_person(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, "get-related-people")?;
    let number = number_in_path(&request)?;
    let stored = find(&house, number)?;
    let people = people(&house, &request.origin, &stored)?;
    let body = searchset(people, house.clock.now()).to_string();
    let access = house.access(&request, "get-related-people", &[&stored.id], 200);
    house.store.commit(Transaction::new().access(access)).await.map_err(faults::from_store)?;
    Ok(with_version(Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, body), stored.version))
}

fn people(house: &House, origin: &str, stored: &Stored) -> Result<Vec<Found>, Fault> {
    let record = Record::decode(&stored.body)?;
    if record.class() != Class::Unrestricted {
        return Ok(Vec::new());
    }
    let mut people = Vec::new();
    for mut person in record.annex.related {
        hide(class_elsewhere(house, &stored.id, &person)?, &mut person);
        let id = person.get("id").and_then(Value::as_str).unwrap_or_default();
        people.push(Found {
            full_url: format!("{origin}{BASE}/Patient/{}/RelatedPerson/{id}", stored.id),
            score: None,
            resource: person,
        });
    }
    Ok(people)
}

/// How confidential a related person is, who may be a patient with a record of their own.
fn class_elsewhere(house: &House, own: &str, person: &Value) -> Result<Class, Fault> {
    let number = person.pointer("/patient/identifier/value").and_then(Value::as_str);
    let Some(number) = number.filter(|number| *number != own).and_then(NhsNumber::parse) else {
        return Ok(Class::Unrestricted);
    };
    match find(house, number) {
        Ok(stored) => Ok(Record::decode(&stored.body)?.class()),
        Err(fault) if fault.kind() == base::Kind::NotFound => Ok(Class::Unrestricted),
        Err(fault) => Err(fault),
    }
}

fn hide(class: Class, person: &mut Value) {
    let hidden: &[&str] = match class {
        Class::Unrestricted => &[],
        Class::Restricted => &WHERE,
        Class::VeryRestricted => &WHO_AND_WHERE,
    };
    if let Some(members) = person.as_object_mut() {
        members.retain(|name, _| !hidden.contains(&name.as_str()));
    }
}

#[cfg(test)]
mod tests;
