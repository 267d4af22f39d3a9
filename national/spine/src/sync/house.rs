//! What the synchronous services are given to work with.

use base::{Clock, Dice};
use store::Store;

use super::Demographics;

/// What the synchronous services are given to work with: the audit trail and the directory, the
/// time, chance, and whoever decides about patients.
#[derive(Clone)]
pub struct House {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) demographics: Demographics,
}

impl House {
    /// Everything the services need.
    pub fn new(store: Store, clock: Clock, dice: Dice, demographics: Demographics) -> Self {
        Self { store, clock, dice, demographics }
    }

    /// An id for a message.
    pub(crate) fn message_id(&self) -> String {
        self.dice.uuid().to_string().to_ascii_uppercase()
    }
}
