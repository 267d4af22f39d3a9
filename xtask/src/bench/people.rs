//! People of the demonstration nation to ask for.

use hyper::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::case::API;
use super::load::Caller;
use crate::exchange::BINARY;
use crate::house;

/// Somebody to ask for. The words are ready to stand in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) birthdate: String,
    pub(crate) gender: String,
}

/// People spread over a nation of this size, as an exchange that holds it knows them.
pub(crate) async fn sample(people: u64, base: &str) -> Result<Vec<Person>, String> {
    let program = house::at(BINARY).display().to_string();
    let people = people.to_string();
    let arguments = ["demo", "people", "--json", "--sample", "1000", "--people", &people];
    let numbers = numbers(&house::run_quietly(&program, &arguments)?)?;
    let mut caller = Caller::connect(base).await?;
    let mut found = Vec::new();
    for (at, number) in numbers.iter().enumerate() {
        let request = Request::get(format!("{API}/{number}"))
            .header("X-Request-ID", format!("00000000-0000-4000-8000-{at:012x}"))
            .body(String::new())
            .map_err(|error| error.to_string())?;
        found.extend(person(&caller.fetch(request).await?));
    }
    // Two numbers of one person would have two callers patch the same record.
    found.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    if found.len() * 2 < numbers.len().max(1) {
        return Err(format!(
            "of {} people sampled only {} can be read",
            numbers.len(),
            found.len()
        ));
    }
    Ok(found)
}

fn numbers(json: &str) -> Result<Vec<String>, String> {
    let rows: Vec<Value> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let number = |row: &Value| Some(row.get("id")?.as_str()?.to_owned());
    rows.iter().map(|row| number(row).ok_or_else(|| format!("nobody's number: {row}"))).collect()
}

/// Somebody from their record; nobody when it does not say who it is of, or is restricted, since
/// a restricted record may not be patched.
fn person(record: &[u8]) -> Option<Person> {
    let record: Value = serde_json::from_slice(record).ok()?;
    if record.pointer("/meta/security/0/code").and_then(Value::as_str) != Some("U") {
        return None;
    }
    let word = |pointer: &str| {
        let text = record.pointer(pointer)?.as_str()?;
        Some(utf8_percent_encode(text, NON_ALPHANUMERIC).to_string())
    };
    Some(Person {
        id: word("/id")?,
        family: word("/name/0/family")?,
        given: word("/name/0/given/0")?,
        birthdate: word("/birthDate")?,
        gender: word("/gender")?,
    })
}

#[cfg(test)]
mod tests;
