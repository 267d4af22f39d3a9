//! A system as a FHIR Device: its ASID, its party key, and what it is accredited for.
//!
//! Clause: <https://hl7.org/fhir/R4/device.html>, in the directory's own narrow use of it.

use nhs::directory::{Party, System};
use nhs::url::{
    ASID, MANUFACTURING_ORGANISATION, ODS_CODE, PARTY_KEY, SERVICE_INTERACTION,
    SERVICE_INTERACTION_ID,
};
use serde_json::{Map, Value};

use crate::identity::{extension, id_of, identifier, named};

/// Whether a system is accredited for an interaction: by its own list, or by a contract of its
/// party. One that names nothing anywhere is accredited for everything.
pub(crate) fn takes(system: &System, party: Option<&Party>, interaction: &str) -> bool {
    let contracts = party.map_or(&[][..], |party| party.contract.as_slice());
    let names_nothing = system.interactions.is_empty() && contracts.is_empty();
    names_nothing || interactions(system, party).any(|known| known == interaction)
}

/// The Device, of which somebody asked for an interaction.
pub(crate) fn device(system: &System, party: Option<&Party>, interaction: &str) -> Value {
    let organisation = system.organisation.to_ascii_uppercase();
    let mut identifiers = vec![identifier(ASID, &system.asid)];
    identifiers.extend(system.party_key.as_ref().map(|key| identifier(PARTY_KEY, key)));
    let mut extensions = Vec::new();
    if let Some(maker) = &system.manufacturer {
        let maker = maker.to_ascii_uppercase();
        extensions.push(extension(MANUFACTURING_ORGANISATION, ODS_CODE, &maker));
    }
    let mut accredited: Vec<&str> = interactions(system, party).collect();
    if accredited.is_empty() {
        accredited.push(interaction);
    }
    extensions.extend(
        accredited
            .into_iter()
            .map(|one| extension(SERVICE_INTERACTION_ID, SERVICE_INTERACTION, one)),
    );
    let mut device = Map::new();
    device.insert("resourceType".into(), "Device".into());
    device.insert("id".into(), id_of(&["Device", &system.asid]).into());
    device.insert("identifier".into(), identifiers.into());
    device.insert("extension".into(), extensions.into());
    device.insert("owner".into(), named(ODS_CODE, &organisation));
    Value::Object(device)
}

/// Everything that a system is named for, once each.
fn interactions<'a>(system: &'a System, party: Option<&'a Party>) -> impl Iterator<Item = &'a str> {
    let own = system.interactions.iter();
    let contracts = party.into_iter().flat_map(|party| &party.contract);
    let contracted = contracts.flat_map(|contract| &contract.interactions);
    let contracted = contracted.filter(|it| !system.interactions.contains(it));
    own.chain(contracted).map(String::as_str)
}
