//! What leaves a record is remembered, so that a search of the history finds it.

use serde_json::Value;

use crate::record::Annex;
use crate::rule::{changes, removed};

/// The most that is remembered of a kind; beyond it the oldest is forgotten here, though every
/// version stays in the store.
const PAST_MAX: usize = 100;

/// Adds to the annex what was true and no longer is.
pub(super) fn remember(annex: &mut Annex, before: &Value, after: &Value) {
    let Annex { past_names, past_addresses, past_telecoms, past_genders, .. } = annex;
    keep(past_names, gone(before, after, "name", &["family", "given"]));
    keep(past_addresses, gone(before, after, "address", &["line", "postalCode"]));
    keep(past_telecoms, gone(before, after, "telecom", &["value"]));
    let gender = |record: &Value| record.get("gender").and_then(Value::as_str).map(str::to_owned);
    let (old, new) = (gender(before), gender(after));
    keep(past_genders, old.filter(|old| new.as_ref() != Some(old)).into_iter().collect());
}

/// The items of a list that are no longer there, or whose telling members are not as they were.
fn gone(before: &Value, after: &Value, list: &str, telling: &[&str]) -> Vec<Value> {
    let changes = changes(before, after, list);
    let rewritten = changes.iter().filter(|c| telling.iter().any(|member| c.changed(member)));
    rewritten
        .filter_map(|change| change.before)
        .chain(removed(before, after, list))
        .cloned()
        .collect()
}

fn keep<T: PartialEq>(past: &mut Vec<T>, gone: Vec<T>) {
    for item in gone {
        if !past.contains(&item) {
            past.push(item);
        }
    }
    past.drain(..past.len().saturating_sub(PAST_MAX));
}
