//! What the API is given to work with.

use base::Clock;
use broker::Broker;

/// What the API is given to work with: the broker, the time, and whether the house is open.
#[derive(Clone)]
pub struct House {
    pub(crate) broker: Broker,
    pub(crate) clock: Clock,
    pub(crate) open: bool,
}

impl House {
    /// Everything the API needs.
    pub fn new(broker: Broker, clock: Clock) -> Self {
        Self { broker, clock, open: false }
    }

    /// Whether a caller without credentials may send in any name that the directory knows, as in a
    /// sandbox.
    #[must_use]
    pub fn open(self, open: bool) -> Self {
        Self { open, ..self }
    }
}
