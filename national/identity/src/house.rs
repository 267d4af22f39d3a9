//! What the API is given to work with.

use std::sync::Arc;

use base::{Clock, Dice, Fault};
use jiff::Timestamp;
use security::{AccessTokens, Meters};
use store::Store;

use crate::client::Client;
use crate::faults::from_store;
use crate::keys::{Fetch, Keys};
use crate::{BASE, Issuer, SERVICE};

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
    pub(crate) issuers: Arc<[Issuer]>,
    /// Where callers find the house, as `http://host:port`.
    pub(crate) origin: String,
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
        Self {
            store,
            clock,
            dice,
            tokens,
            keys: Arc::default(),
            meters: None,
            issuers: Arc::default(),
            origin: origins.first().cloned().unwrap_or_default(),
            token_urls,
        }
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

    /// With sign-in services, where people show who they are.
    #[must_use]
    pub fn believing(self, issuers: Vec<Issuer>) -> Self {
        Self { issuers: issuers.into(), ..self }
    }

    /// The instant now, in seconds since 1970.
    pub(crate) fn now_s(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// Counts a token that a client asks for.
    ///
    /// # Errors
    /// `TOO_MANY` when it is one too many.
    pub(crate) fn count(&self, client: &Client) -> Result<(), Fault> {
        let Some(meters) = &self.meters else { return Ok(()) };
        let counted = meters.count(&client.id, SERVICE);
        counted.map(drop).map_err(|excess| service::too_many("TOO_MANY", &excess))
    }

    /// Uses something up that is good once; whether it was not used before. The answer comes
    /// when that is on disk.
    ///
    /// # Errors
    /// When it cannot be remembered: it was not used then.
    pub(crate) async fn first(
        &self,
        kind: &'static str,
        key: &str,
        until_s: i64,
    ) -> Result<bool, Fault> {
        let until = Timestamp::from_second(until_s).unwrap_or(Timestamp::MAX);
        self.store.spent().spend(kind, key, until).await.map_err(from_store)
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
