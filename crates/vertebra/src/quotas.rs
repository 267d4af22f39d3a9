//! What was used of long quotas, kept in the store so that a restart gives nobody a new one.
//!
//! What was counted in the last seconds before a crash is lost: to wait for the disk at each call
//! would cost more than a few calls too many.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use security::Meters;
use security::rate::Used;
use service::Registry;
use store::directory::Record;
use store::{Store, Transaction};
use transport::Stop;

/// The kind of the directory's records of them.
const USED_QUOTA: &str = "used-quota";
/// How often they are written down, when they have changed.
const EVERY: Duration = Duration::from_secs(5);

/// Takes up what was written down before, as far as it still counts; what does not is forgotten.
///
/// # Errors
/// When the store fails.
pub(crate) async fn take_up(
    store: &Store,
    meters: &Meters,
    registry: &Registry,
) -> Result<(), String> {
    let failed = |error: store::StoreError| error.to_string();
    let records = store.directory().all(USED_QUOTA).map_err(failed)?;
    for used in records.iter().filter_map(|(_, body)| serde_json::from_str::<Used>(body).ok()) {
        meters.take_up(&used, registry.services().iter().map(|service| service.name));
    }
    let counts = by_id(meters);
    let over = records.into_iter().filter(|(id, _)| !counts.contains_key(id));
    let forget = over.map(|(id, _)| Record { kind: USED_QUOTA, id, body: None });
    let forget: Vec<Record> = forget.collect();
    if forget.is_empty() {
        return Ok(());
    }
    let all = forget.into_iter().fold(Transaction::new(), Transaction::record);
    store.commit(all).await.map(drop).map_err(failed)
}

/// Writes them down now and then, and once more when it is time to stop.
pub(crate) async fn keep(store: Store, meters: Arc<Meters>, stop: Stop) {
    let mut written = by_id(&meters);
    let mut stopped = false;
    while !stopped {
        tokio::select! {
            () = stop.cancelled() => stopped = true,
            () = tokio::time::sleep(EVERY) => {}
        }
        let now = by_id(&meters);
        let changes = changes(&written, &now);
        if changes.is_empty() {
            continue;
        }
        let all = changes.into_iter().fold(Transaction::new(), Transaction::record);
        match store.commit(all).await {
            Ok(()) => written = now,
            Err(error) => tracing::warn!(%error, "what was used of quotas is not written down"),
        }
    }
}

/// Each by the id of its record. No API has a space in its name.
fn by_id(meters: &Meters) -> HashMap<String, Used> {
    let all = meters.used().into_iter();
    all.map(|used| (format!("{} {}", used.api, used.client), used)).collect()
}

/// The records that say what is so now, when something else was written down.
fn changes(written: &HashMap<String, Used>, now: &HashMap<String, Used>) -> Vec<Record> {
    let record = |id: &String, body| Record { kind: USED_QUOTA, id: id.clone(), body };
    let new = now.iter().filter(|(id, used)| written.get(*id) != Some(used));
    // A plain struct of text and numbers always serialises.
    let new = new.map(|(id, used)| record(id, serde_json::to_string(used).ok()));
    let over = written.keys().filter(|id| !now.contains_key(*id)).map(|id| record(id, None));
    new.chain(over).collect()
}
