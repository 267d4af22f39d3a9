//! What the API is given to work with.

use std::sync::Arc;

use base::{Clock, Fault};
use broker::Broker;
use service::Relay;
use store::Store;

use super::arriving::Places;
use super::faults;
use super::parties::{Known, Parties};
use crate::sync::Demographics;

/// What the API is given to work with: the broker, the time, and somebody who carries calls.
#[derive(Clone)]
pub struct House {
    pub(super) broker: Broker,
    pub(super) clock: Clock,
    pub(super) relay: Relay,
    parties: Arc<Parties>,
    pub(super) places: Arc<Places>,
    pub(super) demographics: Option<Demographics>,
}

impl House {
    /// Everything the API needs.
    pub fn new(broker: Broker, clock: Clock, relay: Relay) -> Self {
        let (parties, places) = (Arc::default(), Arc::default());
        Self { broker, clock, relay, parties, places, demographics: None }
    }

    /// The same, answering questions about patients that come by message: whoever keeps the
    /// demographics decides.
    #[must_use]
    pub fn answering(self, demographics: Demographics) -> Self {
        Self { demographics: Some(demographics), ..self }
    }

    pub(super) fn store(&self) -> &Store {
        self.broker.store()
    }

    /// Who the parties and systems are.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub(super) fn known(&self) -> Result<Arc<Known>, Fault> {
        self.parties.known(&self.broker).map_err(faults::from_store)
    }
}
