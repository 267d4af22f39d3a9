//! The public keys of clients: from their records, or from where they keep them.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use base::Fault;
use base::limit::{JWKS_ASKED_S_MIN, JWKS_KEPT_S_MAX, JWKS_URLS_MAX};
use bytes::Bytes;
use security::KeySet;
use tokio::sync::Mutex as AsyncMutex;

use crate::client::Client;
use crate::faults::public_key;

const NONE: &str = "no public keys are registered for this client";
const UNREACHABLE: &str = "the public keys of this client cannot be fetched from its JWKS URL. \
    They are asked for once a minute at most";
const UNFIT: &str = "the public keys registered for this client cannot be used";

/// Where keys are, and whether that may be an address which is not on the Internet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysUrl {
    /// The URL.
    pub url: String,
    /// Whether it may be on a private network, and without TLS.
    pub private: bool,
}

/// Gets the document at a URL, within limits of size and time, or says why not.
pub type Fetch = Arc<
    dyn Fn(KeysUrl) -> Pin<Box<dyn Future<Output = Result<Bytes, String>> + Send>> + Send + Sync,
>;

/// Makes a [`Fetch`] of an async function.
pub fn fetch<F, W>(work: F) -> Fetch
where
    F: Fn(KeysUrl) -> W + Send + Sync + 'static,
    W: Future<Output = Result<Bytes, String>> + Send + 'static,
{
    Arc::new(move |url| Box::pin(work(url)))
}

/// The public keys of clients. Those at URLs are kept for an hour, and asked for again when a
/// token names a key that is not among them, though not more often than once a minute.
#[derive(Default)]
pub(crate) struct Keys {
    fetch: Option<Fetch>,
    /// How long keys are believed, in seconds.
    kept_s_max: i64,
    kept: Mutex<HashMap<String, Arc<AsyncMutex<Kept>>>>,
}

#[derive(Default)]
struct Kept {
    keys: Option<Arc<KeySet>>,
    /// When they came, in seconds since 1970.
    read_s: i64,
    /// When they were asked for last.
    asked_s: Option<i64>,
}

impl Keys {
    /// Keys that come by a function, where they are at a URL.
    pub(crate) fn fetched_by(fetch: Fetch) -> Self {
        Self { fetch: Some(fetch), kept_s_max: JWKS_KEPT_S_MAX, kept: Mutex::default() }
    }

    /// The same, believed for so many seconds.
    pub(crate) fn kept_for(self, seconds: i64) -> Self {
        Self { kept_s_max: seconds, ..self }
    }

    /// The keys of a client, for a token that names one of them.
    ///
    /// # Errors
    /// `PUBLIC_KEY` when there are none to be had.
    pub(crate) async fn of(
        &self,
        client: &Client,
        kid: &str,
        now_s: i64,
    ) -> Result<Arc<KeySet>, Fault> {
        if let Some(inline) = client.keys_at(now_s) {
            let keys = KeySet::parse(inline.to_string().as_bytes());
            return keys
                .map(Arc::new)
                .map_err(|error| public_key(UNFIT).because(error.to_string()));
        }
        let url = client.jwks_url.clone().ok_or_else(|| public_key(NONE))?;
        self.at(KeysUrl { url, private: client.jwks_private }, kid, now_s).await
    }

    /// The keys at a URL, for a token that names one of them.
    ///
    /// # Errors
    /// `PUBLIC_KEY` when there are none to be had.
    pub(crate) async fn at(
        &self,
        url: KeysUrl,
        kid: &str,
        now_s: i64,
    ) -> Result<Arc<KeySet>, Fault> {
        let fetch = self.fetch.as_ref().ok_or_else(|| public_key(UNREACHABLE))?;
        let kept = self.kept_of(&url.url);
        // Whoever comes while somebody asks waits for the answer to that.
        let mut kept = kept.lock().await;
        let asked = kept.asked_s.is_some_and(|asked_s| now_s - asked_s < JWKS_ASKED_S_MIN);
        let fresh = kept.fresh(now_s, self.kept_s_max);
        match &fresh {
            Some(keys) if asked || keys.has(kid) => return Ok(Arc::clone(keys)),
            None if asked => return Err(public_key(UNREACHABLE)),
            _ => {}
        }
        kept.asked_s = Some(now_s);
        let read = fetch(url)
            .await
            .and_then(|document| KeySet::parse(&document).map_err(|error| error.to_string()));
        match (read, fresh) {
            (Ok(keys), _) => {
                let keys = Arc::new(keys);
                kept.keys = Some(Arc::clone(&keys));
                kept.read_s = now_s;
                Ok(keys)
            }
            // The ones that are known are good for a while yet.
            (Err(_), Some(keys)) => Ok(keys),
            (Err(why), None) => Err(public_key(UNREACHABLE).because(why)),
        }
    }

    fn kept_of(&self, url: &str) -> Arc<AsyncMutex<Kept>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= JWKS_URLS_MAX && !kept.contains_key(url) {
            // More than are registered at one time: they are found again when needed.
            kept.clear();
        }
        Arc::clone(kept.entry(url.to_owned()).or_default())
    }
}

impl Kept {
    /// The keys, while they are believed.
    fn fresh(&self, now_s: i64, kept_s_max: i64) -> Option<Arc<KeySet>> {
        self.keys.clone().filter(|_| now_s - self.read_s < kept_s_max)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

#[cfg(test)]
mod tests;
