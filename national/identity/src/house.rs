//! What the API is given to work with.

use std::sync::Arc;

use base::{Clock, Dice};
use security::{AccessTokens, Meters};
use store::Store;

use crate::BASE;
use crate::keys::{Fetch, Keys};

/// What the API is given to work with: the store, the time, chance, what seals tokens, and what is
/// remembered of clients.
#[derive(Clone)]
pub struct House {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) tokens: AccessTokens,
    pub(crate) keys: Arc<Keys>,
    pub(crate) meters: Option<Arc<Meters>>,
    /// The URLs of the token endpoint.
    token_urls: Arc<[String]>,
}

impl House {
    /// Everything the API needs. `origins` are where callers find the house, each as
    /// `http://host:port`, the preferred one first: what assertions may be addressed to. The Host
    /// header of a request is not among them, since whoever sends it chooses it.
    pub fn new(
        store: Store,
        clock: Clock,
        dice: Dice,
        tokens: AccessTokens,
        origins: &[String],
    ) -> Self {
        let token_urls = origins.iter().map(|origin| format!("{origin}{BASE}/token")).collect();
        Self { store, clock, dice, tokens, keys: Arc::default(), meters: None, token_urls }
    }

    /// With a function that gets public keys from where clients keep them.
    #[must_use]
    pub fn fetching_keys(self, fetch: Fetch) -> Self {
        Self { keys: Arc::new(Keys::fetched_by(fetch)), ..self }
    }

    /// With meters that count the tokens that a client asks for.
    #[must_use]
    pub fn metered_by(self, meters: Arc<Meters>) -> Self {
        Self { meters: Some(meters), ..self }
    }

    /// Whether a URL is that of the token endpoint.
    pub(crate) fn is_token_url(&self, url: &str) -> bool {
        self.token_urls.iter().any(|known| known == url)
    }

    /// The URL of the token endpoint for whoever came to this origin.
    pub(crate) fn token_url(&self, origin: &str) -> String {
        let here = format!("{origin}{BASE}/token");
        if self.is_token_url(&here) {
            return here;
        }
        self.token_urls.first().cloned().unwrap_or(here)
    }
}
