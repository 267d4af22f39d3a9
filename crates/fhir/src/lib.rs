//! Floor 1: FHIR R4 as a language. JSON within limits, bundles, messages, OperationOutcome, search
//! values.
//!
//! Pure: no input or output, no clock, nothing async. Resources are JSON values, not types: what
//! came in goes out unchanged, decimals and order included.

pub mod bundle;
pub mod json;
pub mod message;
pub mod outcome;
pub mod prefix;

/// The media type of FHIR as JSON.
pub const MEDIA_TYPE: &str = "application/fhir+json";
