//! The names under which a patient can be found, written so that they compare.

use serde_json::Value;

use crate::Record;

pub(crate) mod fold;
pub(crate) mod soundex;

/// What a name is to the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The name in use.
    Usual,
    /// A nickname or a temporary name, in use beside the usual one.
    Other,
    /// A name of the past: found only by a search of the history.
    Past,
}

/// A name, folded: see [`fold::fold`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// What it is to the patient.
    pub kind: Kind,
    /// The family name.
    pub family: String,
    /// The given names, the first name first.
    pub given: Vec<String>,
}

/// The names of a record that may be searched. What stands in the resource as `usual`, `nickname`
/// or `temp` is in use, whatever its period says, as in the published examples; `old` and `maiden`
/// and what the annex remembers are past. A name without a family name, as nicknames often are,
/// goes with the usual one.
pub(crate) fn of(record: &Record) -> Vec<Name> {
    let written = record.patient.get("name").and_then(Value::as_array);
    let written = written.into_iter().flatten().filter_map(|name| Some((kind(name)?, name)));
    let past = record.annex.past_names.iter().map(|name| (Kind::Past, name));
    let mut names: Vec<Name> = written.chain(past).map(|(kind, name)| read(kind, name)).collect();
    let usual = names.iter().find(|name| name.kind == Kind::Usual);
    let family = usual.map(|name| name.family.clone()).unwrap_or_default();
    for name in &mut names {
        if name.family.is_empty() {
            name.family.clone_from(&family);
        }
    }
    names.retain(|name| !name.family.is_empty());
    names
}

fn kind(name: &Value) -> Option<Kind> {
    match name.get("use").and_then(Value::as_str)? {
        "usual" => Some(Kind::Usual),
        "nickname" | "temp" => Some(Kind::Other),
        "old" | "maiden" => Some(Kind::Past),
        _ => None,
    }
}

fn read(kind: Kind, name: &Value) -> Name {
    let given = name.get("given").and_then(Value::as_array).into_iter().flatten();
    let given = given.filter_map(Value::as_str).map(fold::fold);
    Name {
        kind,
        family: fold::fold(name.get("family").and_then(Value::as_str).unwrap_or_default()),
        given: given.filter(|given| !given.is_empty()).collect(),
    }
}
