//! Where a patient lives, stays for a while, or has post sent.

use base::Fault;
use jiff::civil::Date;
use nhs::url;
use serde_json::Value;

use super::change::{count, text};
use super::{Change, Context, changes, items, period, too_few, too_many};
use crate::shape::{invalid, missing};

/// What a temporary address can be.
const PLACES: [&str; 7] = [
    "Second Home",
    "Student Accommodation",
    "Respite Care Address",
    "Temporary Residence Address",
    "Convalescence Home",
    "Mobile Home",
    "Holiday Home",
];
/// How many days a temporary address may last.
const TEMPORARY_DAYS_MAX: i32 = 90;
/// How many days an address for correspondence may last.
const BILLING_DAYS_MAX: i32 = 366;
/// Postcodes of no place start like this; `ZZ99 3VZ` is no fixed abode.
const NO_PLACE: &str = "ZZ99";

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    for change in changes(before, after, "address") {
        one_of_each_use(before, after, &change)?;
        lines(&change)?;
        keys(&change)?;
        match change.text("use") {
            "temp" => {
                place(&change)?;
                lasts(&change, TEMPORARY_DAYS_MAX, context)?;
            }
            "billing" => lasts(&change, BILLING_DAYS_MAX, context)?,
            _ => {}
        }
    }
    Ok(())
}

fn one_of_each_use(before: &Value, after: &Value, change: &Change<'_>) -> Result<(), Fault> {
    let purpose = change.text("use");
    let like = |item: &Value| text(item, "use") == purpose;
    let now = count(after, "address", like);
    if now > 1 && now > count(before, "address", like) {
        return Err(too_many(format!("a patient can have one '{purpose}' address")));
    }
    Ok(())
}

/// Line 1 or 2 and line 4 are filled. Lines tell their number only while blank ones are among
/// them; once those are left out, as FHIR wants, it is enough that there is a line.
fn lines(change: &Change<'_>) -> Result<(), Fault> {
    if !change.changed("line") && change.before.is_some() {
        return Ok(());
    }
    let code = change.text("postalCode");
    let from_file = !code.is_empty() && !items(change.after, "extension").is_empty();
    if from_file || code.to_ascii_uppercase().starts_with(NO_PLACE) {
        return Ok(());
    }
    let lines = items(change.after, "line").iter();
    let filled: Vec<bool> =
        lines.map(|line| line.as_str().is_some_and(|line| !line.trim().is_empty())).collect();
    let numbered = filled.contains(&false);
    let at = |number: usize| filled.get(number) == Some(&true);
    let enough = if numbered { (at(0) || at(1)) && at(3) } else { at(0) };
    if enough {
        return Ok(());
    }
    Err(too_few(format!("line 1 or 2, and line 4, must be filled in '{}/line'", change.at)))
}

/// An address has at most one key of each kind. A key of the postcode address file has at most
/// eight digits.
fn keys(change: &Change<'_>) -> Result<(), Fault> {
    let mut seen = Vec::new();
    for key in items(change.after, "extension") {
        let code = key_part(key, "type").and_then(|part| part.pointer("/valueCoding/code"));
        let code = code.and_then(Value::as_str).ok_or_else(|| missing(&at_key(change, "type")))?;
        let value = key_part(key, "value").map(|part| text(part, "valueString"));
        let value = value.ok_or_else(|| missing(&at_key(change, "value")))?;
        if seen.contains(&code) {
            return Err(too_many(format!("an address can have one key of type '{code}'")));
        }
        if code == "PAF" && value.len() > 8 {
            return Err(invalid(value, &at_key(change, "value")));
        }
        seen.push(code);
    }
    Ok(())
}

fn at_key(change: &Change<'_>, part: &str) -> String {
    format!("{}/extension/{part}", change.at)
}

/// A part of an address key.
pub(super) fn key_part<'a>(key: &'a Value, part: &str) -> Option<&'a Value> {
    (text(key, "url") == url::ADDRESS_KEY).then(|| super::change::part(key, part)).flatten()
}

fn place(change: &Change<'_>) -> Result<(), Fault> {
    if !change.changed("text") && change.before.is_some() {
        return Ok(());
    }
    match change.text("text") {
        "" => Err(missing(&format!("{}/text", change.at))),
        known if PLACES.contains(&known) => Ok(()),
        other => Err(invalid(other, &format!("{}/text", change.at))),
    }
}

fn lasts(change: &Change<'_>, days_max: i32, context: Context<'_>) -> Result<(), Fault> {
    if change.before.is_some() && !change.changed("period") && !change.changed("use") {
        return Ok(());
    }
    let dated = |member: &str| -> Option<Date> {
        period::date(change.after.pointer(&format!("/period/{member}"))?.as_str()?)
    };
    let start = dated("start").ok_or_else(|| missing(&format!("{}/period/start", change.at)))?;
    let end = dated("end").ok_or_else(|| missing(&format!("{}/period/end", change.at)))?;
    let days = start.until(end).map_or(i32::MAX, |span| span.get_days());
    if days > days_max {
        let purpose = change.text("use");
        let why = format!("a '{purpose}' address can last {days_max} days at most");
        return Err(context.refuse(why));
    }
    Ok(())
}
