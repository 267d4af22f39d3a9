//! The systems and parties, in memory: read from the directory once, and again when it has changed.
//!
//! An organisation's and a party's are found without looking at any other, however many there are.

use std::collections::HashMap;

use nhs::directory::{PARTY, Party, SYSTEM, System};
use serde_json::Error;
use store::{Store, StoreError};

/// The systems and parties, as they stand.
#[derive(Debug, Default)]
pub(crate) struct Register {
    systems: Vec<System>,
    /// Those that take messages.
    parties: Vec<Party>,
    systems_of: Places,
    parties_of: Places,
    party_by_key: Places,
}

/// Where in a list records are, by a code or key in upper case.
type Places = HashMap<String, Vec<usize>>;

impl Register {
    /// Reads them, by their ids.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn read(store: &Store) -> Result<Self, StoreError> {
        let systems = all(store, SYSTEM, System::read)?;
        let mut parties = all(store, PARTY, Party::read)?;
        parties.retain(|party| !party.closed);
        Ok(Self {
            systems_of: places(&systems, |system| &system.organisation),
            parties_of: places(&parties, |party| &party.organisation),
            party_by_key: places(&parties, |party| &party.key),
            systems,
            parties,
        })
    }

    /// The systems of an organisation.
    pub(crate) fn systems_of(&self, organisation: &str) -> impl Iterator<Item = &System> {
        found(&self.systems, &self.systems_of, organisation)
    }

    /// The parties of an organisation that take messages.
    pub(crate) fn parties_of(&self, organisation: &str) -> impl Iterator<Item = &Party> {
        found(&self.parties, &self.parties_of, organisation)
    }

    /// The parties that take messages under a key, which may be written in upper or lower case.
    pub(crate) fn parties_by_key(&self, key: &str) -> impl Iterator<Item = &Party> {
        found(&self.parties, &self.party_by_key, key)
    }
}

fn all<T>(
    store: &Store,
    kind: &'static str,
    read: impl Fn(&str) -> Result<T, Error>,
) -> Result<Vec<T>, StoreError> {
    let read = |(id, text): (String, String)| {
        read(&text).map_err(|error| StoreError::Damaged(format!("the {kind} {id}: {error}")))
    };
    store.directory().all(kind)?.into_iter().map(read).collect()
}

fn places<T>(all: &[T], name: impl Fn(&T) -> &String) -> Places {
    let mut places = Places::new();
    for (place, one) in all.iter().enumerate() {
        places.entry(name(one).to_ascii_uppercase()).or_default().push(place);
    }
    places
}

fn found<'a, T>(all: &'a [T], places: &'a Places, name: &str) -> impl Iterator<Item = &'a T> {
    let places = places.get(&name.to_ascii_uppercase());
    places.into_iter().flatten().filter_map(|place| all.get(*place))
}
