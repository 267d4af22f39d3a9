//! Keys that seal values, and can be replaced while what they sealed is still about.
//!
//! A sealed value is `version (1 byte) || key id (4) || nonce (12) || AES-256-GCM of the content`;
//! the first five bytes are authenticated with it, and so is what it was sealed for: nobody can
//! pass one value off as another. Nonces are by chance, so one key seals 2^32 values at most (NIST
//! SP 800-38D section 8.3); a key is to be replaced long before.

use std::fmt::Write;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;

use crate::{Dice, hex};

const VERSION: u8 = 1;
const HEAD_BYTES: usize = 5;
const SECRET_BYTES: usize = 32;

/// The keys, newest last. The newest seals; any of them opens.
#[derive(Clone)]
pub struct Keyring {
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: [u8; 4],
    made_s: i64,
    secret: [u8; SECRET_BYTES],
    cipher: Arc<LessSafeKey>,
}

/// A key as it may be shown: nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What names it in sealed values, in hexadecimal digits.
    pub id: String,
    /// When it was made.
    pub made: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    made_s: i64,
    id: String,
    secret: String,
}

impl Keyring {
    /// A ring with one new key.
    pub fn new(now: Timestamp, dice: &Dice) -> Self {
        let mut ring = Self { keys: Vec::new() };
        ring.turn(now, dice);
        ring
    }

    /// Reads what [`Keyring::to_toml`] wrote.
    ///
    /// # Errors
    /// What is wrong with it; never a part of a secret.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        // What the reader of TOML says may quote a secret.
        let file: File = toml::from_str(text).map_err(|_| "it is no file of keys")?;
        let wrong = "a key in it is damaged";
        let key = |row: Row| {
            let id = URL_SAFE_NO_PAD.decode(row.id).ok()?.try_into().ok()?;
            let secret = URL_SAFE_NO_PAD.decode(row.secret).ok()?.try_into().ok()?;
            Key::new(id, row.made_s, secret)
        };
        let keys: Option<Vec<Key>> = file.key.into_iter().map(key).collect();
        let keys = keys.filter(|keys| !keys.is_empty()).ok_or(wrong)?;
        Ok(Self { keys })
    }

    /// The keys as a file that only the house may read, with a line at its head that says what
    /// they are for.
    pub fn to_toml(&self, about: &str) -> String {
        let mut text = format!("# {about}\n");
        for key in &self.keys {
            let (id, secret) = (URL_SAFE_NO_PAD.encode(key.id), URL_SAFE_NO_PAD.encode(key.secret));
            let _ = write!(
                text,
                "\n[[key]]\nid = \"{id}\"\nmade_s = {}\nsecret = \"{secret}\"\n",
                key.made_s
            );
        }
        text
    }

    /// Whether the newest key has sealed for longer than so many seconds.
    pub fn is_due(&self, now: Timestamp, seals_s_max: i64) -> bool {
        self.keys.last().is_none_or(|key| now.as_second() - key.made_s > seals_s_max)
    }

    /// The keys, newest last.
    pub fn shown(&self) -> Vec<Shown> {
        let made = |key: &Key| Timestamp::from_second(key.made_s).unwrap_or_default();
        self.keys.iter().map(|key| Shown { id: hex(&key.id), made: made(key) }).collect()
    }

    /// The same ring, without all but its newest keys.
    #[must_use]
    pub fn newest(&self, kept: usize) -> Self {
        let old = self.keys.len().saturating_sub(kept);
        Self { keys: self.keys.iter().skip(old).cloned().collect() }
    }

    /// Adds a key that seals from now on. What those before it sealed can still be opened.
    pub fn turn(&mut self, now: Timestamp, dice: &Dice) {
        let (mut id, mut secret) = ([0; 4], [0; SECRET_BYTES]);
        dice.fill(&mut id);
        dice.fill(&mut secret);
        self.keys.extend(Key::new(id, now.as_second(), secret));
    }

    /// Seals a content for a purpose.
    ///
    /// # Errors
    /// When the ring has no key, or the content is longer than a cipher takes.
    pub fn seal(&self, purpose: &str, content: &[u8], dice: &Dice) -> Result<Vec<u8>, String> {
        let key = self.keys.last().ok_or("there is no key to seal with")?;
        let mut nonce = [0; NONCE_LEN];
        dice.fill(&mut nonce);
        let head = key.head();
        let mut sealed = content.to_vec();
        let nonce_used = Nonce::assume_unique_for_key(nonce);
        let bound = Aad::from(bound(head, purpose));
        let done = key.cipher.seal_in_place_append_tag(nonce_used, bound, &mut sealed);
        done.map_err(|_| "it is too long to be sealed")?;
        Ok([&head[..], &nonce, &sealed].concat())
    }

    /// Opens what one of the keys sealed for this purpose. Nothing when none did, or somebody
    /// changed it.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (head, rest) = sealed.split_first_chunk::<HEAD_BYTES>()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        let key = self.keys.iter().find(|key| key.head() == *head)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.cipher.open_in_place(nonce, Aad::from(bound(*head, purpose)), &mut sealed);
        Some(opened.ok()?.to_vec())
    }
}

impl Key {
    fn new(id: [u8; 4], made_s: i64, secret: [u8; SECRET_BYTES]) -> Option<Self> {
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &secret).ok()?);
        let cipher = Arc::new(cipher);
        Some(Self { id, made_s, secret, cipher })
    }

    fn head(&self) -> [u8; HEAD_BYTES] {
        let [a, b, c, d] = self.id;
        [VERSION, a, b, c, d]
    }
}

/// What is authenticated beside the content.
fn bound(head: [u8; HEAD_BYTES], purpose: &str) -> Vec<u8> {
    [&head[..], purpose.as_bytes()].concat()
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} keys", self.keys.len())
    }
}

#[cfg(test)]
mod tests;
