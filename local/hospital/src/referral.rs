//! What the emergency department knows of somebody who was referred to it.

use desk::bars::Arrival;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The kind of the records.
pub(crate) const KIND: &str = "referral";

/// A referral in the inbox of the emergency department.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Referral {
    /// The id of the ServiceRequest, given by who referred.
    pub id: String,
    /// What people call it: short enough to be said on a telephone.
    pub reference: String,
    /// The status of the ServiceRequest.
    pub status: String,
    /// The service that referred.
    pub from: String,
    /// The conversation that it came in.
    pub conversation: Uuid,
    /// The header of the message that brought it.
    pub header: String,
    /// When the sender last changed it.
    pub changed: Timestamp,
    /// The ServiceRequest, as it stands.
    pub service_request: Value,
    /// The patient, as the sender described them: known here or not, with a number or without.
    pub patient: Value,
    /// What arrived about it, oldest first.
    pub arrivals: Vec<Arrival>,
    /// What the department told the sender became of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub told: String,
}
