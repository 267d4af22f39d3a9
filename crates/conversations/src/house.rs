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
    pub(crate) words: Words,
    pub(crate) doors: &'static [&'static str],
}

/// What people call a kind of message, where it has such a name.
pub type Words = fn(&str) -> Option<&'static str>;

impl House {
    /// Everything the API needs.
    pub fn new(recorder: Recorder, broker: Broker, clock: Clock) -> Self {
        Self { recorder, broker, clock, open: false, words: |_| None, doors: &[] }
    }

    /// The same, with words for kinds of messages that are known by codes.
    #[must_use]
    pub fn naming(self, words: Words) -> Self {
        Self { words, ..self }
    }

    /// The same, with the titles of the APIs by which messages are handed to the broker.
    #[must_use]
    pub fn behind(self, doors: &'static [&'static str]) -> Self {
        Self { doors, ..self }
    }

    /// Whether anybody may see every conversation, as in a demonstration on one's own machine.
    #[must_use]
    pub fn open(self, open: bool) -> Self {
        Self { open, ..self }
    }
}
