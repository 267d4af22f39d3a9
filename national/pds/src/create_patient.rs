//! `POST /Patient`: a record, and an NHS number, for a patient who has none.
//!
//! First the house looks for somebody who is the same person; only when nobody is, the record is
//! made. What a birth notification does is the same but for what is sent: see [`register`].
//!
//! Two creates of one person at the same moment must not both succeed. Everybody with the same
//! birth date and the same sound of family name shares a *queue*, a resource of its own whose
//! version each create expects and raises. Whoever was second finds it changed, looks again, and
//! then finds the person. Unlike a lock this holds between processes, too.

use std::sync::{Arc, LazyLock};

use base::Fault;
use bytes::Bytes;
use http::StatusCode;
use nhs::url;
use serde_json::Value;
use service::{Answer, Reply, Request};
use store::{Expect, Key, Put, Transaction};

use crate::faults::incorrect;
use crate::record::{Annex, KIND, Record};
use crate::retrieve_patient::with_version;
use crate::rule::{self, Context};
use crate::shape::{Shape, missing};
use crate::tell::Told;
use crate::work::{self, Done};
use crate::{House, body, door, faults, index, number, schema, style, view};

mod compose;
mod matching;
pub(crate) mod spike_arrest;

pub(crate) use compose::draft;

use matching::Person;

const NAME: &str = "create-patient";
/// The kind of the queues that creates stand in.
const QUEUE: &str = "pds-create-queue";

static SHAPE: LazyLock<Shape> = LazyLock::new(schema::request::patient);

/// Answers `POST /Patient`.
pub(crate) async fn create_patient(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, NAME)?;
    house.creates.admit(&request.caller, house.clock.now())?;
    let sent = body::json(&request, schema::RESOURCE_TYPES, "VALIDATION_ERROR")?;
    SHAPE.check(&sent)?;
    asked_by_an_authority(&sent)?;
    let today = house.clock.today();
    let context = Context::create(today, false);
    let draft = draft(&sent, today, context, &house.dice)?;
    work::take_on(house, request, NAME, move |house, request| {
        let done = register(&house, &request, NAME, &draft, Annex::default());
        async move { done }
    })
    .await
}

/// Somebody asks for the record who may.
fn asked_by_an_authority(sent: &Value) -> Result<(), Fault> {
    let is_authority = |extension: &Value| {
        extension.get("url").and_then(Value::as_str) == Some(url::REGISTERING_AUTHORITY)
    };
    if rule::items(sent, "extension").iter().any(is_authority) {
        return Ok(());
    }
    Err(missing("extension/registeringAuthority"))
}

/// Makes the record of a new patient, unless they have one already.
///
/// `draft` is the record but for its number, see [`draft`]; `annex` goes with it.
///
/// # Errors
/// When the store fails.
pub(crate) fn register(
    house: &House,
    request: &Request,
    interaction: &str,
    draft: &Value,
    annex: Annex,
) -> Result<Done, Fault> {
    let person = Person::of(&Record::new(draft.clone()));
    let place = queue(house, &person)?;
    let known = matching::find(house, &person)?;
    if !known.is_empty() {
        return Ok(refused(house, request, interaction, &known));
    }
    let number = number::allocate(house)?;
    let patient = compose::numbered(number, draft);
    let record = Record { patient, annex };
    let body = view::of(&record, &request.caller).to_string();
    let reply = Reply::new(StatusCode::CREATED, fhir::MEDIA_TYPE, body);
    let put = Put {
        key: Key::new(KIND, number.as_str()),
        expect: Expect::Absent,
        version: Some(1),
        body: record.encode(),
        terms: index::terms(&record),
    };
    let access = house.access(request, interaction, &[number.as_str()], 201);
    let transaction = Transaction::new().put(place).put(put).access(access);
    let (transaction, told) = house.tell(transaction, None, &record)?;
    Ok(Done { transaction, reply: with_version(reply, 1), told })
}

/// The step forward in the queue that a person stands in. Read before looking for the person, so
/// that whoever comes between is noticed.
fn queue(house: &House, person: &Person) -> Result<Put, Fault> {
    let key = Key::new(QUEUE, person.queue());
    let now = house.store.resources().get(QUEUE, &key.id).map_err(faults::from_store)?;
    let expect = now.map_or(Expect::Absent, |queue| Expect::Version(queue.version));
    Ok(Put { key, expect, version: None, body: Bytes::from_static(b"{}"), terms: Vec::new() })
}

/// The person has a record, or several people could be them: says so, and creates nothing.
fn refused(house: &House, request: &Request, interaction: &str, known: &[String]) -> Done {
    let (row, what) = match known {
        [one] => ("SINGLE_MATCH", format!("NHS number {one}")),
        _ => ("MULTIPLE_MATCHES", "Multiple matches".to_owned()),
    };
    let why = format!("Unable to create new patient. {what} found for supplied demographic data.");
    let subjects: Vec<&str> = known.iter().map(String::as_str).collect();
    let access = house.access(request, interaction, &subjects, 200);
    Done {
        transaction: Transaction::new().access(access),
        reply: style::render(&incorrect(row, why)),
        told: Told::default(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
