//! What is put right without asking: before the rules look, and after they are content.

use base::Dice;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::change::text;
use super::{items, pharmacy};

/// Lists whose items carry an id.
const WITH_ID: [&str; 5] = ["name", "address", "telecom", "contact", "generalPractitioner"];
/// Lists whose items carry a period of their own.
const WITH_PERIOD: [&str; 4] = ["name", "address", "telecom", "contact"];

/// Fills in what need not be sent: a start of today; and drops what is not kept: full stops after
/// a title, the period of a pharmacy.
pub(crate) fn prepare(before: &Value, after: &mut Value, today: Date) {
    let start = today.to_string();
    for list in WITH_PERIOD {
        for item in touched(before, after, list) {
            default_start(item, &start, list == "telecom");
            if list == "name" {
                drop_full_stops(item);
            }
        }
    }
    for item in touched(before, after, "generalPractitioner") {
        if let Some(identifier) = item.get_mut("identifier").and_then(Value::as_object_mut) {
            default_start(identifier, &start, false);
        }
    }
    let managing = before.get("managingOrganization") != after.get("managingOrganization");
    let organisation = after.pointer_mut("/managingOrganization/identifier");
    if let Some(identifier) = organisation.and_then(Value::as_object_mut).filter(|_| managing) {
        default_start(identifier, &start, false);
    }
    for item in touched(before, after, "extension") {
        drop_pharmacy_period(item);
    }
}

/// Gives ids to new items, and writes addresses and codes as they are kept.
pub(crate) fn finish(before: &Value, after: &mut Value, dice: &Dice) {
    for list in WITH_ID {
        let mut taken = ids(after, list);
        for item in touched(before, after, list) {
            if !item.contains_key("id") {
                let id = new_id(&taken, dice);
                taken.push(id.clone());
                item.shift_insert(0, "id".into(), id.into());
            }
        }
    }
    for item in touched(before, after, "address") {
        drop_blank_lines(item);
        pad_keys(item);
    }
    for item in touched(before, after, "generalPractitioner") {
        capitals(item.get_mut("identifier"));
    }
    capitals(after.pointer_mut("/managingOrganization/identifier"));
    for list in super::LISTS {
        if items(after, list).is_empty()
            && let Some(members) = after.as_object_mut()
        {
            members.shift_remove(list);
        }
    }
}

/// The items of a list that are new or not as they were, when they are objects at all.
fn touched<'a>(
    before: &'a Value,
    after: &'a mut Value,
    list: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let known = items(before, list);
    let items = after.get_mut(list).and_then(Value::as_array_mut);
    let different = items.into_iter().flatten().filter(|item| !known.contains(item));
    different.filter_map(Value::as_object_mut)
}

/// A telecom may have a period with nothing but an end; elsewhere that is a mistake of the sender.
fn default_start(item: &mut Map<String, Value>, today: &str, end_alone_will_do: bool) {
    match item.get_mut("period") {
        None => {
            item.insert("period".into(), json!({ "start": today }));
        }
        Some(Value::Object(period)) if end_alone_will_do && !period.contains_key("start") => {
            period.shift_insert(0, "start".into(), today.into());
        }
        Some(_) => {}
    }
}

fn drop_full_stops(name: &mut Map<String, Value>) {
    let prefixes = name.get_mut("prefix").and_then(Value::as_array_mut);
    for prefix in prefixes.into_iter().flatten() {
        let shorter = prefix.as_str().map(|prefix| prefix.trim_end_matches('.').to_owned());
        if let Some(shorter) = shorter.filter(|shorter| !shorter.is_empty()) {
            *prefix = shorter.into();
        }
    }
}

fn drop_pharmacy_period(extension: &mut Map<String, Value>) {
    let url = extension.get("url").and_then(Value::as_str).unwrap_or_default();
    if pharmacy::KINDS.contains(&url)
        && let Some(identifier) = extension
            .get_mut("valueReference")
            .and_then(|reference| reference.get_mut("identifier"))
            .and_then(Value::as_object_mut)
    {
        identifier.shift_remove("period");
    }
}

fn drop_blank_lines(address: &mut Map<String, Value>) {
    if let Some(lines) = address.get_mut("line").and_then(Value::as_array_mut) {
        lines.retain(|line| line.as_str().is_some_and(|line| !line.trim().is_empty()));
    }
}

/// Keys of the postcode address file have eight digits; leading zeros are often lost on the way.
fn pad_keys(address: &mut Map<String, Value>) {
    let keys = address.get_mut("extension").and_then(Value::as_array_mut);
    for key in keys.into_iter().flatten() {
        let kind = super::change::part(key, "type");
        let kind = kind.and_then(|part| part.pointer("/valueCoding/code")).and_then(Value::as_str);
        if kind != Some("PAF") {
            continue;
        }
        let parts = key.get_mut("extension").and_then(Value::as_array_mut);
        for part in parts.into_iter().flatten() {
            if text(part, "url") == "value" {
                let padded = format!("{:0>8}", text(part, "valueString"));
                if let Some(value) = part.get_mut("valueString") {
                    *value = padded.into();
                }
            }
        }
    }
}

/// The code of a practice is written in capitals.
fn capitals(identifier: Option<&mut Value>) {
    if let Some(Value::String(code)) = identifier.and_then(|found| found.get_mut("value")) {
        code.make_ascii_uppercase();
    }
}

fn ids(record: &Value, list: &str) -> Vec<String> {
    items(record, list).iter().map(|item| text(item, "id").to_owned()).collect()
}

/// Eight upper-case hexadecimal digits that no other item of the list has.
fn new_id(taken: &[String], dice: &Dice) -> String {
    loop {
        let id = format!("{:08X}", dice.bits() as u32);
        if !taken.contains(&id) {
            return id;
        }
    }
}
