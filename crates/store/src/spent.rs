//! The ledger of what may be used once: tokens, assertions, codes.
//!
//! It holds digests, never what was used. [`Spent::spend`] answers once the use is on disk, so
//! that nothing is good twice, not even over a crash. Many uses share one sync.
//!
//! * A copy in memory answers; it is as large as what is good at one time, up to
//!   [`base::limit::SPENT_REMEMBERED_MAX`].
//! * On disk the uses stand in files of an hour each, `spent/<hour>`, in the order in which they
//!   came. A file goes when all that it tells of is over. Nothing is ever changed in its midst.
//! * It is no part of a [`Transaction`](crate::Transaction): a use has to be known before the work
//!   it is for, whatever becomes of that.
//!
//! A backup has the ledger as it stood: of what was used since, a restored store knows nothing.

pub(crate) mod book;
pub(crate) mod files;
mod memory;
mod record;

use jiff::Timestamp;

use crate::engine::Engine;
use crate::error::StoreError;
pub(crate) use record::Digest;

/// The ledger of what may be used once.
pub struct Spent<'a> {
    pub(crate) engine: &'a Engine,
}

impl Spent<'_> {
    /// Uses something: whether it was not used before. Returns when that is on disk. It is
    /// remembered until an instant, and up to an hour longer; who asks must refuse it after that
    /// on other grounds. Of many who use one thing at once, one is the first.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when so much is remembered, or so many wait, that it cannot be
    /// remembered as well; [`StoreError::Full`] when the disk is full; [`StoreError::Stopped`]
    /// after a failed sync. It counts as not used then, but for the last.
    pub async fn spend(
        &self,
        kind: &'static str,
        key: &str,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.engine.spend(Digest::of(kind, key), until).await
    }

    /// Whether something was used.
    pub fn is_spent(&self, kind: &'static str, key: &str) -> bool {
        self.engine.is_spent(&Digest::of(kind, key))
    }

    /// Lets something be used again: nothing came of its use. It does not wait for the disk: after
    /// a crash at this moment it counts as used.
    pub fn give_back(&self, kind: &'static str, key: &str) {
        self.engine.give_back(&Digest::of(kind, key));
    }
}
