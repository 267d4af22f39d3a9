//! Systems and parties, as the directory keeps them: who exchanges messages, where they are found,
//! and how reliably each interaction is carried.
//!
//! A *system* is a program with an accredited system id. A *party* is a message handler: the key
//! that messages are addressed to, where it is, and for which interactions it has contracts. The
//! words are those of the national directory service,
//! <https://digital.nhs.uk/developer/api-catalogue/spine-directory-service-fhir>.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The kind of directory record that holds a [`System`], by its ASID.
pub const SYSTEM: &str = "system";
/// The kind of directory record that holds a [`Party`], by its key.
pub const PARTY: &str = "party";

/// A program that calls or presents an API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Its accredited system id.
    pub asid: String,
    /// The ODS code of the organisation that owns it.
    pub organisation: String,
    /// Its name.
    pub name: String,
    /// The party key under which it exchanges messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_key: Option<String>,
    /// The ODS code of the organisation that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// What it is registered for, each as `<api>:<interaction>`, such as `pds:get-patient`. A
    /// system that names nothing is registered for everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interactions: Vec<String>,
}

/// A message handler: where messages for a party key go, and under which contracts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The party key, such as `B86041-822103`.
    pub key: String,
    /// The ODS code of the organisation that owns it.
    pub organisation: String,
    /// Where its messages are posted to. The party without one is the exchange itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Whether that may be an address that only this machine or network knows.
    #[serde(default, skip_serializing_if = "is_not")]
    pub private: bool,
    /// The name of its host, as its certificate has it; that of the address when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fqdn: String,
    /// Whether it takes no more messages.
    #[serde(default, skip_serializing_if = "is_not")]
    pub closed: bool,
    /// What it takes, and how.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contract: Vec<Contract>,
}

/// A collaboration protocol agreement: which interactions a party takes, and how reliably.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Its id, which every message under it names: `eb:CPAId`.
    pub cpa: String,
    /// How the messages travel.
    pub pattern: Pattern,
    /// Which interactions, each as `<service>:<interaction>`, such as
    /// `urn:nhs:names:services:gp2gp:RCMR_IN010000UK05`.
    pub interactions: Vec<String>,
    /// How often a message that nobody acknowledged is sent again.
    #[serde(default = "retries")]
    pub retries: u32,
    /// How long to wait before that, such as `PT1M`.
    #[serde(default = "retry_interval")]
    pub retry_interval: String,
    /// When a message is given up, and for how long its id is remembered, such as `PT5M`.
    #[serde(default = "persist_duration")]
    pub persist_duration: String,
}

/// How messages travel: the five patterns of the national message broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// A question, and its answer in the same call.
    Synchronous,
    /// Taken on at once; the answer comes later in a call of its own.
    AsyncExpress,
    /// The same, acknowledged and without duplicates.
    AsyncReliable,
    /// Passed on to another party, who acknowledges it; without duplicates.
    ForwardReliable,
    /// Passed on to another party, and no more is said.
    ForwardExpress,
}

impl System {
    /// Reads the JSON text of a record.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }
}

impl Party {
    /// Reads the JSON text of a record.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    /// Whether it is the exchange itself.
    pub fn is_the_exchange(&self) -> bool {
        self.address.is_empty()
    }

    /// The contract for an interaction, as `<service>:<interaction>`.
    pub fn contract_for(&self, interaction: &str) -> Option<&Contract> {
        self.contract.iter().find(|one| one.interactions.iter().any(|known| known == interaction))
    }

    /// The name of its host.
    pub fn host(&self) -> &str {
        if !self.fqdn.is_empty() {
            return &self.fqdn;
        }
        let (_, rest) = self.address.split_once("://").unwrap_or(("", &self.address));
        rest.split(['/', ':', '?']).next().unwrap_or_default()
    }
}

impl Contract {
    /// A contract with the usual retries, where its pattern has any.
    pub fn new(cpa: String, pattern: Pattern, interactions: Vec<String>) -> Self {
        Self {
            cpa,
            pattern,
            interactions,
            retries: retries(),
            retry_interval: retry_interval(),
            persist_duration: persist_duration(),
        }
    }

    /// How long to wait before a message is sent again, in seconds; nothing when that is no
    /// duration.
    pub fn retry_interval_s(&self) -> Option<u32> {
        seconds(&self.retry_interval)
    }

    /// When a message is given up, in seconds; nothing when that is no duration.
    pub fn persist_duration_s(&self) -> Option<u32> {
        seconds(&self.persist_duration)
    }
}

impl Pattern {
    /// Whether the receiver is to drop what it has seen before: `nhsMHSDuplicateElimination`.
    pub fn eliminates_duplicates(self) -> bool {
        matches!(self, Self::AsyncReliable | Self::ForwardReliable)
    }

    /// Whether the receiver is to acknowledge: `nhsMHSAckRequested`.
    pub fn asks_for_acknowledgment(self) -> bool {
        self.eliminates_duplicates()
    }

    /// Whether signals come in the answer to the call: `nhsMHSSyncReplyMode`.
    pub fn signals_in_the_answer(self) -> bool {
        matches!(self, Self::AsyncExpress | Self::AsyncReliable)
    }

    /// Whether somebody else than the exchange is the receiver.
    pub fn is_forward(self) -> bool {
        matches!(self, Self::ForwardReliable | Self::ForwardExpress)
    }

    /// Who is to acknowledge: `nhsMHSActor`; nothing when nobody is.
    pub fn actor(self) -> Option<&'static str> {
        match self {
            Self::AsyncReliable => Some("urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH"),
            Self::ForwardReliable => Some("urn:oasis:names:tc:ebxml-msg:actor:nextMSH"),
            _ => None,
        }
    }
}

fn seconds(duration: &str) -> Option<u32> {
    let duration: SignedDuration = duration.parse().ok()?;
    u32::try_from(duration.as_secs()).ok().filter(|seconds| *seconds > 0)
}

fn retries() -> u32 {
    2
}

fn retry_interval() -> String {
    "PT1M".to_owned()
}

fn persist_duration() -> String {
    "PT5M".to_owned()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_not(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests;
