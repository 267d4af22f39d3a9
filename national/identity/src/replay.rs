//! The assertions that were used: each is good for one token.
//!
//! They are remembered from when their signature was found to hold until they expire, in the
//! store's ledger of what may be used once.

use base::Fault;
use jiff::Timestamp;
use store::Store;

use crate::faults::from_store;

/// The kind of thing that an assertion is, in that ledger.
const ASSERTION: &str = "assertion";

/// Whether an assertion was used before.
pub(crate) fn is_spent(store: &Store, client: &str, id: &str) -> bool {
    store.spent().is_spent(ASSERTION, &name(client, id))
}

/// Uses an assertion, which must be remembered until an instant: whether it was not used before.
pub(crate) async fn spend(
    store: &Store,
    client: &str,
    id: &str,
    until_s: i64,
) -> Result<bool, Fault> {
    let until = Timestamp::from_second(until_s).unwrap_or(Timestamp::MAX);
    store.spent().spend(ASSERTION, &name(client, id), until).await.map_err(from_store)
}

/// Lets an assertion be used again: no token came of it.
pub(crate) fn give_back(store: &Store, client: &str, id: &str) {
    store.spent().give_back(ASSERTION, &name(client, id));
}

/// The length keeps a client's name and an identifier apart.
fn name(client: &str, id: &str) -> String {
    format!("{}:{client}{id}", client.len())
}

#[cfg(test)]
mod tests;
