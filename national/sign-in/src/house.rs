//! What an issuer is given to work with.

use std::sync::Arc;

use base::{Clock, Dice};
use security::AccessTokens;
use security::signing::PrivateKey;
use service::Relay;
use store::Store;

use crate::throttle::Throttle;
use crate::{Client, Issuer, User};

/// What an issuer is given to work with. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct House {
    /// What it was given.
    pub(crate) given: Arc<Given>,
    /// The wrong secrets of late.
    pub(crate) throttle: Arc<Throttle>,
}

/// All that an issuer needs.
pub struct Given {
    /// Which of the two it is.
    pub issuer: Issuer,
    /// Where callers find the house, as `http://host:port`.
    pub origin: String,
    /// Where the clients of the directory are.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    /// What seals pages, codes and tokens of its own.
    pub seals: AccessTokens,
    /// What it signs with.
    pub key: PrivateKey,
    /// The people whom it knows.
    pub users: Vec<User>,
    /// The house's own token service, as a client.
    pub exchange: Client,
    /// Where that is told who signed out, and how.
    pub logout: Option<(String, Relay)>,
}

impl House {
    /// An issuer that knows the people of its kind among these.
    pub fn new(mut given: Given) -> Self {
        let issuer = given.issuer;
        given.users.retain(|user| user.issuer() == issuer);
        let throttle = Arc::new(Throttle::new(given.clock.clone()));
        Self { given: Arc::new(given), throttle }
    }

    /// The URL that names the issuer.
    pub fn url(&self) -> String {
        format!("{}{}", self.given.origin, self.given.issuer.base())
    }

    /// The instant now, in seconds since 1970.
    pub(crate) fn now_s(&self) -> i64 {
        self.given.clock.now().as_second()
    }

    /// What something is sealed for: another issuer's cannot be opened here.
    pub(crate) fn purpose(&self, what: &str) -> String {
        format!("{} {what}", self.given.issuer.name())
    }
}
