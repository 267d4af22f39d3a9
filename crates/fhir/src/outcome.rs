//! OperationOutcome: how FHIR says that something did not happen, or is worth knowing.
//!
//! Clause: <https://hl7.org/fhir/R4/operationoutcome.html>.

use serde_json::{Map, Value, json};

/// One issue of an OperationOutcome.
#[derive(Clone, Debug)]
pub struct Issue<'a> {
    /// `fatal`, `error`, `warning` or `information`.
    pub severity: &'a str,
    /// The issue type.
    pub code: &'a str,
    /// The coded reason, if the API has one.
    pub coding: Option<Coding<'a>>,
    /// Text for a developer; empty when there is none.
    pub diagnostics: &'a str,
}

/// A coded reason.
#[derive(Clone, Debug)]
pub struct Coding<'a> {
    /// The code system.
    pub system: &'a str,
    /// The version of the code system; empty when it has none.
    pub version: &'a str,
    /// The code.
    pub code: &'a str,
    /// The words that go with the code.
    pub display: &'a str,
}

/// An OperationOutcome with one issue.
pub fn operation_outcome(issue: &Issue<'_>) -> Value {
    let mut written = Map::new();
    written.insert("severity".into(), issue.severity.into());
    written.insert("code".into(), issue.code.into());
    if let Some(coding) = &issue.coding {
        written.insert("details".into(), json!({ "coding": [write_coding(coding)] }));
    }
    if !issue.diagnostics.is_empty() {
        written.insert("diagnostics".into(), issue.diagnostics.into());
    }
    json!({ "resourceType": "OperationOutcome", "issue": [written] })
}

fn write_coding(coding: &Coding<'_>) -> Value {
    let mut written = Map::new();
    written.insert("system".into(), coding.system.into());
    if !coding.version.is_empty() {
        written.insert("version".into(), coding.version.into());
    }
    written.insert("code".into(), coding.code.into());
    written.insert("display".into(), coding.display.into());
    Value::Object(written)
}
