//! What is remembered, for looking up.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::record::{Digest, Record};

/// In how many parts it is kept, so that callers seldom wait for each other, and no one of them
/// for long when a part forgets what is over.
const SHARDS: usize = 64;

/// How something stands when it is to be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was not there, and is now.
    First,
    /// It was there.
    Again,
    /// There is no room.
    Full,
}

/// What is remembered.
#[derive(Debug)]
pub(super) struct Memory {
    shards: [Mutex<Shard>; SHARDS],
    most_a_shard: usize,
}

#[derive(Debug, Default)]
struct Shard {
    /// Each with the last hour that it has to be remembered in.
    until_hour: HashMap<Digest, u32>,
    /// The hour in which what was over was last forgotten.
    tidied: u32,
}

impl Memory {
    /// Room for so many.
    pub(super) fn new(most: usize) -> Self {
        let shards = std::array::from_fn(|_| Mutex::default());
        Self { shards, most_a_shard: most.div_ceil(SHARDS) }
    }

    /// Remembers something, unless it is there.
    pub(super) fn take(&self, digest: Digest, until_hour: u32, now_hour: u32) -> Taken {
        let mut shard = self.shard(&digest);
        shard.tidy(now_hour);
        let room = shard.until_hour.len() < self.most_a_shard;
        match shard.until_hour.entry(digest) {
            Entry::Occupied(_) => Taken::Again,
            Entry::Vacant(_) if !room => Taken::Full,
            Entry::Vacant(entry) => {
                entry.insert(until_hour);
                Taken::First
            }
        }
    }

    /// The last hour that something has to be remembered in; nothing when it is not there.
    pub(super) fn until_hour(&self, digest: &Digest) -> Option<u32> {
        self.shard(digest).until_hour.get(digest).copied()
    }

    /// Forgets something.
    pub(super) fn forget(&self, digest: &Digest) {
        self.shard(digest).until_hour.remove(digest);
    }

    /// Does what a record says, as it was done when the record was written.
    pub(super) fn replay(&self, record: &Record) {
        let mut shard = self.shard(&record.digest);
        if record.used {
            shard.until_hour.insert(record.digest, record.until_hour);
        } else {
            shard.until_hour.remove(&record.digest);
        }
    }

    fn shard(&self, digest: &Digest) -> MutexGuard<'_, Shard> {
        let [first, ..] = &self.shards;
        // The index is below the length by its making; the first shard stands in for none.
        let at = digest.0.first().map_or(0, |byte| usize::from(*byte) % SHARDS);
        self.shards.get(at).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shard {
    /// Forgets what is over, once an hour.
    fn tidy(&mut self, now_hour: u32) {
        if self.tidied == now_hour {
            return;
        }
        self.tidied = now_hour;
        self.until_hour.retain(|_, until| *until >= now_hour);
        self.until_hour.shrink_to(self.until_hour.len().saturating_mul(2));
    }
}
