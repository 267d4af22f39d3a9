//! The tokens that were used: each is good for one request.
//!
//! They are remembered in memory, for as long as their time is one that is taken: a token that
//! was used before a restart could be used once more after it, within its two hours. Whoever
//! wants to remember longer does it behind these three methods.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base::limit::TOKENS_REMEMBERED_MAX;
use jiff::Timestamp;

use super::{Token, WINDOW_MIN};

const SHARDS: usize = 64;

/// How a token stands when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It was not used before, and is now.
    First,
    /// It was used before.
    Again,
    /// So many are remembered that it cannot be told apart later: it is not used.
    Full,
}

/// The tokens that were used.
#[derive(Debug)]
pub(crate) struct Spent {
    shards: [Mutex<Shard>; SHARDS],
    most_a_shard: usize,
}

#[derive(Debug, Default)]
struct Shard {
    /// What may be used once only, and the minute of the token that it stood in.
    used: HashMap<u64, i64>,
    /// The minute in which old ones were last forgotten.
    tidied: i64,
}

impl Default for Spent {
    fn default() -> Self {
        Self::remembering(TOKENS_REMEMBERED_MAX)
    }
}

impl Spent {
    /// Room for so many tokens.
    pub(crate) fn remembering(most: usize) -> Self {
        let shards = std::array::from_fn(|_| Mutex::default());
        Self { shards, most_a_shard: most.div_ceil(SHARDS) }
    }

    /// Uses a token.
    pub(crate) fn spend(&self, token: &Token<'_>, now: Timestamp) -> Use {
        let once = token.once();
        let minute = now.as_second().div_euclid(60);
        let mut shard = self.shard(once);
        if shard.tidied != minute {
            shard.tidied = minute;
            shard.used.retain(|_, made| (minute - *made).abs() <= WINDOW_MIN);
        }
        if shard.used.contains_key(&once) {
            return Use::Again;
        }
        if shard.used.len() >= self.most_a_shard {
            return Use::Full;
        }
        shard.used.insert(once, token.minute);
        Use::First
    }

    /// Lets a token be used again: its request came to nothing, and may be sent again as it is.
    pub(crate) fn give_back(&self, once: u64) {
        self.shard(once).used.remove(&once);
    }

    fn shard(&self, once: u64) -> MutexGuard<'_, Shard> {
        // The index is below the length by its making; the first shard stands in for none.
        let at = (once % SHARDS as u64) as usize;
        let [first, ..] = &self.shards;
        self.shards.get(at).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
    }
}
