//! How often clients and mailboxes may call, as operators write it.

use std::collections::{BTreeMap, HashMap};

use broker::MAILBOX;
use security::rate::{Ratelimiting, Rates, metered_name};
use serde_json::Value;
use store::{Store, StoreError};

use super::CLIENT;

/// The member of a record that they stand in.
const RATELIMITING: &str = "ratelimiting";

/// What is wrong with rates.
pub(super) fn mistakes(rates: &BTreeMap<String, Rates>) -> impl Iterator<Item = String> {
    let spikes = rates.values().filter_map(|rates| rates.spike_arrest.as_ref());
    let none = spikes.filter(|it| it.enabled && it.a_minute().is_none());
    none.map(|it| format!("ratelimit '{}' is no rate. hint: 900pm, or 15ps", it.ratelimit))
}

/// The clients and mailboxes that have rates of their own, by the names that they are counted
/// under.
///
/// # Errors
/// When the store fails.
pub(crate) fn with_rates(store: &Store) -> Result<HashMap<String, Ratelimiting>, StoreError> {
    let read = |body: &str| {
        let mut body: Value = serde_json::from_str(body).ok()?;
        serde_json::from_value(body.get_mut(RATELIMITING)?.take()).ok()
    };
    let (clients, mailboxes) = (store.directory().all(CLIENT)?, store.directory().all(MAILBOX)?);
    let mailboxes = mailboxes.into_iter().map(|(id, body)| (metered_name(&id), body));
    let all = clients.into_iter().chain(mailboxes);
    Ok(all.filter_map(|(name, body)| Some((name, read(&body)?))).collect())
}
