//! Systems, and the parties under whose keys they exchange messages, as records of the directory.
//!
//! Their shapes are [`nhs::directory`]'s. A party is also an endpoint of the broker, named by its
//! key: messages to it are pushed there. What is pushed to the exchange's own party, which has no
//! address, the exchange works on itself.

use std::collections::HashSet;

use base::limit::ADDRESS_BYTES_MAX;
use broker::{ENDPOINT, Endpoint};
use nhs::directory::{PARTY, Party, SYSTEM, System};
use store::directory::Record;
use store::{Store, StoreError};

use super::File;

/// The wire of the endpoint that a party is.
const WIRE: &str = "ebxml";
/// The most messages on their way to a party at once.
const PUSHES_MAX: u32 = 128;
/// How long a party may take to answer, in seconds.
const PUSH_S_MAX: u32 = 30;

/// The record of a system.
pub(crate) fn record(system: &System) -> Record {
    super::record(SYSTEM, &system.asid, serde_json::to_string(system))
}

/// The records of a party: itself, and the endpoint that it is. The exchange's own is one when it
/// takes anything.
pub(crate) fn party_records(party: &Party) -> Vec<Record> {
    let itself = super::record(PARTY, &party.key, serde_json::to_string(party));
    let takes = !party.is_the_exchange() || !party.contract.is_empty();
    let endpoint = takes.then(|| endpoint(party));
    let endpoint = endpoint.map(|one| broker::record(ENDPOINT, &one.name, &one));
    std::iter::once(itself).chain(endpoint).collect()
}

/// The endpoint that a party is.
fn endpoint(party: &Party) -> Endpoint {
    Endpoint {
        name: party.key.clone(),
        url: party.address.clone(),
        wire: WIRE.to_owned(),
        organisation: party.organisation.to_ascii_uppercase(),
        secrets: Vec::new(),
        acknowledges: !party.is_the_exchange(),
        in_order: false,
        pushes_max: PUSHES_MAX,
        push_s_max: PUSH_S_MAX,
        private: party.private,
        closed: party.closed,
    }
}

impl File {
    /// What is wrong with the systems and parties of a file.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn system_mistakes(&self, store: &Store) -> Result<Vec<String>, StoreError> {
        let mut mistakes = Vec::new();
        for one in &self.system {
            let (asid, named) = (&one.asid, &one.interactions);
            if !(asid.len() == 12 && asid.bytes().all(|byte| byte.is_ascii_digit())) {
                mistakes.push(format!("system {asid}: an ASID is twelve digits"));
            }
            mistakes.extend(named.iter().filter(|it| !it.contains(':')).map(|it| {
                format!("system {asid}: '{it}' is no <api>:<interaction>. hint: pds:get-patient")
            }));
            if !self.has_organisation(store, &one.organisation)? {
                let code = &one.organisation;
                mistakes.push(format!("system {asid}: there is no organisation {code}"));
            }
        }
        let mut cpas = HashSet::new();
        for one in &self.party {
            mistakes.extend(party_mistakes(one));
            if !self.has_organisation(store, &one.organisation)? {
                let (key, code) = (&one.key, &one.organisation);
                mistakes.push(format!("party {key}: there is no organisation {code}"));
            }
            let again = one.contract.iter().filter(|one| !cpas.insert(&one.cpa));
            mistakes
                .extend(again.map(|it| format!("party {}: cpa {}: named twice", one.key, it.cpa)));
        }
        mistakes.extend(self.second_exchanges(store)?);
        Ok(mistakes)
    }

    /// Parties without an address beside the one that is the exchange: what is sent to it would
    /// go to one of them.
    fn second_exchanges(&self, store: &Store) -> Result<Vec<String>, StoreError> {
        let here = |key: &str| self.party.iter().any(|one| one.key == key);
        let kept = store.directory().all(PARTY)?.into_iter().filter(|(key, _)| !here(key));
        let mut known = kept.filter_map(|(key, body)| {
            Party::read(&body).ok().filter(Party::is_the_exchange).map(|_| key)
        });
        let mut exchange = known.next();
        let mut mistakes = Vec::new();
        for one in self.party.iter().filter(|one| one.is_the_exchange()) {
            match &exchange {
                Some(it) => mistakes.push(format!(
                    "party {}: has no address, and the exchange itself is {it}. hint: give it one",
                    one.key
                )),
                None => exchange = Some(one.key.clone()),
            }
        }
        Ok(mistakes)
    }

    /// Whether the file or the store has an organisation.
    fn has_organisation(&self, store: &Store, code: &str) -> Result<bool, StoreError> {
        let upper = code.to_ascii_uppercase();
        let here = self.organisation.iter().any(|known| known.ods.eq_ignore_ascii_case(&upper));
        Ok(here || store.directory().get("organisation", &upper)?.is_some())
    }
}

/// What is wrong with a party by itself.
fn party_mistakes(party: &Party) -> Vec<String> {
    let key = &party.key;
    let mut mistakes = Vec::new();
    let shaped = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if key.is_empty() || key.len() > ADDRESS_BYTES_MAX || !key.bytes().all(shaped) {
        mistakes.push(format!("party {key}: a key is 1 to 64 letters, digits and hyphens"));
    }
    if !party.is_the_exchange()
        && let Err(why) = courier::check(&endpoint(party))
    {
        mistakes.push(format!("party {key}: {why}"));
    }
    for one in &party.contract {
        let mut wrong = |why: &str| mistakes.push(format!("party {key}: cpa {}: {why}", one.cpa));
        if one.cpa.is_empty() || one.cpa.len() > ADDRESS_BYTES_MAX {
            wrong("a cpa is 1 to 64 characters");
        }
        if one.interactions.is_empty() || one.interactions.iter().any(|it| !it.contains(':')) {
            wrong("interactions are <service>:<interaction>, one or more");
        }
        if one.retry_interval_s().is_none() || one.persist_duration_s().is_none() {
            wrong("a duration is written so: PT1M");
        }
    }
    mistakes
}

#[cfg(test)]
mod tests;
