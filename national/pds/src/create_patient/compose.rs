//! The record of a new patient, from what was sent: what only the house can know is added.

use base::{Dice, Fault};
use jiff::civil::Date;
use nhs::{NhsNumber, url};
use serde_json::{Map, Value, json};

use crate::faults::incorrect;
use crate::rule::{self, Context};
use crate::schema;

/// Members that are taken over.
const TAKEN: [&str; 7] = [
    "name",
    "gender",
    "birthDate",
    "multipleBirthInteger",
    "deceasedDateTime",
    "address",
    "telecom",
];

/// The record but for its number, by the rules that hold for every record. `since` is the start
/// of whatever has no period.
///
/// # Errors
/// The first rule that does not hold.
pub(crate) fn draft(
    sent: &Value,
    since: Date,
    context: Context<'_>,
    dice: &Dice,
) -> Result<Value, Fault> {
    let nothing = json!({});
    let mut draft = taken(sent);
    rule::prepare(&nothing, &mut draft, since);
    rule::check(&nothing, &draft, context)?;
    has_home(&draft)?;
    rule::finish(&nothing, &mut draft, dice);
    Ok(draft)
}

fn taken(sent: &Value) -> Value {
    let mut taken = Map::new();
    for member in TAKEN {
        if let Some(value) = sent.get(member) {
            taken.insert(member.into(), without_ids(value));
        }
    }
    let extensions = rule::items(sent, "extension").iter();
    let extensions: Value = extensions.filter(|extension| is_kept(extension)).cloned().collect();
    taken.insert("extension".into(), extensions);
    Value::Object(taken)
}

/// List items get ids of ours, whatever was sent.
fn without_ids(value: &Value) -> Value {
    let mut value = value.clone();
    for item in value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        item.shift_remove("id");
    }
    value
}

fn is_kept(extension: &Value) -> bool {
    let name = extension.get("url").and_then(Value::as_str).unwrap_or_default();
    schema::extension::is_kept(name)
}

fn has_home(draft: &Value) -> Result<(), Fault> {
    let home = |address: &Value| address.get("use").and_then(Value::as_str) == Some("home");
    if rule::items(draft, "address").iter().any(home) {
        return Ok(());
    }
    let why = "Invalid create with error - a new patient needs a home address";
    Err(incorrect("INVALID_CREATE", why))
}

/// The record with its number.
pub(super) fn numbered(number: NhsNumber, draft: &Value) -> Value {
    let mut patient = Map::new();
    patient.insert("resourceType".into(), "Patient".into());
    patient.insert("id".into(), number.as_str().into());
    patient.insert("identifier".into(), json!([identifier(number)]));
    patient.insert("meta".into(), meta());
    patient.extend(draft.as_object().cloned().unwrap_or_default());
    Value::Object(patient)
}

fn identifier(number: NhsNumber) -> Value {
    json!({
        "system": url::NHS_NUMBER,
        "value": number.as_str(),
        "extension": [{
            "url": url::NUMBER_VERIFICATION,
            "valueCodeableConcept": { "coding": [{
                "system": url::NUMBER_VERIFICATION_CODES,
                "version": "1.0.0",
                "code": "01",
                "display": "Number present and verified",
            }] },
        }],
    })
}

fn meta() -> Value {
    json!({
        "versionId": "1",
        "security": [
            { "system": url::CONFIDENTIALITY, "code": "U", "display": "unrestricted" },
        ],
    })
}
