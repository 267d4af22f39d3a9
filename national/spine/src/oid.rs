//! The object identifiers that Spine's messages speak of.

/// Interactions, by name.
pub const INTERACTION: &str = "2.16.840.1.113883.2.1.3.2.4.12";
/// Systems, by accredited system id (ASID).
pub const ASID: &str = "1.2.826.0.1285.0.2.0.107";
/// Patients, by NHS number.
pub const NHS_NUMBER: &str = "2.16.840.1.113883.2.1.4.1";
/// Organisations, by ODS code.
pub const ORGANISATION: &str = "2.16.840.1.113883.2.1.4.3";
/// Parts of a demographic record, by the id that the record gives them.
pub const PDS_OBJECT: &str = "2.16.840.1.113883.2.1.3.2.4.18.1";
/// What can be wrong with a question to the demographics.
pub const PDS_ERROR: &str = "2.16.840.1.113883.2.1.3.2.4.17.42";
/// What kind of observation stands in a demographic record.
pub const PDS_OBSERVATION: &str = "2.16.840.1.113883.2.1.3.2.4.17.35";
/// What a patient is registered somewhere for.
pub const CARE_PROVISION: &str = "2.16.840.1.113883.2.1.3.2.4.17.37";
