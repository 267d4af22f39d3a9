//! Bundles: how FHIR gives several resources at once.
//!
//! Clause: <https://hl7.org/fhir/R4/bundle.html>.

use jiff::Timestamp;
use serde_json::{Map, Number, Value, json};

/// One entry of a searchset.
#[derive(Clone, Debug)]
pub struct Found {
    /// The address of the resource.
    pub full_url: String,
    /// How well it fits, from 0 to 1; nothing when the search does not score.
    pub score: Option<f64>,
    /// The resource.
    pub resource: Value,
}

/// A searchset. `entry` is absent when nothing was found.
pub fn searchset(found: Vec<Found>, at: Timestamp) -> Value {
    let mut bundle = Map::new();
    bundle.insert("resourceType".into(), "Bundle".into());
    bundle.insert("type".into(), "searchset".into());
    bundle.insert("timestamp".into(), instant(at).into());
    bundle.insert("total".into(), found.len().into());
    if !found.is_empty() {
        bundle.insert("entry".into(), found.into_iter().map(entry).collect());
    }
    Value::Object(bundle)
}

fn entry(found: Found) -> Value {
    let mut entry = Map::new();
    entry.insert("fullUrl".into(), found.full_url.into());
    if let Some(score) = found.score.and_then(score) {
        entry.insert("search".into(), json!({ "score": score }));
    }
    entry.insert("resource".into(), found.resource);
    Value::Object(entry)
}

/// A score as a number with at most four decimals; a whole one is written `1`.
fn score(score: f64) -> Option<Number> {
    let text = format!("{score:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    serde_json::from_str(text).ok()
}

/// An instant in the form that FHIR asks for, to the second, with an offset.
pub fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
