//! `GET /Coverage` and `POST /Coverage`: the details of a patient's European Health Insurance
//! Card. A patient has one card or none, so the coverage is a part of the patient's record and
//! shares its version.

use std::sync::{Arc, LazyLock};

use base::Fault;
use fhir::bundle::{Found, searchset};
use http::StatusCode;
use nhs::NhsNumber;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::{Expect, Key, Put, Transaction};

use crate::faults::{forbidden, incorrect};
use crate::record::{Class, KIND, Record};
use crate::retrieve_patient::{find, own_record_only, with_version};
use crate::schema::{self, Way};
use crate::shape::Shape;
use crate::work::{self, Done};
use crate::{BASE, House, body, door, faults, index, update_patient};

mod country;

const PARAMETER: &str = "subscriber:identifier";

static SHAPE: LazyLock<Shape> = LazyLock::new(|| schema::resource::coverage(Way::Sent));

/// Answers `GET /Coverage?subscriber:identifier=NHS_NUMBER`.
pub(crate) async fn get_coverage(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, "get-coverage")?;
    let number = subscriber(&request)?;
    let stored = find(&house, number)?;
    let record = Record::decode(&stored.body)?;
    let access = house.access(&request, "get-coverage", &[&stored.id], 200);
    house.store.commit(Transaction::new().access(access)).await.map_err(faults::from_store)?;
    Ok(shown(&house, &request, StatusCode::OK, &record))
}

/// Answers `POST /Coverage`.
pub(crate) async fn post_coverage(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, "post-coverage")?;
    let expected = update_patient::version(&request)?;
    let sent = body::json(&request, schema::COVERAGE_TYPES, "INVALID_UPDATE")?;
    SHAPE.check(&sent)?;
    let number = sent.pointer("/subscriber/identifier/value").and_then(Value::as_str);
    let number = number.and_then(NhsNumber::parse).ok_or_else(faults::invalid_resource_id)?;
    own_record_only(&request.caller, number)?;
    work::take_on(house, request, "post-coverage", move |house, request| {
        let done = replace(&house, &request, number, expected, &sent);
        async move { done }
    })
    .await
}

/// Puts the coverage into the patient's record, in place of the one that was there.
fn replace(
    house: &House,
    request: &Request,
    number: NhsNumber,
    expected: u64,
    sent: &Value,
) -> Result<Done, Fault> {
    let stored = find(house, number)?;
    let mut record = Record::decode(&stored.body)?;
    if record.class() != Class::Unrestricted {
        let why = "Forbidden update with error - you cannot update a sensitive patient";
        return Err(forbidden("FORBIDDEN_UPDATE", why));
    }
    if stored.version != expected {
        return Err(faults::version_mismatch());
    }
    let version = stored.version + 1;
    record.annex.coverage = Some(kept(sent, &stored.id));
    if let Some(meta) = record.patient.get_mut("meta").and_then(Value::as_object_mut) {
        meta.insert("versionId".into(), version.to_string().into());
    }
    let put = Put {
        key: Key::new(KIND, stored.id.as_str()),
        expect: Expect::Version(stored.version),
        version: Some(version),
        body: record.encode(),
        terms: index::terms(&record),
    };
    let access = house.access(request, "post-coverage", &[&stored.id], 201);
    let reply = shown(house, request, StatusCode::CREATED, &record);
    let transaction = Transaction::new().put(put).access(access);
    let (transaction, told) = house.tell(transaction, Some(&stored.body), &record)?;
    Ok(Done { transaction, reply, told })
}

/// The coverage as it is kept: about the record in use, with the country's name.
fn kept(sent: &Value, number: &str) -> Value {
    let mut kept = sent.clone();
    if let Some(value) = kept.pointer_mut("/subscriber/identifier/value") {
        *value = number.into();
    }
    for party in ["subscriber", "beneficiary"] {
        if let Some(party) = kept.get_mut(party).and_then(Value::as_object_mut) {
            party.insert("type".into(), "Patient".into());
        }
    }
    let country = sent.pointer("/identifier/0/assigner/identifier/value").and_then(Value::as_str);
    let assigner = kept.pointer_mut("/identifier/0/assigner").and_then(Value::as_object_mut);
    if let (Some(assigner), Some(name)) = (assigner, country.and_then(country::name)) {
        assigner.insert("display".into(), name.into());
    }
    kept
}

/// The searchset of a patient's coverage: one, or none when there is none or it is not complete.
fn shown(house: &House, request: &Request, status: StatusCode, record: &Record) -> Reply {
    let number = record.patient.get("id").and_then(Value::as_str).unwrap_or_default();
    let coverage = record.annex.coverage.iter().filter(|coverage| is_complete(coverage));
    let found = coverage.map(|coverage| Found {
        full_url: format!("{}{BASE}/Coverage?{PARAMETER}={number}", request.origin),
        score: None,
        resource: coverage.clone(),
    });
    let mut bundle = searchset(found.collect(), house.clock.now());
    if let Some(members) = bundle.as_object_mut() {
        members.insert("meta".into(), json!({ "versionId": record.version().to_string() }));
    }
    with_version(Reply::new(status, fhir::MEDIA_TYPE, bundle.to_string()), record.version())
}

/// A card without the holder's number or the institution's is of no use to anybody.
fn is_complete(coverage: &Value) -> bool {
    ["/beneficiary/identifier/value", "/payor/0/identifier/value"].iter().all(|place| {
        coverage.pointer(place).and_then(Value::as_str).is_some_and(|value| !value.is_empty())
    })
}

/// The NHS number in a query that must hold it and nothing else.
fn subscriber(request: &Request) -> Result<NhsNumber, Fault> {
    let [(name, value)] = request.query.as_slice() else { return Err(not_the_format()) };
    if name != PARAMETER || value.contains('|') {
        return Err(not_the_format());
    }
    let number = NhsNumber::parse(value).ok_or_else(faults::invalid_resource_id)?;
    own_record_only(&request.caller, number)?;
    Ok(number)
}

fn not_the_format() -> Fault {
    incorrect(
        "INVALID_SEARCH_DATA",
        "Invalid search data provided - 'Coverage search request must follow the format \
         /Coverage?subscriber:identifier=NHS_NUMBER'",
    )
}

#[cfg(test)]
mod tests;
