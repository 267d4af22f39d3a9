//! The one home of chance. Everything else is handed a [`Dice`].

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// Where chance comes from: the operating system, or a seed that makes every run the same.
#[derive(Clone, Debug)]
pub enum Dice {
    /// The operating system's source, fit for secrets.
    System,
    /// A seeded source, fit for tests and demonstrations only.
    Seeded(Arc<Mutex<fastrand::Rng>>),
}

impl Dice {
    /// Dice that fall the same way on every run with the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    /// Fills a buffer with chance.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing secret could be made then.
    #[expect(clippy::expect_used, reason = "without chance no secret can be made: stop")]
    pub fn fill(&self, buffer: &mut [u8]) {
        match self {
            Self::System => getrandom::fill(buffer).expect("the system has a source of chance"),
            Self::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill(buffer),
        }
    }

    /// 64 bits of chance.
    pub fn bits(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A random (version 4) UUID.
    pub fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
