//! What the API is given to work with.

use base::{Clock, Dice};
use broker::Broker;
use store::Store;

use crate::create_patient::spike_arrest::SpikeArrest;
use crate::tell::Publisher;
use crate::work::Running;

/// What the API is given to work with: the store, the time, chance, and what is under way.
#[derive(Clone)]
pub struct House {
    /// Where records are kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Chance, for item ids and new NHS numbers.
    pub dice: Dice,
    pub(crate) running: Running,
    pub(crate) creates: SpikeArrest,
    pub(crate) asid_required: bool,
    pub(crate) publisher: Option<Publisher>,
}

impl House {
    /// Everything the API needs.
    pub fn new(store: Store, clock: Clock, dice: Dice) -> Self {
        Self {
            store,
            clock,
            dice,
            running: Running::default(),
            creates: SpikeArrest::default(),
            asid_required: false,
            publisher: None,
        }
    }

    /// Publishes what happens to records, with links to them at this address (`http://host:port`).
    #[must_use]
    pub fn publishing(self, broker: Broker, address: &str) -> Self {
        Self { publisher: Some(Publisher::new(broker, address)), ..self }
    }

    /// Whether every client must belong to an accredited system, which the directory knows.
    #[must_use]
    pub fn requiring_asid(self, asid_required: bool) -> Self {
        Self { asid_required, ..self }
    }
}
