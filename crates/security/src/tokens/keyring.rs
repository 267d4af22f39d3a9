//! The keys that seal the house's own access tokens, as text in base64url.

use base::Dice;
use base::limit::ACCESS_TOKEN_BYTES_MAX;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use crate::Refusal;

/// How long one key seals, in seconds: thirty days.
const SEALS_S_MAX: i64 = 30 * 24 * 3600;
/// How many keys are kept: the one that seals, and the one that sealed before it.
const KEPT: usize = 2;
const ABOUT: &str = "These keys seal access tokens. Whoever has them can make any.";

/// The keys, newest last. The newest seals; the one before it still opens.
#[derive(Clone, Debug)]
pub struct Keyring {
    ring: base::Keyring,
}

impl Keyring {
    /// A ring with one new key.
    pub fn new(now: Timestamp, dice: &Dice) -> Self {
        Self { ring: base::Keyring::new(now, dice) }
    }

    /// Reads what [`Keyring::to_toml`] wrote.
    ///
    /// # Errors
    /// What is wrong with it; never a part of a secret.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        base::Keyring::from_toml(text).map(|ring| Self { ring })
    }

    /// The keys as a file that only the house may read.
    pub fn to_toml(&self) -> String {
        self.ring.to_toml(ABOUT)
    }

    /// The keys as they may be shown, newest last.
    pub fn shown(&self) -> Vec<base::keyring::Shown> {
        self.ring.shown()
    }

    /// Whether the newest key has sealed for long enough.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.ring.is_due(now, SEALS_S_MAX)
    }

    /// Adds a key that seals from now on. What the one before sealed can still be opened.
    pub fn turn(&mut self, now: Timestamp, dice: &Dice) {
        self.ring.turn(now, dice);
        self.ring = self.ring.newest(KEPT);
    }

    /// Seals a content for a purpose. Nothing when it is too long for a token.
    pub fn seal(&self, purpose: &str, content: &[u8], dice: &Dice) -> Option<String> {
        let token = URL_SAFE_NO_PAD.encode(self.ring.seal(purpose, content, dice).ok()?);
        (token.len() <= ACCESS_TOKEN_BYTES_MAX).then_some(token)
    }

    /// Opens what one of the keys sealed for this purpose.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] when none did, or somebody changed it.
    pub fn open(&self, purpose: &str, token: &str) -> Result<Vec<u8>, Refusal> {
        if token.len() > ACCESS_TOKEN_BYTES_MAX {
            return Err(Refusal::Invalid);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Refusal::Invalid)?;
        self.ring.open(purpose, &bytes).ok_or(Refusal::Invalid)
    }
}

#[cfg(test)]
mod tests;
