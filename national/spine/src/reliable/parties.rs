//! Who the parties and systems are: read from the directory once, and again when it has changed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use broker::Broker;
use nhs::directory::{PARTY, Party, SYSTEM, System};
use store::StoreError;

/// The parties and systems, in memory.
#[derive(Debug, Default)]
pub(super) struct Parties {
    read: RwLock<Option<Read>>,
}

/// What was read, and from which version of the directory.
type Read = (u64, Arc<Known>);

/// The parties and systems, as they stand.
#[derive(Debug, Default)]
pub(super) struct Known {
    parties: HashMap<String, Party>,
    systems: HashMap<String, System>,
    own: Option<String>,
}

impl Parties {
    /// The parties and systems, as they stand.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn known(&self, broker: &Broker) -> Result<Arc<Known>, StoreError> {
        // Asked for before the reading: what changes meanwhile is read again the next time.
        let version = broker.directory().version();
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, known)) = read.filter(|(then, _)| *then == version) {
            return Ok(known);
        }
        let known = Arc::new(Known::read(broker)?);
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        *read = Some((version, Arc::clone(&known)));
        Ok(known)
    }
}

impl Known {
    /// Reads them. A record that is damaged is nobody.
    fn read(broker: &Broker) -> Result<Self, StoreError> {
        let mut known = Self::default();
        for (key, body) in broker.store().directory().all(PARTY)? {
            let Ok(party) = Party::read(&body) else { continue };
            if party.is_the_exchange() && known.own.is_none() {
                known.own = Some(key.clone());
            }
            known.parties.insert(key, party);
        }
        for (asid, body) in broker.store().directory().all(SYSTEM)? {
            known.systems.extend(System::read(&body).ok().map(|system| (asid, system)));
        }
        Ok(known)
    }

    /// A party by its key.
    pub(super) fn party(&self, key: &str) -> Option<&Party> {
        self.parties.get(key)
    }

    /// A system by its accredited id.
    pub(super) fn system(&self, asid: &str) -> Option<&System> {
        self.systems.get(asid)
    }

    /// The key of the party of a system, by its accredited id.
    pub(super) fn party_of(&self, asid: &str) -> Option<&str> {
        self.system(asid)?.party_key.as_deref()
    }

    /// Whether a key is that of the exchange itself.
    pub(super) fn is_own(&self, key: &str) -> bool {
        self.own.as_deref() == Some(key)
    }

    /// The party that the exchange itself is.
    pub(super) fn own(&self) -> Option<&Party> {
        self.party(self.own.as_deref()?)
    }
}
