//! A record with nothing in it but what the index looks at: reading back all of a record only to
//! find it again would cost five times what writing it did. A test sees to it that the index finds
//! the same in both.

use pds::{Annex, Record, State};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Patient {
    meta: Meta,
    name: Vec<Name>,
    gender: Value,
    birth_date: Value,
    address: Vec<Address>,
}

/// How confidential the record is; its version is nothing to the index.
#[derive(Deserialize)]
struct Meta {
    security: Vec<Value>,
}

#[derive(Deserialize)]
struct Name {
    r#use: Value,
    family: Value,
    given: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    r#use: Value,
    postal_code: Value,
}

/// The parts of [`pds::Annex`] under the names that it gives them.
#[derive(Deserialize)]
struct Beside {
    state: State,
    #[serde(default)]
    past_names: Vec<Name>,
    #[serde(default)]
    past_addresses: Vec<Address>,
    #[serde(default)]
    past_genders: Vec<String>,
}

/// The record whose parts are these texts, as far as the index looks at it.
pub(super) fn of(patient: &str, annex: &str) -> Option<Record> {
    let patient: Patient = serde_json::from_str(patient).ok()?;
    let beside: Beside = serde_json::from_str(annex).ok()?;
    let shown = json!({
        "meta": {"security": patient.meta.security},
        "name": patient.name.into_iter().map(Value::from).collect::<Vec<_>>(),
        "gender": patient.gender,
        "birthDate": patient.birth_date,
        "address": patient.address.into_iter().map(Value::from).collect::<Vec<_>>(),
    });
    let annex = Annex {
        state: beside.state,
        past_names: beside.past_names.into_iter().map(Value::from).collect(),
        past_addresses: beside.past_addresses.into_iter().map(Value::from).collect(),
        past_genders: beside.past_genders,
        ..Annex::default()
    };
    Some(Record { patient: shown, annex })
}

impl From<Name> for Value {
    fn from(name: Name) -> Self {
        json!({"use": name.r#use, "given": name.given, "family": name.family})
    }
}

impl From<Address> for Value {
    fn from(address: Address) -> Self {
        json!({"use": address.r#use, "postalCode": address.postal_code})
    }
}
