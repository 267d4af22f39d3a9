//! What the API is given to work with.

use base::{Clock, Fault};
use broker::Broker;
use nhs::directory::{PARTY, Party, SYSTEM, System};
use service::Relay;
use store::Store;

use super::faults;

/// What the API is given to work with: the broker, the time, and somebody who carries calls.
#[derive(Clone)]
pub struct House {
    pub(super) broker: Broker,
    pub(super) clock: Clock,
    pub(super) relay: Relay,
}

impl House {
    /// Everything the API needs.
    pub fn new(broker: Broker, clock: Clock, relay: Relay) -> Self {
        Self { broker, clock, relay }
    }

    pub(super) fn store(&self) -> &Store {
        self.broker.store()
    }

    /// A party by its key.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn party(&self, key: &str) -> Result<Option<Party>, Fault> {
        let body = self.store().directory().get(PARTY, key).map_err(faults::from_store)?;
        body.map(|body| Party::read(&body)).transpose().map_err(faults::broken)
    }

    /// A system by its accredited id.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn system(&self, asid: &str) -> Result<Option<System>, Fault> {
        let body = self.store().directory().get(SYSTEM, asid).map_err(faults::from_store)?;
        body.map(|body| System::read(&body)).transpose().map_err(faults::broken)
    }

    /// The key of the party that the exchange itself is.
    ///
    /// # Errors
    /// When the directory has none, in words for an operator.
    pub(super) fn own_key(&self) -> Result<String, String> {
        let all = self.store().directory().all(PARTY).map_err(|error| error.to_string())?;
        let mut parties = all.into_iter().filter_map(|(_, body)| Party::read(&body).ok());
        let own = parties.find(Party::is_the_exchange).map(|party| party.key);
        own.ok_or_else(|| "the directory has no party without an address: the exchange".to_owned())
    }
}
