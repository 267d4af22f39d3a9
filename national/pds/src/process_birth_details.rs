//! `POST /Patient/$process-birth-details`: a record, and an NHS number, for a newborn baby.
//!
//! The national operation is in use and not published. Here it takes a transaction Bundle with
//! one baby (a Patient without a number), one birth weight (an Observation in grams) and, if she
//! is known, the mother (a `RelatedPerson` with the role `MTH`, or a Patient with an NHS number).
//! The weight is checked and not kept: a demographic record has no place for it.

use std::sync::{Arc, LazyLock};

use base::Fault;
use fhir::prefix::whole_date;
use serde_json::Value;
use service::{Answer, Request};

use crate::create_patient::{draft, register};
use crate::faults::incorrect;
use crate::record::Annex;
use crate::rule::Context;
use crate::shape::{Shape, missing};
use crate::work;
use crate::{House, body, door, schema};

mod life;
mod mother;

const NAME: &str = "process-birth-details";

static SHAPE: LazyLock<Shape> = LazyLock::new(schema::request::birth_bundle);
static BABY: LazyLock<Shape> = LazyLock::new(schema::request::baby);

/// Answers `POST /Patient/$process-birth-details`.
pub(crate) async fn process_birth_details(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, NAME)?;
    house.creates.admit(&request.caller, house.clock.now())?;
    let bundle = body::json(&request, schema::RESOURCE_TYPES, "VALIDATION_ERROR")?;
    SHAPE.check(&bundle)?;
    let birth = Birth::of(&bundle)?;
    BABY.check(birth.baby)?;
    life::check(birth.baby)?;
    let today = house.clock.today();
    let born = birth.baby.get("birthDate").and_then(Value::as_str).and_then(whole_date);
    // Whoever delivers a baby may say formally that it died.
    let context = Context::create(today, true);
    let baby = draft(birth.baby, born.unwrap_or(today), context, &house.dice)?;
    let mother = birth.mother.cloned();
    work::take_on(house, request, NAME, move |house, request| {
        let done = record(&house, &request, &baby, mother.as_ref());
        async move { done }
    })
    .await
}

fn record(
    house: &House,
    request: &Request,
    baby: &Value,
    mother: Option<&Value>,
) -> Result<work::Done, Fault> {
    let born = baby.get("birthDate").and_then(Value::as_str).unwrap_or_default();
    let related = mother.map(|mother| mother::related(house, mother, born)).transpose()?;
    let annex = Annex { related: related.into_iter().collect(), ..Annex::default() };
    register(house, request, NAME, baby, annex)
}

/// What a birth notification tells of.
struct Birth<'a> {
    baby: &'a Value,
    mother: Option<&'a Value>,
}

impl<'a> Birth<'a> {
    /// Sorts the entries of a bundle: one baby, one weight, at most one mother.
    fn of(bundle: &'a Value) -> Result<Self, Fault> {
        let (mut babies, mut mothers, mut weights) = (Vec::new(), Vec::new(), 0);
        let entries = bundle.get("entry").and_then(Value::as_array).into_iter().flatten();
        for resource in entries.filter_map(|entry| entry.get("resource")) {
            match resource.get("resourceType").and_then(Value::as_str) {
                Some("Observation") => weights += 1,
                Some("Patient") if resource.get("identifier").is_none() => babies.push(resource),
                _ => mothers.push(resource),
            }
        }
        one(babies.len(), "Patient")?;
        one(weights, "Observation")?;
        if mothers.len() > 1 {
            return Err(too_many("mother"));
        }
        let baby = babies.first().ok_or_else(|| missing("entry/resource - Patient"))?;
        Ok(Self { baby, mother: mothers.first().copied() })
    }
}

fn one(count: usize, what: &str) -> Result<(), Fault> {
    match count {
        0 => Err(missing(&format!("entry/resource - {what}"))),
        1 => Ok(()),
        _ => Err(too_many(what)),
    }
}

fn too_many(what: &str) -> Fault {
    let why = format!("Too many values submitted in field 'entry' - more than one {what}");
    incorrect("TOO_MANY_VALUES_SUBMITTED", why)
}

#[cfg(test)]
mod tests;
