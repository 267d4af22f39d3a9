//! What a verification of the audit chain is held against, and what it found.

use super::checkpoint::{Checkpoint, PublicKey};

/// What somebody outside kept, so that they need not trust the folder.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// The public key that all checkpoints must be signed by; without it, the folder's own.
    pub public_key: Option<PublicKey>,
    /// Checkpoints that were kept elsewhere.
    pub kept: Vec<Checkpoint>,
}

/// What a verification of the audit chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How many lines hold, from the first on: up to the first break, if there is one.
    pub lines: u64,
    /// How many checkpoints of the folder are signed as they should be.
    pub checkpoints: u64,
    /// How many lines the newest of them covers, of those in the folder.
    pub sealed: u64,
    /// Everything that is not as it should be, one sentence each, the chain's break first.
    pub problems: Vec<String>,
}

impl Verdict {
    /// Whether everything is as it should be.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}
