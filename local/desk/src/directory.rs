//! Asking the national directory who takes which messages, and under which contract.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/spine-directory-service-fhir>.

use http::Method;
use jiff::SignedDuration;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::bars::ORGANISATION;
use crate::call::Call;
use crate::client::Trouble;
use crate::conversation::Conversation;
use crate::desk::Desk;

const BASE: &str = "/spine-directory/FHIR/R4";
const SERVICE: &str = "directory";
const INTERACTION: &str = "https://fhir.nhs.uk/Id/nhsServiceInteractionId";
const PARTY: &str = "https://fhir.nhs.uk/Id/nhsMhsPartyKey";
const SYSTEM: &str = "https://fhir.nhs.uk/Id/nhsSpineASID";
const CONTRACT: &str = "https://fhir.nhs.uk/Id/nhsMhsCPAId";
const PERSIST: &str = "nhsMHSPersistDuration";

/// A system that the directory knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The accredited id of the system.
    pub system: String,
    /// The party key of its message handler.
    pub party: String,
}

/// How a party takes messages of an interaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    /// The code of the organisation that the party belongs to.
    pub organisation: String,
    /// The id of the contract.
    pub cpa: String,
    /// How long a message may be under way, in seconds, when that is said.
    pub persist_s: Option<i64>,
}

/// The system of an organisation that takes an interaction; nothing when none does, or more than
/// one.
///
/// # Errors
/// Why no answer came.
pub async fn system(
    desk: &Desk,
    conversation: &Conversation,
    organisation: &str,
    interaction: &str,
) -> Result<Option<Listed>, Trouble> {
    let asked =
        [("organization", ORGANISATION, organisation), ("identifier", INTERACTION, interaction)];
    let found = only(desk, conversation, "Device", &asked).await?;
    Ok(found.map(|device| Listed {
        system: identifier(&device, SYSTEM),
        party: identifier(&device, PARTY),
    }))
}

/// The contract under which a party takes an interaction; nothing when it does not.
///
/// # Errors
/// Why no answer came.
pub async fn contract(
    desk: &Desk,
    conversation: &Conversation,
    party: &str,
    interaction: &str,
) -> Result<Option<Contract>, Trouble> {
    let asked = [("identifier", INTERACTION, interaction), ("identifier", PARTY, party)];
    let found = only(desk, conversation, "Endpoint", &asked).await?;
    Ok(found.map(|endpoint| {
        let organisation = endpoint.pointer("/managingOrganization/identifier/value");
        Contract {
            organisation: organisation.and_then(Value::as_str).unwrap_or_default().to_owned(),
            cpa: identifier(&endpoint, CONTRACT),
            persist_s: persist_s(&endpoint),
        }
    }))
}

/// The only thing that a search finds; nothing when it finds none, or several.
async fn only(
    desk: &Desk,
    conversation: &Conversation,
    kind: &str,
    asked: &[(&str, &str, &str)],
) -> Result<Option<Value>, Trouble> {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let query = asked
        .iter()
        .map(|(name, system, value)| format!("{name}={}", encoded(&format!("{system}|{value}"))));
    let query = query.collect::<Vec<_>>().join("&");
    let url = format!("{}{BASE}/{kind}?{query}", desk.card.exchange);
    let call = Call::new(Method::GET, url, SERVICE, format!("look up one {kind}")).with_api_key();
    let answer = desk.call(conversation, call).await?;
    if !answer.is_good() {
        return Err(Trouble::Refused(answer.status));
    }
    let mut bundle = answer.json();
    let entries = bundle.get_mut("entry").and_then(Value::as_array_mut);
    let Some([entry]) = entries.map(Vec::as_mut_slice) else { return Ok(None) };
    Ok(entry.get_mut("resource").map(Value::take))
}

fn identifier(resource: &Value, system: &str) -> String {
    let all = resource.get("identifier").and_then(Value::as_array).into_iter().flatten();
    let mut known = all.filter(|one| one.get("system") == Some(&system.into()));
    let value = known.next().and_then(|one| one.get("value")?.as_str());
    value.unwrap_or_default().to_owned()
}

fn persist_s(endpoint: &Value) -> Option<i64> {
    let outer = endpoint.get("extension").and_then(Value::as_array).into_iter().flatten();
    let inner = outer.filter_map(|one| one.get("extension")?.as_array()).flatten();
    let mut named = inner.filter(|one| one.get("url") == Some(&PERSIST.into()));
    let text = named.next()?.get("valueString")?.as_str()?;
    text.parse::<SignedDuration>().ok().map(|length| length.as_secs())
}
