//! `GET /Patient/{id}`: the record of one patient, by NHS number.
//!
//! A superseded number gives the record that it was merged into, whose `id` then differs from the
//! one asked for.

use std::sync::Arc;

use base::Fault;
use bytes::Bytes;
use http::StatusCode;
use http::header::ETAG;
use nhs::NhsNumber;
use security::{Caller, Mode};
use service::{Answer, Reply, Request};
use store::{Stored, Transaction};

use crate::record::{KIND, Record, State, plain_resource};
use crate::{House, door, faults, view};

/// How many merges are followed before the chain is taken for damaged.
const MERGES_MAX: usize = 8;

/// Answers `GET /Patient/{id}`.
pub(crate) async fn retrieve_patient(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, "get-patient")?;
    let number = number_in_path(&request)?;
    let found = find(&house, number)?;
    let body = shown(&found, &request.caller)?;
    let access = house.access(&request, "get-patient", &[&found.id], 200);
    house.store.commit(Transaction::new().access(access)).await.map_err(faults::from_store)?;
    Ok(with_version(Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, body), found.version))
}

/// The NHS number in the path; a patient may name only their own.
pub(crate) fn number_in_path(request: &Request) -> Result<NhsNumber, Fault> {
    let number =
        NhsNumber::parse(request.path_value("id")).ok_or_else(faults::invalid_resource_id)?;
    own_record_only(&request.caller, number)?;
    Ok(number)
}

/// A patient may see no record but their own.
pub(crate) fn own_record_only(caller: &Caller, number: NhsNumber) -> Result<(), Fault> {
    if caller.mode == Mode::Patient && caller.patient.as_deref() != Some(number.as_str()) {
        let why =
            "Your app has insufficient permissions to perform this search. Please contact support.";
        return Err(faults::forbidden("NOT_THE_PATIENT", why));
    }
    Ok(())
}

/// The record in use for a number, with merges followed.
pub(crate) fn find(house: &House, number: NhsNumber) -> Result<Stored, Fault> {
    let mut number = number;
    for _ in 0..MERGES_MAX {
        let stored = house.store.resources().get(KIND, number.as_str());
        let stored = stored.map_err(faults::from_store)?.ok_or_else(faults::not_found)?;
        if plain_resource(&stored.body).is_some() {
            return Ok(stored);
        }
        match Record::decode(&stored.body)?.annex.state {
            State::Active => return Ok(stored),
            State::Invalidated => return Err(faults::invalidated()),
            State::Superseded(by) => {
                number = NhsNumber::parse(&by).ok_or_else(faults::not_found)?;
            }
        }
    }
    Err(Fault::broken("UNKNOWN_ERROR", "a chain of merged records does not end"))
}

/// The bytes of a record as a caller may see it.
pub(crate) fn shown(stored: &Stored, caller: &Caller) -> Result<Bytes, Fault> {
    if let Some(resource) = plain_resource(&stored.body) {
        return Ok(resource);
    }
    Ok(view::of(&Record::decode(&stored.body)?, caller).to_string().into())
}

/// Adds the version of the record to a reply.
pub(crate) fn with_version(reply: Reply, version: u64) -> Reply {
    reply.with(ETAG, &format!("W/\"{version}\""))
}
