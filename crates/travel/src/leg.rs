//! One thing that travelled, and what came back.

use serde::{Deserialize, Serialize};

/// One end of a leg.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// What it is called where nothing better is known: a client, a mailbox, an endpoint, or the
    /// title of an API.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The organisation that owns it; empty for the exchange's own.
    #[serde(rename = "o", default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
}

impl Party {
    /// A part of the exchange itself.
    pub fn own(name: impl Into<String>) -> Self {
        Self { name: name.into(), organisation: String::new() }
    }
}

/// How a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// With the answer, at once.
    Answered,
    /// With an acknowledgement: what comes of it comes later, if at all.
    Acknowledged,
    /// Nothing comes back on this leg.
    Told,
    /// Nothing comes back on this leg either: it is itself the receipt for something before it.
    Receipt,
    /// The other side did not want it.
    Refused,
    /// It did not arrive, or nothing came back.
    Failed,
}

/// One thing that travelled from one party to another, and what came back on the same way. It says
/// nothing about a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Who began it.
    #[serde(rename = "f")]
    pub from: Party,
    /// Who was called.
    #[serde(rename = "t")]
    pub to: Party,
    /// What was asked or sent: the interaction, or the kind of message.
    #[serde(rename = "w")]
    pub what: String,
    /// How they spoke: `FHIR`, `SOAP`, `MESH`.
    #[serde(rename = "x", default, skip_serializing_if = "String::is_empty")]
    pub wire: String,
    /// How long it took to the end of the answer, in microseconds.
    #[serde(rename = "u", default)]
    pub took_us: u64,
    /// The size of what was sent, in bytes; nothing when that is not known.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub sent_bytes: Option<u64>,
    /// The size of what came back, in bytes; nothing when that is not known.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub got_bytes: Option<u64>,
    /// What came back, in a few words: `200 OK`, `no answer within 30 s`.
    #[serde(rename = "e")]
    pub outcome: String,
    /// How it ended.
    #[serde(rename = "k")]
    pub ended: Ended,
}
