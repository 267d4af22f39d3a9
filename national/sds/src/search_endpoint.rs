//! `GET /Endpoint`: where messages of an interaction go, and how reliably they travel.

use nhs::directory::Party;
use service::{Answer, Request};

use crate::House;
use crate::bundle::{correlation, media_type, searchset};
use crate::endpoint::endpoint;
use crate::query::{Asked, IDENTIFIER, ORGANISATION, fits, not_enough};

/// The name of the interaction.
pub(crate) const NAME: &str = "search-endpoint";

/// Answers `GET /Endpoint`.
pub(crate) async fn search_endpoint(house: House, request: Request) -> Answer {
    let correlation = correlation(&house, &request)?;
    let asked = Asked::read(&request.query, &[ORGANISATION, IDENTIFIER])?;
    let given = [&asked.organisation, &asked.interaction, &asked.party_key];
    if given.into_iter().flatten().count() < 2 {
        return Err(not_enough());
    }
    let media_type = media_type(&request)?;
    let mut found = Vec::new();
    let register = house.register().await?;
    // Two of the three are given: so an organisation or a key is.
    let parties: Vec<&Party> = match (&asked.party_key, &asked.organisation) {
        (Some(key), _) => register.parties_by_key(key).collect(),
        (None, Some(organisation)) => register.parties_of(organisation).collect(),
        (None, None) => Vec::new(),
    };
    for party in parties {
        let meant = fits(asked.organisation.as_ref(), &party.organisation);
        for contract in party.contract.iter().filter(|_| meant) {
            let wanted = |one: &&String| asked.interaction.as_ref().is_none_or(|it| it == *one);
            let interactions = contract.interactions.iter().filter(wanted);
            found.extend(interactions.map(|one| endpoint(&house, party, contract, one)));
        }
    }
    Ok(searchset(&house, &request, (media_type, &correlation), found))
}
