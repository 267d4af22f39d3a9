//! What the API is given to work with.

use std::sync::Arc;

use base::{Clock, Dice};
use broker::Broker;
use tokio::sync::Mutex;

/// What the API is given to work with: the broker, the time, and chance.
#[derive(Clone)]
pub struct House {
    /// What tells subscribers of events, and keeps their subscriptions.
    pub broker: Broker,
    /// What time it is.
    pub clock: Clock,
    /// Chance, for the ids of subscriptions.
    pub dice: Dice,
    /// Held while subscriptions are looked at and then changed, so that of two that are the same
    /// one is refused even if they come at once.
    pub(crate) changing: Arc<Mutex<()>>,
}

impl House {
    /// Everything the API needs.
    pub fn new(broker: Broker, clock: Clock, dice: Dice) -> Self {
        Self { broker, clock, dice, changing: Arc::default() }
    }
}
