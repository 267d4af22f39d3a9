//! The mother as a related person of her baby.

use base::{Fault, Kind};
use nhs::{NhsNumber, url};
use serde_json::{Map, Value, json};

use crate::House;
use crate::faults::{incorrect, invalid_value};
use crate::retrieve_patient::find;

/// The `RelatedPerson` that goes into the baby's record. A mother with a record of her own is
/// named by her number alone, so that what is said about her is always hers.
///
/// # Errors
/// When her NHS number is none, or nobody has it.
pub(super) fn related(house: &House, mother: &Value, born: &str) -> Result<Value, Fault> {
    let mut person = Map::new();
    person.insert("resourceType".into(), "RelatedPerson".into());
    person.insert("id".into(), format!("{:08X}", house.dice.bits() as u32).into());
    person.insert("active".into(), true.into());
    if let Some(number) = number(house, mother)? {
        let identifier = json!({ "system": url::NHS_NUMBER, "value": number });
        person.insert("patient".into(), json!({ "identifier": identifier }));
    } else {
        person.insert("patient".into(), json!({}));
        if let Some(name) = mother.pointer("/name/0") {
            person.insert("name".into(), json!([dated(name, born)]));
        }
    }
    person.insert("period".into(), json!({ "start": born }));
    person.insert(
        "relationship".into(),
        json!([{ "coding": [
            { "system": url::RELATIONSHIP_TYPES, "code": "MTH", "display": "mother" },
        ] }]),
    );
    Ok(Value::Object(person))
}

/// The number of the record in use for the mother, if she has one.
fn number(house: &House, mother: &Value) -> Result<Option<String>, Fault> {
    let given = mother.pointer("/identifier/0/value").and_then(Value::as_str);
    let Some(given) = given else { return Ok(None) };
    let number = NhsNumber::parse(given)
        .ok_or_else(|| invalid_value(given, "the mother's field 'identifier/0/value'"))?;
    match find(house, number) {
        Ok(stored) => Ok(Some(stored.id)),
        Err(fault) if fault.kind() == Kind::NotFound => {
            let why = "Invalid create with error - no patient has the mother's NHS number";
            Err(incorrect("INVALID_CREATE", why))
        }
        Err(fault) => Err(fault),
    }
}

/// A name with a period; one that does not say starts with the birth.
fn dated(name: &Value, born: &str) -> Value {
    let mut name = name.clone();
    if let Some(name) = name.as_object_mut()
        && let Some(period) = name.entry("period").or_insert_with(|| json!({})).as_object_mut()
    {
        period.entry("start").or_insert_with(|| born.into());
    }
    name
}
