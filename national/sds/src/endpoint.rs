//! A contract of a party as a FHIR Endpoint: where its messages go, and how reliably.
//!
//! Clause: <https://hl7.org/fhir/R4/endpoint.html>, in the directory's own narrow use of it.

use nhs::directory::{Contract, Party, Pattern};
use nhs::url::{
    CPA_ID, MHS_FQDN, MHS_ID, ODS_CODE, PARTY_KEY, RELIABILITY, SERVICE_INTERACTION,
    SERVICE_INTERACTION_ID,
};
use serde_json::{Value, json};

use crate::House;
use crate::identity::{extension, id_of, identifier, named};

/// The Endpoint for an interaction of a contract.
pub(crate) fn endpoint(house: &House, party: &Party, of: &Contract, interaction: &str) -> Value {
    let address = address(house, party, of.pattern);
    json!({
        "resourceType": "Endpoint",
        "id": id_of(&["Endpoint", &party.key, &of.cpa, interaction]),
        "status": "active",
        "connectionType": {
            "system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
            "code": "hl7-fhir-msg",
            "display": "HL7 FHIR Messaging",
        },
        "payloadType": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/endpoint-payload-type",
            "code": "any",
            "display": "Any",
        }]}],
        "address": address,
        "managingOrganization": named(ODS_CODE, &party.organisation.to_ascii_uppercase()),
        "identifier": [
            identifier(MHS_FQDN, &host(house, party)),
            identifier(PARTY_KEY, &party.key),
            identifier(CPA_ID, &of.cpa),
            identifier(MHS_ID, &of.cpa),
        ],
        "extension": [
            { "url": RELIABILITY, "extension": reliability(of) },
            extension(SERVICE_INTERACTION_ID, SERVICE_INTERACTION, interaction),
        ],
    })
}

/// Where messages are posted to. What is forwarded goes to the exchange, which knows the rest.
fn address(house: &House, party: &Party, pattern: Pattern) -> String {
    let path = match pattern {
        Pattern::ForwardReliable | Pattern::ForwardExpress => "/reliablemessaging/intermediary",
        _ if !party.is_the_exchange() => return party.address.clone(),
        Pattern::AsyncReliable => "/reliablemessaging/reliablerequest",
        Pattern::AsyncExpress => "/reliablemessaging/queryrequest",
        Pattern::Synchronous => "/sync-service",
    };
    format!("{}{path}", house.messages_at)
}

fn host(house: &House, party: &Party) -> String {
    if !party.is_the_exchange() || !party.fqdn.is_empty() {
        return party.host().to_owned();
    }
    let itself = Party { address: house.messages_at.clone(), ..Party::default() };
    itself.host().to_owned()
}

/// The settings of a contract. What nobody acknowledges is not sent again, and says nothing of it.
fn reliability(of: &Contract) -> Vec<Value> {
    let pattern = of.pattern;
    let text = |url: &str, value: &str| json!({ "url": url, "valueString": value });
    let always = |yes: bool| if yes { "always" } else { "never" };
    let mode = if pattern.signals_in_the_answer() { "MSHSignalsOnly" } else { "None" };
    let mut settings = vec![text("nhsMHSSyncReplyMode", mode)];
    if pattern.asks_for_acknowledgment() {
        settings.push(text("nhsMHSRetryInterval", &of.retry_interval));
        settings.push(json!({ "url": "nhsMHSRetries", "valueInteger": of.retries }));
        settings.push(text("nhsMHSPersistDuration", &of.persist_duration));
    }
    let eliminates = always(pattern.eliminates_duplicates());
    settings.push(text("nhsMHSDuplicateElimination", eliminates));
    settings.push(text("nhsMHSAckRequested", always(pattern.asks_for_acknowledgment())));
    settings.extend(pattern.actor().map(|actor| text("nhsMHSActor", actor)));
    settings
}
