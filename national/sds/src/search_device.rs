//! `GET /Device`: the systems of an organisation that are accredited for an interaction.

use nhs::directory::Party;
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
    if asked.organisation.is_none() {
        return Err(malformed(ORGANISATION));
    }
    let Some(interaction) = &asked.interaction else { return Err(malformed(IDENTIFIER)) };
    let media_type = media_type(&request)?;
    let parties = house.parties()?;
    let party = |key: Option<&String>| -> Option<&Party> {
        parties.iter().find(|party| Some(&party.key) == key)
    };
    let mut found = Vec::new();
    for system in house.systems()? {
        let party = party(system.party_key.as_ref());
        let meant = fits(asked.organisation.as_ref(), &system.organisation)
            && fits(asked.party_key.as_ref(), system.party_key.as_deref().unwrap_or_default())
            && fits(
                asked.manufacturer.as_ref(),
                system.manufacturer.as_deref().unwrap_or_default(),
            )
            && takes(&system, party, interaction);
        if meant {
            found.push(device(&system, party, interaction));
        }
    }
    Ok(searchset(&house, &request, (media_type, &correlation), found))
}
