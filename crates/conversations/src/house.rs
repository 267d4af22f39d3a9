//! What the API is given to work with.

use base::Clock;
use broker::Broker;
use travel::Recorder;

/// What the API is given to work with: the record of calls, the broker, and the time.
#[derive(Clone)]
pub struct House {
    pub(crate) recorder: Recorder,
    pub(crate) broker: Broker,
    pub(crate) clock: Clock,
    pub(crate) open: bool,
}

impl House {
    /// Everything the API needs.
    pub fn new(recorder: Recorder, broker: Broker, clock: Clock) -> Self {
        Self { recorder, broker, clock, open: false }
    }

    /// Whether anybody may see every conversation, as in a demonstration on one's own machine.
    #[must_use]
    pub fn open(self, open: bool) -> Self {
        Self { open, ..self }
    }
}
