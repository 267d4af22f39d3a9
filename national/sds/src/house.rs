//! What the API is given to work with.

use base::{Dice, Fault};
use nhs::directory::{PARTY, Party, SYSTEM, System};
use serde_json::Error;
use store::{Store, StoreError};

use crate::faults::from_store;

/// What the API is given to work with: the directory, chance, and where messages reach the
/// exchange.
#[derive(Clone)]
pub struct House {
    store: Store,
    pub(crate) dice: Dice,
    pub(crate) messages_at: String,
}

impl House {
    /// Everything the API needs. `messages_at` is what the addresses of the exchange's own message
    /// handler begin with: `https://host:port`.
    pub fn new(store: Store, dice: Dice, messages_at: &str) -> Self {
        Self { store, dice, messages_at: messages_at.trim_end_matches('/').to_owned() }
    }

    /// Every system, by its ASID.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn systems(&self) -> Result<Vec<System>, Fault> {
        self.all(SYSTEM, System::read)
    }

    /// Every party that takes messages, by its key.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn parties(&self) -> Result<Vec<Party>, Fault> {
        let mut parties = self.all(PARTY, Party::read)?;
        parties.retain(|party| !party.closed);
        Ok(parties)
    }

    fn all<T>(
        &self,
        kind: &'static str,
        read: impl Fn(&str) -> Result<T, Error>,
    ) -> Result<Vec<T>, Fault> {
        let records = self.store.directory().all(kind).map_err(from_store)?;
        let read = |(id, text): (String, String)| {
            read(&text).map_err(|error| StoreError::Damaged(format!("the {kind} {id}: {error}")))
        };
        records.into_iter().map(read).collect::<Result<_, _>>().map_err(from_store)
    }
}
