//! How much room the disk has: nothing is accepted that might not fit.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;
use store::Store;

use crate::refused::Refused;

/// How long what was seen of the disk is believed, in milliseconds.
const BELIEVED_MS: i64 = 1_000;

/// What was last seen of the disk.
#[derive(Debug, Default)]
pub(crate) struct Room {
    looked_ms: AtomicI64,
    free_bytes: AtomicU64,
}

impl Room {
    /// Whether there is room for so many bytes above the reserve.
    pub(crate) fn check(
        &self,
        store: &Store,
        now: Timestamp,
        bytes: u64,
        reserve_bytes: u64,
    ) -> Result<(), Refused> {
        let now_ms = now.as_millisecond();
        let looked_ms = self.looked_ms.load(Ordering::Acquire);
        let old = now_ms < looked_ms || now_ms - looked_ms > BELIEVED_MS;
        if old {
            self.free_bytes.store(store.room()?.free_bytes, Ordering::Release);
            self.looked_ms.store(now_ms, Ordering::Release);
        }
        let free = self.free_bytes.load(Ordering::Acquire);
        if free < reserve_bytes.saturating_add(bytes) { Err(Refused::Full) } else { Ok(()) }
    }
}
