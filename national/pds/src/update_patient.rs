//! `PATCH /Patient/{id}`: changes parts of a record. All of it happens or none.
//!
//! The order of checks is that of the national service: request id and role, NHS number, headers,
//! body, version, and then the patches one by one, the permissions and the rules.

mod body;
mod past;
mod patch;
mod seen;

use std::sync::Arc;

use base::Fault;
use http::StatusCode;
use security::Caller;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::{Expect, Key, Put, Stored, Transaction};

use crate::record::{Class, KIND, Record};
use crate::retrieve_patient::{find, number_in_path, with_version};
use crate::rule::{self, Context};
use crate::work::{self, Done};
use crate::{House, door, faults, index, view};

pub(crate) use body::version;
use patch::Patch;

/// The name of the interaction in the declaration and on the audit chain.
const INTERACTION: &str = "update-patient-partial";
/// Lets one application update records that others only read.
pub(crate) const APPLICATION_MAY: &str = "app-restricted-update";
/// Lets a client update restricted records, which other clients see in part.
const RESTRICTED_MAY: &str = "update-restricted";

/// Answers `PATCH /Patient/{id}`.
pub(crate) async fn update_patient(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, INTERACTION)?;
    own_record(&house, &request)?;
    body::version(&request)?;
    body::media_type(&request)?;
    body::patches(&request.body)?;
    work::take_on(
        house,
        request,
        INTERACTION,
        |house, request| async move { decide(&house, &request) },
    )
    .await
}

/// The record in use under the number in the path. A number that was merged into another is not
/// followed: whoever updates must have read what they update, and its `id` told them the number.
fn own_record(house: &House, request: &Request) -> Result<Stored, Fault> {
    let number = number_in_path(request)?;
    let stored = find(house, number)?;
    if stored.id == number.as_str() { Ok(stored) } else { Err(faults::invalidated()) }
}

/// What the update comes to, for the record as it is now.
fn decide(house: &House, request: &Request) -> Result<Done, Fault> {
    let stored = own_record(house, request)?;
    if body::version(request)? != stored.version {
        return Err(faults::version_mismatch());
    }
    let patches = body::patches(&request.body)?;
    let before = Record::decode(&stored.body)?;
    let record = updated(house, &request.caller, before, &patches, stored.version)?;
    let shown = view::of(&record, &request.caller).to_string();
    let version = record.version();
    let put = Put {
        key: Key::new(KIND, stored.id.clone()),
        expect: Expect::Version(stored.version),
        version: Some(version),
        body: record.encode(),
        terms: index::terms(&record),
    };
    let access = house.access(request, INTERACTION, &[&stored.id], 200);
    let reply = Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, shown);
    let transaction = Transaction::new().put(put).access(access);
    let (transaction, told) = house.tell(transaction, Some(&stored.body), &record)?;
    Ok(Done { transaction, reply: with_version(reply, version), told })
}

/// The record with the patches applied, when the caller and every rule allow it.
fn updated(
    house: &House,
    caller: &Caller,
    mut record: Record,
    patches: &[Patch],
    version: u64,
) -> Result<Record, Fault> {
    if record.class() != Class::Unrestricted && !caller.has(RESTRICTED_MAY) {
        let why = "Forbidden update with error - you cannot update a sensitive patient";
        return Err(faults::forbidden("FORBIDDEN_UPDATE", why));
    }
    let before = view::of(&record, caller);
    let mut after = before.clone();
    patch::permitted(patches, caller)?;
    patch::apply(patches, &mut after)?;
    let today = house.clock.today();
    rule::prepare(&before, &mut after, today);
    patch::permitted_changes(&before, &after, caller)?;
    let known = house.organisations(rule::codes(&before, &after))?;
    rule::check(&before, &after, Context::update(today, caller, &known))?;
    rule::finish(&before, &mut after, &house.dice);
    past::remember(&mut record.annex, &before, &after);
    seen::put_back(&mut record, caller, &before, after)?;
    set_version(&mut record.patient, version.saturating_add(1));
    Ok(record)
}

fn set_version(patient: &mut Value, version: u64) {
    let Some(members) = patient.as_object_mut() else { return };
    let meta = members.entry("meta").or_insert_with(|| json!({}));
    if let Some(meta) = meta.as_object_mut() {
        meta.insert("versionId".into(), version.to_string().into());
    }
}

#[cfg(test)]
mod tests;
