//! Spike arrest: how fast one client may ask for new records.
//!
//! New NHS numbers are asked for one at a time, so more than a few a second is a mistake or worse.
//! Each client has a bucket that holds a second's worth and fills evenly. An open house, like the
//! published sandbox, has no limit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base::limit::CREATES_A_SECOND_MAX;
use base::{Fault, Kind};
use jiff::Timestamp;
use security::Caller;

/// How much is left in each client's bucket. Clients are registered, so there are not many.
#[derive(Clone, Default)]
pub(crate) struct SpikeArrest {
    buckets: Arc<Mutex<HashMap<String, Bucket>>>,
}

struct Bucket {
    left: f64,
    at: Timestamp,
}

impl SpikeArrest {
    /// Lets a caller create one record more.
    ///
    /// # Errors
    /// `TOO_MANY_REQUESTS` when the client's bucket is empty.
    pub(crate) fn admit(&self, caller: &Caller, now: Timestamp) -> Result<(), Fault> {
        if caller.client == Caller::open().client {
            return Ok(());
        }
        let full = f64::from(CREATES_A_SECOND_MAX);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(caller.client.clone()).or_insert(Bucket { left: full, at: now });
        // A clock that is set back fills nothing.
        let passed_s = now.duration_since(bucket.at).as_secs_f64().max(0.0);
        bucket.left = (bucket.left + passed_s * full).min(full);
        bucket.at = now;
        if bucket.left < 1.0 {
            return Err(Fault::new(Kind::Busy, "TOO_MANY_REQUESTS", "").retry_after(1));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
