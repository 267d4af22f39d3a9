//! The keys that seal the house's own access tokens.
//!
//! A sealed token is `version (1 byte) || key id (4) || nonce (12) || AES-256-GCM of the content`,
//! in base64url; the first five bytes are authenticated with it, and so is what it was sealed for:
//! nobody can pass one kind of value off as another. Nonces are by chance, so one key
//! seals 2^32 tokens at most (NIST SP 800-38D section 8.3); a key is replaced long before.

use std::fmt::Write;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base::Dice;
use base::limit::ACCESS_TOKEN_BYTES_MAX;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;

use crate::Refusal;

const VERSION: u8 = 1;
const HEAD_BYTES: usize = 5;
const SECRET_BYTES: usize = 32;
/// How long one key seals, in seconds: thirty days.
const SEALS_S_MAX: i64 = 30 * 24 * 3600;
/// How many keys are kept: the one that seals, and the one that sealed before it.
const KEPT: usize = 2;

/// The keys, newest last. The newest seals; any of them opens.
pub struct Keyring {
    keys: Vec<Key>,
}

struct Key {
    id: [u8; 4],
    made_s: i64,
    secret: [u8; SECRET_BYTES],
    cipher: LessSafeKey,
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
        let file: File = toml::from_str(text).map_err(|_| "it is no file of token keys")?;
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

    /// The keys as a file that only the house may read.
    pub fn to_toml(&self) -> String {
        let mut text =
            "# These keys seal access tokens. Whoever has them can make any.\n".to_owned();
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

    /// Whether the newest key has sealed for long enough.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.keys.last().is_none_or(|key| now.as_second() - key.made_s > SEALS_S_MAX)
    }

    /// Adds a key that seals from now on. What the one before sealed can still be opened.
    pub fn turn(&mut self, now: Timestamp, dice: &Dice) {
        let (mut id, mut secret) = ([0; 4], [0; SECRET_BYTES]);
        dice.fill(&mut id);
        dice.fill(&mut secret);
        self.keys.extend(Key::new(id, now.as_second(), secret));
        let old = self.keys.len().saturating_sub(KEPT);
        self.keys.drain(..old);
    }

    /// Seals a content for a purpose. Nothing when it is too long for a token.
    pub fn seal(&self, purpose: &str, content: &[u8], dice: &Dice) -> Option<String> {
        let key = self.keys.last()?;
        let mut nonce = [0; NONCE_LEN];
        dice.fill(&mut nonce);
        let head = key.head();
        let mut sealed = content.to_vec();
        let nonce_used = Nonce::assume_unique_for_key(nonce);
        let bound = Aad::from(bound(head, purpose));
        key.cipher.seal_in_place_append_tag(nonce_used, bound, &mut sealed).ok()?;
        let token = URL_SAFE_NO_PAD.encode([&head[..], &nonce, &sealed].concat());
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
        let (head, rest) = bytes.split_first_chunk::<HEAD_BYTES>().ok_or(Refusal::Invalid)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Refusal::Invalid)?;
        let key = self.keys.iter().find(|key| key.head() == *head).ok_or(Refusal::Invalid)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.cipher.open_in_place(nonce, Aad::from(bound(*head, purpose)), &mut sealed);
        Ok(opened.map_err(|_| Refusal::Invalid)?.to_vec())
    }
}

impl Key {
    fn new(id: [u8; 4], made_s: i64, secret: [u8; SECRET_BYTES]) -> Option<Self> {
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &secret).ok()?);
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
