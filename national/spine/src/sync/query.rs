//! From the query of a question to the parameters of a FHIR search, or to an NHS number.
//!
//! Whatever else a query asks for would be left out of account, and somebody found who is not the
//! one described. So a criterion that is not known is refused.

use hl7v3::wrapper::NAMESPACE;
use hl7v3::xml::Element;

use super::contract::Wanted;
use super::exchange::Kind;
use super::refusal::Refusal;
use super::time;
use crate::oid;

/// Parts of a query that are not about whom it describes.
const ASIDE: [&str; 3] = ["retrievalItem", "searchParameter", "queryByParameter"];

/// Reads whom a query wants.
///
/// # Errors
/// Why nobody can be looked for.
pub(crate) fn wanted(kind: Kind, query: Option<&Element<'_>>) -> Result<Wanted, Refusal> {
    let query = query.ok_or(Refusal::BadSearch)?;
    match kind {
        Kind::Trace | Kind::AdvancedTrace => described(query).map(Wanted::Described),
        Kind::Retrieval => numbered(query).map(Wanted::Numbered),
    }
}

fn numbered(query: &Element<'_>) -> Result<String, Refusal> {
    let id = query.at(NAMESPACE, &["person.id", "value"]).ok_or(Refusal::BadSearch)?;
    if id.attribute("root").is_some_and(|root| root.trim() != oid::NHS_NUMBER) {
        return Err(Refusal::BadSearch);
    }
    let number = id.attribute("extension").unwrap_or_default();
    Ok(number.chars().filter(|c| !c.is_whitespace()).collect())
}

/// A simple trace needs a family name, a gender and a date of birth; more narrows it.
fn described(query: &Element<'_>) -> Result<Vec<(String, String)>, Refusal> {
    let mut found = Vec::new();
    for part in query.elements() {
        let value = part.first(NAMESPACE, "value").unwrap_or(part);
        match part.name() {
            "person.name" => found.extend(name(value)),
            "person.birthTime" => found.extend(days("birthdate", value)?),
            "person.deceasedTime" => found.extend(days("death-date", value)?),
            "person.administrativeGenderCode" => found.push(("gender", gender(value)?.to_owned())),
            "person.address" => found.extend(postcode(value)),
            "historicDataIndicator" if value.attribute("code") == Some("1") => {
                found.push(("_history", "true".to_owned()));
            }
            "historicDataIndicator" => {}
            name if ASIDE.contains(&name) => {}
            _ => return Err(Refusal::BadSearch),
        }
    }
    let has = |name: &str| found.iter().any(|(known, _)| *known == name);
    if !has("family") {
        return Err(Refusal::NoName);
    }
    if !has("gender") || !has("birthdate") {
        return Err(Refusal::BadSearch);
    }
    Ok(found.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn name(value: &Element<'_>) -> Vec<(&'static str, String)> {
    let parts = [("family", "family"), ("given", "given")];
    let named = |(part, parameter): (&str, &'static str)| {
        let texts = value.all(NAMESPACE, part).map(|part| part.text().into_owned());
        let filled = texts.filter(|text| !text.is_empty());
        filled.map(|text| (parameter, text)).collect::<Vec<_>>()
    };
    parts.into_iter().flat_map(named).collect()
}

/// A day as it was written, the centre of an interval, or the ends of one.
fn days(
    parameter: &'static str,
    value: &Element<'_>,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let point = |name| value.first(NAMESPACE, name).and_then(|point| point.attribute("value"));
    let written = [
        ("eq", value.attribute("value")),
        ("eq", point("center")),
        ("ge", point("low")),
        ("le", point("high")),
    ];
    let days = written.into_iter().filter_map(|(prefix, digits)| Some((prefix, digits?)));
    days.map(|(prefix, digits)| {
        let day = time::to_fhir(digits.trim()).ok_or(Refusal::BadSearch)?;
        Ok((parameter, format!("{prefix}{day}")))
    })
    .collect()
}

fn gender(value: &Element<'_>) -> Result<&'static str, Refusal> {
    match value.attribute("code").map(str::trim) {
        Some("0") => Ok("unknown"),
        Some("1") => Ok("male"),
        Some("2") => Ok("female"),
        Some("9") => Ok("other"),
        _ => Err(Refusal::BadSearch),
    }
}

fn postcode(value: &Element<'_>) -> Option<(&'static str, String)> {
    let text = value.first(NAMESPACE, "postalCode")?.text().into_owned();
    (!text.is_empty()).then_some(("address-postalcode", text))
}

#[cfg(test)]
mod tests;
