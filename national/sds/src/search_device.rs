//! `GET /Device`: the systems of an organisation that are accredited for an interaction.

use service::{Answer, Request};

use crate::House;
use crate::bundle::{correlation, media_type, searchset};
use crate::device::{device, takes};
use crate::query::{Asked, IDENTIFIER, MANUFACTURER, ORGANISATION, fits, malformed};

/// The name of the interaction.
pub(crate) const NAME: &str = "search-device";

/// Answers `GET /Device`.
pub(crate) async fn search_device(house: House, request: Request) -> Answer {
    let correlation = correlation(&house, &request)?;
    let asked = Asked::read(&request.query, &[ORGANISATION, IDENTIFIER, MANUFACTURER])?;
    let Some(organisation) = &asked.organisation else { return Err(malformed(ORGANISATION)) };
    let Some(interaction) = &asked.interaction else { return Err(malformed(IDENTIFIER)) };
    let media_type = media_type(&request)?;
    let register = house.register().await?;
    let party = |key: &String| register.parties_by_key(key).find(|party| party.key == *key);
    let mut found = Vec::new();
    for system in register.systems_of(organisation) {
        let party = system.party_key.as_ref().and_then(party);
        let meant = fits(asked.party_key.as_ref(), system.party_key.as_deref().unwrap_or_default())
            && fits(
                asked.manufacturer.as_ref(),
                system.manufacturer.as_deref().unwrap_or_default(),
            )
            && takes(system, party, interaction);
        if meant {
            found.push(device(system, party, interaction));
        }
    }
    Ok(searchset(&house, &request, (media_type, &correlation), found))
}
