//! What an answer to a search shows of a patient: less than a read does.

use nhs::url::DEATH_NOTIFICATION;
use serde_json::Value;

const MEMBERS: [&str; 14] = [
    "resourceType",
    "id",
    "identifier",
    "meta",
    "name",
    "gender",
    "birthDate",
    "multipleBirthInteger",
    "deceasedDateTime",
    "address",
    "telecom",
    "contact",
    "generalPractitioner",
    "extension",
];

/// The published part of a patient, of what the caller may see: names in use, the home address,
/// contact details, the practice, birth and death but not the place of birth.
pub(crate) fn of(mut patient: Value) -> Value {
    let Some(members) = patient.as_object_mut() else { return patient };
    members.retain(|member, value| {
        MEMBERS.contains(&member.as_str())
            && match member.as_str() {
                "name" => keep(value, "use", &["usual", "nickname", "temp"]),
                "address" => keep(value, "use", &["home"]),
                "extension" => keep(value, "url", &[DEATH_NOTIFICATION]),
                _ => true,
            }
    });
    patient
}

/// Keeps the items whose member has one of these values; whether any are left.
fn keep(list: &mut Value, member: &str, values: &[&str]) -> bool {
    let Some(items) = list.as_array_mut() else { return false };
    items.retain(|item| {
        item.get(member).and_then(Value::as_str).is_some_and(|value| values.contains(&value))
    });
    !items.is_empty()
}

#[cfg(test)]
mod tests;
