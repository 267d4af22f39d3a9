//! Whether a patient is whom a search looks for, and with what flaws.
//!
//! Pure: the criteria, a record, and whether the caller may know where a restricted patient is.
//! Nothing that is hidden from the caller decides anything. A restricted patient is not found at
//! all when the search names a postcode or a practice; their phone number and e-mail address are
//! passed over, so that the answer is the same whatever the search says of them.

mod names;

use jiff::civil::Date;
use nhs::OdsCode;
use serde_json::Value;

use super::criteria::{Criteria, filled};
use super::dates::Dates;
use super::pattern::Pattern;
use super::score::Flaw;
use crate::name::fold;
use crate::record::{Class, State};
use crate::{Record, index};

/// The flaws of a match; nothing when it is none.
pub(crate) fn flaws(criteria: &Criteria, record: &Record, sees_where: bool) -> Option<Vec<Flaw>> {
    if record.annex.state != State::Active || record.class() == Class::VeryRestricted {
        return None;
    }
    let hidden = record.class() == Class::Restricted && !sees_where;
    if hidden && criteria.asks_where() {
        return None;
    }
    if !index::born(record).is_some_and(|born| criteria.born.hold(born)) {
        return None;
    }
    let mut flaws = names::flaws(criteria, record)?;
    gender(criteria, record, &mut flaws)?;
    postcode(criteria, record, &mut flaws)?;
    practice(criteria, record, &mut flaws)?;
    death(criteria, record, &mut flaws)?;
    if !hidden {
        contact(criteria, record)?;
    }
    Some(flaws)
}

fn gender(criteria: &Criteria, record: &Record, flaws: &mut Vec<Flaw>) -> Option<()> {
    let Some(asked) = criteria.gender else { return Some(()) };
    if record.patient.get("gender").and_then(Value::as_str) == Some(asked) {
        return Some(());
    }
    let once = criteria.fuzzy && record.annex.past_genders.iter().any(|gender| gender == asked);
    once.then(|| flaws.push(Flaw::PastGender))
}

fn postcode(criteria: &Criteria, record: &Record, flaws: &mut Vec<Flaw>) -> Option<()> {
    let Some(asked) = &criteria.postcode else { return Some(()) };
    let flaw = if lives_at(list(&record.patient, "address"), asked) {
        None
    } else if criteria.history && lives_at(&record.annex.past_addresses, asked) {
        Some(Flaw::PastPostcode)
    } else {
        return None;
    };
    flaws.extend(flaw);
    flaws.extend(asked.is_wild().then_some(Flaw::WildPostcode));
    Some(())
}

fn lives_at<'a>(addresses: impl IntoIterator<Item = &'a Value>, asked: &Pattern) -> bool {
    addresses.into_iter().any(|address| {
        let code = address.get("postalCode").and_then(Value::as_str);
        code.is_some_and(|code| asked.fits(&fold::postcode(code)))
    })
}

fn practice(criteria: &Criteria, record: &Record, flaws: &mut Vec<Flaw>) -> Option<()> {
    let Some(asked) = &criteria.practitioner else { return Some(()) };
    let registered = list(&record.patient, "generalPractitioner").any(|practice| {
        let code = practice.pointer("/identifier/value").and_then(Value::as_str);
        code.and_then(OdsCode::parse).as_ref() == Some(asked)
    });
    selects_unless_fuzzy(criteria, registered, Flaw::OtherPractice, flaws)
}

fn death(criteria: &Criteria, record: &Record, flaws: &mut Vec<Flaw>) -> Option<()> {
    let Some(asked) = criteria.died else { return Some(()) };
    let then = died(record).is_some_and(|date| Dates::hold(asked, date));
    selects_unless_fuzzy(criteria, then, Flaw::OtherDeath, flaws)
}

/// What selects in an ordinary search and in a fuzzy one only lowers the score.
fn selects_unless_fuzzy(
    criteria: &Criteria,
    same: bool,
    flaw: Flaw,
    flaws: &mut Vec<Flaw>,
) -> Option<()> {
    if !same && criteria.fuzzy {
        flaws.push(flaw);
    }
    (same || criteria.fuzzy).then_some(())
}

/// The day of death: `deceasedDateTime` without its time.
fn died(record: &Record) -> Option<Date> {
    let written = record.patient.get("deceasedDateTime").and_then(Value::as_str)?;
    fhir::prefix::whole_date(written.get(..10)?)
}

/// A phone number and an e-mail address are as asked for or not at all, past or present.
fn contact(criteria: &Criteria, record: &Record) -> Option<()> {
    let now = list(&record.patient, "telecom");
    let past = record.annex.past_telecoms.iter().filter(|_| criteria.history);
    let all: Vec<&Value> = now.chain(past).collect();
    let has = |system: &str, asked: &Option<String>| {
        asked.as_ref().is_none_or(|asked| {
            let known = all.iter().filter(|telecom| telecom.get("system") == Some(&system.into()));
            let mut values = known.filter_map(|telecom| telecom.get("value")?.as_str());
            values.any(|value| filled(&value.to_lowercase()).as_ref() == Some(asked))
        })
    };
    (has("email", &criteria.email) && has("phone", &criteria.phone)).then_some(())
}

fn list<'a>(patient: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    patient.get(member).and_then(Value::as_array).into_iter().flatten()
}
