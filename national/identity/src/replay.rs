//! The assertions that were used: each is good for one token.
//!
//! They are remembered from when their signature was found to hold until they expire, in the
//! directory and so over restarts; a copy in memory answers. Records that are over are removed by
//! the commits that add new ones, so that neither copy grows beyond what is good at one time.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base::limit::ASSERTIONS_REMEMBERED_MAX;
use sha2::{Digest, Sha256};
use store::directory::Record;
use store::{Store, StoreError, Transaction};

/// The kind of the directory's records of used assertions.
const SPENT: &str = "spent-assertion";
/// How many records that are over a commit removes.
const REMOVED_AT_ONCE: usize = 4;

/// What names an assertion: a digest of its client and its own identifier.
type Id = [u8; 16];

/// How an assertion stands when it is used.
#[derive(Debug)]
pub(crate) enum Use {
    /// It was not used before. What has to be committed so that this is remembered.
    First(Box<Transaction>),
    /// It was used before.
    Again,
    /// So many are remembered that it cannot be told apart later: it is not used.
    Full,
}

/// The assertions that were used.
#[derive(Debug)]
pub(crate) struct Spent {
    state: Mutex<State>,
    most: usize,
}

#[derive(Debug, Default)]
struct State {
    until_s: HashMap<Id, i64>,
    by_time: BTreeSet<(i64, Id)>,
}

impl Spent {
    /// Those that a store remembers.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn load(store: &Store) -> Result<Self, StoreError> {
        let mut state = State::default();
        for (id, until) in store.directory().all(SPENT)? {
            // A record that cannot be read says nothing that could be used again.
            if let (Some(id), Ok(until_s)) = (unhex(&id), until.parse()) {
                state.add(id, until_s);
            }
        }
        Ok(Self { state: Mutex::new(state), most: ASSERTIONS_REMEMBERED_MAX })
    }

    /// Whether an assertion was used before.
    pub(crate) fn knows(&self, client: &str, id: &str) -> bool {
        self.state().until_s.contains_key(&digest(client, id))
    }

    /// Uses an assertion, which must be remembered until an instant.
    pub(crate) fn spend(&self, client: &str, id: &str, until_s: i64, now_s: i64) -> Use {
        let id = digest(client, id);
        let mut state = self.state();
        if state.until_s.contains_key(&id) {
            return Use::Again;
        }
        let over = state.forget(now_s);
        if state.until_s.len() >= self.most {
            return Use::Full;
        }
        state.add(id, until_s);
        let spent = record(&id, Some(until_s.to_string()));
        let removals = over.iter().map(|id| record(id, None));
        let transaction = removals.fold(Transaction::new().record(spent), Transaction::record);
        Use::First(Box::new(transaction))
    }

    /// Lets an assertion be used again: no token came of it.
    pub(crate) fn give_back(&self, client: &str, id: &str) {
        let id = digest(client, id);
        let mut state = self.state();
        if let Some(until_s) = state.until_s.remove(&id) {
            state.by_time.remove(&(until_s, id));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, id: Id, until_s: i64) {
        self.until_s.insert(id, until_s);
        self.by_time.insert((until_s, id));
    }

    /// Forgets a few that are over.
    fn forget(&mut self, now_s: i64) -> Vec<Id> {
        let over: Vec<(i64, Id)> =
            self.by_time.range(..(now_s, Id::default())).take(REMOVED_AT_ONCE).copied().collect();
        for one in &over {
            self.by_time.remove(one);
            self.until_s.remove(&one.1);
        }
        over.into_iter().map(|(_, id)| id).collect()
    }
}

fn digest(client: &str, id: &str) -> Id {
    let mut hash = Sha256::new();
    // The length keeps a client's name and an identifier apart.
    hash.update((client.len() as u64).to_be_bytes());
    hash.update(client.as_bytes());
    hash.update(id.as_bytes());
    hash.finalize().first_chunk().copied().unwrap_or_default()
}

fn record(id: &Id, body: Option<String>) -> Record {
    Record { kind: SPENT, id: format!("{:032x}", u128::from_be_bytes(*id)), body }
}

fn unhex(text: &str) -> Option<Id> {
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests;
