//! People of the demonstration nation to ask for.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::exchange::BINARY;
use crate::house;

/// Somebody to ask for. The words are ready to stand in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) birthdate: String,
}

/// People spread over a nation of this size.
pub(crate) fn sample(people: u64) -> Result<Vec<Person>, String> {
    let program = house::at(BINARY).display().to_string();
    let people = people.to_string();
    let arguments = ["demo", "people", "--json", "--sample", "1000", "--people", &people];
    let found = read(&house::run_quietly(&program, &arguments)?)?;
    if found.is_empty() {
        return Err("the demonstration nation is empty".into());
    }
    Ok(found)
}

fn read(json: &str) -> Result<Vec<Person>, String> {
    let rows: Vec<Value> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    rows.iter().map(|row| person(row).ok_or_else(|| format!("not a person: {row}"))).collect()
}

fn person(row: &Value) -> Option<Person> {
    let word = |name: &str| {
        let text = row.get(name)?.as_str()?;
        Some(utf8_percent_encode(text, NON_ALPHANUMERIC).to_string())
    };
    Some(Person {
        id: word("id")?,
        family: word("family")?,
        given: word("given")?,
        birthdate: word("birthdate")?,
    })
}

#[cfg(test)]
mod tests;
