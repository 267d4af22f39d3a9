//! What the API is given to work with.

use std::sync::{Arc, PoisonError, RwLock};

use base::{Dice, Fault};
use store::Store;
use tokio::task::spawn_blocking;

use crate::faults::{broken, from_store};
use crate::register::Register;

/// What the API is given to work with: the directory, chance, and where messages reach the
/// exchange.
#[derive(Clone)]
pub struct House {
    store: Store,
    pub(crate) dice: Dice,
    pub(crate) messages_at: String,
    read: Arc<RwLock<Option<Read>>>,
}

/// What was read, and from which version of the directory.
type Read = (u64, Arc<Register>);

impl House {
    /// Everything the API needs. `messages_at` is what the addresses of the exchange's own message
    /// handler begin with: `https://host:port`.
    pub fn new(store: Store, dice: Dice, messages_at: &str) -> Self {
        let messages_at = messages_at.trim_end_matches('/').to_owned();
        Self { store, dice, messages_at, read: Arc::default() }
    }

    /// The systems and parties, as they stand.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn register(&self) -> Result<Arc<Register>, Fault> {
        if let Some(register) = self.known() {
            return Ok(register);
        }
        let house = self.clone();
        spawn_blocking(move || house.read()).await.map_err(broken)?
    }

    /// What was read, if the directory has not changed since.
    fn known(&self) -> Option<Arc<Register>> {
        let read = self.read.try_read().ok()?.clone();
        let version = self.store.directory().version();
        read.filter(|(then, _)| *then == version).map(|(_, register)| register)
    }

    /// Reads the directory, unless somebody else has just done so.
    fn read(&self) -> Result<Arc<Register>, Fault> {
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        // Asked for before the reading: what changes meanwhile is read again the next time.
        let version = self.store.directory().version();
        if let Some((_, register)) = read.as_ref().filter(|(then, _)| *then == version) {
            return Ok(Arc::clone(register));
        }
        let register = Arc::new(Register::read(&self.store).map_err(from_store)?);
        *read = Some((version, Arc::clone(&register)));
        Ok(register)
    }
}
