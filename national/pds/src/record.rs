//! The record of a patient as it is kept: the FHIR resource that callers see, and an annex that
//! they do not.
//!
//! Kept as bytes `[form][plain][length of the resource, 4 bytes][resource][annex]`, so that a read
//! of an ordinary record needs no parsing: when `plain` is 1, the resource goes out as it is to
//! anybody who may see the record.

use base::Fault;
use bytes::Bytes;
use nhs::NhsNumber;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The kind of patient records in the store.
pub const KIND: &str = "pds-patient";

const FORM: u8 = 1;
const HEAD: usize = 6;

/// The record of a patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The FHIR Patient, whole: what the best-trusted caller sees.
    pub patient: Value,
    /// What no caller sees as it is.
    pub annex: Annex,
}

/// What a record holds beside the FHIR resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Annex {
    /// Whether the record is in use.
    #[serde(default)]
    pub state: State,
    /// What the record said before: names, addresses, contact details. Found by a search of the
    /// history, never shown. Each is an element as it stood in the resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_names: Vec<Value>,
    /// Addresses of the past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_addresses: Vec<Value>,
    /// Contact details of the past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_telecoms: Vec<Value>,
    /// Genders of the past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_genders: Vec<String>,
    /// The RelatedPerson resources of the patient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Value>,
    /// The Coverage resource of the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Value>,
}

/// Whether a record is in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// In use.
    #[default]
    Active,
    /// Merged into the record with this number.
    Superseded(String),
    /// Found to be no record of anybody.
    Invalidated,
}

/// How confidential a record is: the code of `meta.security`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Anybody who may read records may read it.
    Unrestricted,
    /// Nothing that tells where the patient is may be seen.
    Restricted,
    /// Not even who the patient is may be seen.
    VeryRestricted,
}

impl Record {
    /// A record in use with nothing beside the resource.
    pub fn new(patient: Value) -> Self {
        Self { patient, annex: Annex::default() }
    }

    /// How confidential it is.
    pub fn class(&self) -> Class {
        match self.patient.pointer("/meta/security/0/code").and_then(Value::as_str) {
            Some("R") => Class::Restricted,
            Some("V") => Class::VeryRestricted,
            _ => Class::Unrestricted,
        }
    }

    /// The NHS number, as the resource gives it.
    pub fn nhs_number(&self) -> Option<NhsNumber> {
        NhsNumber::parse(self.patient.get("id")?.as_str()?)
    }

    /// The version, as the resource gives it.
    pub fn version(&self) -> u64 {
        let version = self.patient.pointer("/meta/versionId").and_then(Value::as_str);
        version.and_then(|text| text.parse().ok()).unwrap_or(1)
    }

    /// The bytes to keep.
    pub fn encode(&self) -> Bytes {
        let resource = self.patient.to_string();
        let annex = serde_json::to_string(&self.annex).unwrap_or_default();
        from_texts(self.plain(), &resource, &annex)
    }

    /// The record that was kept as these bytes.
    ///
    /// # Errors
    /// When they are not of a record.
    pub fn decode(kept: &Bytes) -> Result<Self, Fault> {
        let (resource, annex) = split(kept).ok_or_else(damaged)?;
        Ok(Self {
            patient: serde_json::from_slice(&resource).map_err(|_| damaged())?,
            annex: serde_json::from_slice(&annex).map_err(|_| damaged())?,
        })
    }

    /// Whether everybody who may read it sees the whole resource as it stands.
    fn plain(&self) -> bool {
        self.annex.state == State::Active
            && self.class() == Class::Unrestricted
            && !crate::view::hides_something(&self.patient)
    }
}

/// The bytes to keep of a record whose parts are JSON text already: for whoever makes many.
///
/// `plain` is whether everybody who may read the record sees the whole resource as it stands; when
/// in doubt it is false.
pub fn from_texts(plain: bool, resource: &str, annex: &str) -> Bytes {
    let mut bytes = Vec::with_capacity(HEAD + resource.len() + annex.len());
    bytes.push(FORM);
    bytes.push(u8::from(plain));
    bytes.extend_from_slice(&(resource.len() as u32).to_be_bytes());
    bytes.extend_from_slice(resource.as_bytes());
    bytes.extend_from_slice(annex.as_bytes());
    bytes.into()
}

/// The resource of a kept record, when it may go out as it is; nothing when it must be parsed and
/// looked at first.
pub fn plain_resource(kept: &Bytes) -> Option<Bytes> {
    if kept.get(1) != Some(&1) {
        return None;
    }
    split(kept).map(|(resource, _)| resource)
}

fn split(kept: &Bytes) -> Option<(Bytes, Bytes)> {
    if kept.first() != Some(&FORM) {
        return None;
    }
    let length: [u8; 4] = kept.get(2..HEAD)?.try_into().ok()?;
    let end = HEAD.checked_add(u32::from_be_bytes(length) as usize)?;
    (end <= kept.len()).then(|| (kept.slice(HEAD..end), kept.slice(end..)))
}

fn damaged() -> Fault {
    Fault::broken("UNKNOWN_ERROR", "a kept record cannot be read")
}
