//! What the API is given to work with.

use std::time::Duration;

use base::Clock;
use base::limit::ONWARD_S_MAX;
use service::Relay;
use store::Store;
use travel::Recorder;

/// What the API is given to work with: the directory and the audit trail, the time, and somebody
/// who carries calls to whom they are for.
#[derive(Clone)]
pub struct House {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) relay: Relay,
    pub(crate) wait: Duration,
    pub(crate) recorder: Option<Recorder>,
}

impl House {
    /// Everything the API needs.
    pub fn new(store: Store, clock: Clock, relay: Relay) -> Self {
        Self { store, clock, relay, wait: Duration::from_secs(ONWARD_S_MAX), recorder: None }
    }

    /// The same, with somebody who takes down what travels to receivers.
    #[must_use]
    pub fn recorded_by(self, recorder: Recorder) -> Self {
        Self { recorder: Some(recorder), ..self }
    }

    /// The same, with another time for receivers to answer in.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }
}
