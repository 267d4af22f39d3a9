//! Strict JSON for tokens and keys: small, shallow, and no member twice.
//!
//! Two readers that disagree on which of two members counts can be played off against each other,
//! so an object that repeats a member is refused (RFC 7515 section 4 allows that).

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Why some bytes are not JSON that is taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not JSON, not UTF-8, or no object.
    NotJson,
    /// It nests deeper than asked for.
    TooDeep,
    /// An object has a member twice.
    Repeated,
}

/// Reads one object that nests at most `depth_max` deep, itself included.
///
/// # Errors
/// [`Refused`] says why not.
pub fn object(bytes: &[u8], depth_max: usize) -> Result<Map<String, Value>, Refused> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refused::NotJson)?;
    if !text.trim_start().starts_with('{') {
        return Err(Refused::NotJson);
    }
    members(text, depth_max)
}

fn members(text: &str, depth_left: usize) -> Result<Map<String, Value>, Refused> {
    let depth_left = depth_left.checked_sub(1).ok_or(Refused::TooDeep)?;
    let Pairs(pairs) = serde_json::from_str(text).map_err(|_| Refused::NotJson)?;
    let mut object = Map::with_capacity(pairs.len());
    for (name, raw) in pairs {
        if object.insert(name, value(raw.get(), depth_left)?).is_some() {
            return Err(Refused::Repeated);
        }
    }
    Ok(object)
}

fn value(text: &str, depth_left: usize) -> Result<Value, Refused> {
    if text.starts_with('{') {
        return members(text, depth_left).map(Value::Object);
    }
    if !text.starts_with('[') {
        return serde_json::from_str(text).map_err(|_| Refused::NotJson);
    }
    let depth_left = depth_left.checked_sub(1).ok_or(Refused::TooDeep)?;
    let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| Refused::NotJson)?;
    items.into_iter().map(|raw| value(raw.get(), depth_left)).collect()
}

/// The members of an object in order, each as it is written.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(Members)
    }
}

struct Members;

impl<'de> serde::de::Visitor<'de> for Members {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests;
