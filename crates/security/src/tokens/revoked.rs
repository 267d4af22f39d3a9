//! Sessions and clients whose tokens count no more. Both are kept in the directory and read at the
//! start. The list of sessions is short: each stays on it until the last token of the session would
//! have expired anyhow. A client that was revoked stays revoked.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use jiff::Timestamp;
use store::directory::Record;
use store::{Store, StoreError, Transaction};

/// The kind of the directory's records of revoked sessions.
pub const REVOKED: &str = "revoked-session";
/// The kind of the directory's records of revoked clients, by the id of the client. Beside the
/// record of the client, so that nothing which is written about the client brings it back.
pub const REVOKED_CLIENT: &str = "revoked-client";

/// The sessions that were revoked, and until when each must be remembered; and the clients.
#[derive(Debug, Default)]
pub struct Revoked {
    until_s: RwLock<HashMap<String, i64>>,
    clients: RwLock<HashSet<String>>,
}

impl Revoked {
    /// Those that a store remembers.
    ///
    /// # Errors
    /// When the store fails.
    pub fn load(store: &Store) -> Result<Self, StoreError> {
        // A record that cannot be read is remembered for ever: it is safer so.
        let read = |(id, body): (String, String)| (id, body.parse().unwrap_or(i64::MAX));
        let known = store.directory().all(REVOKED)?.into_iter().map(read).collect();
        let revoked = Self { until_s: RwLock::new(known), clients: RwLock::default() };
        revoked.read_clients(store)?;
        Ok(revoked)
    }

    /// Reads anew which clients were revoked.
    ///
    /// # Errors
    /// When the store fails.
    pub fn read_clients(&self, store: &Store) -> Result<(), StoreError> {
        let clients = store.directory().all(REVOKED_CLIENT)?.into_iter().map(|(id, _)| id);
        let clients = clients.collect();
        *self.clients.write().unwrap_or_else(PoisonError::into_inner) = clients;
        Ok(())
    }

    /// Whether a client was revoked.
    pub fn holds_client(&self, client: &str) -> bool {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).contains(client)
    }

    /// Whether the tokens of a session count no more.
    pub fn holds(&self, session: &str) -> bool {
        self.until_s.read().unwrap_or_else(PoisonError::into_inner).contains_key(session)
    }

    /// Revokes a session whose last token expires at an instant, once that is on disk. `together`
    /// happens in the same commit; so do removals of what need not be remembered any more.
    ///
    /// # Errors
    /// When the store fails: the session is not revoked then.
    pub async fn revoke(
        &self,
        store: &Store,
        session: &str,
        until: Timestamp,
        now: Timestamp,
        together: Transaction,
    ) -> Result<(), StoreError> {
        let over: Vec<String> = {
            let known = self.until_s.read().unwrap_or_else(PoisonError::into_inner);
            let over = known.iter().filter(|(_, until_s)| **until_s < now.as_second());
            over.map(|(session, _)| session.clone()).collect()
        };
        let record = |id: &str, body| Record { kind: REVOKED, id: id.to_owned(), body };
        let revoked = record(session, Some(until.as_second().to_string()));
        let removals = over.iter().map(|session| record(session, None));
        let all = removals.fold(together.record(revoked), Transaction::record);
        store.commit(all).await?;
        let mut known = self.until_s.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|session, _| !over.contains(session));
        known.insert(session.to_owned(), until.as_second());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
