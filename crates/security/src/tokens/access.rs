//! The house's own access tokens: opaque to callers, self-contained inside. Checking one asks the
//! store for nothing.

use std::sync::{Arc, PoisonError, RwLock};

use base::{Clock, Dice};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Keyring;
use super::revoked::Revoked;
use crate::{Caller, Mode, Refusal, Role};

/// What access tokens are sealed for: it binds nothing more, so that older ones stay good.
const ACCESS: &str = "";

/// What a scope is worth at an API: the mode in which it lets in, and the scope.
pub type ScopeRow = (Mode, &'static str);

/// What an access token says. Only [`AccessTokens`] makes and reads one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The client that it was issued to.
    #[serde(rename = "c")]
    pub client: String,
    /// The organisation that owns the calling system; empty when not known.
    #[serde(rename = "o", default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// The accredited system id; empty when it has none.
    #[serde(rename = "a", default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// What it is good for. The mode of its caller at an API follows from them.
    #[serde(rename = "s")]
    pub scopes: Vec<String>,
    /// Named permissions beyond that.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
    /// The person behind the call; empty when there is none.
    #[serde(rename = "u", default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// The roles that a worker may act in.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// The identifier of the patient who calls, when a patient does.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// How surely the person was known, in the words of who signed them in; empty for none.
    #[serde(rename = "l", default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// Which sign-in, or which issue, it belongs to: what can be revoked.
    #[serde(rename = "i")]
    pub session: String,
    /// The session at the sign-in service that it comes from, which can be revoked as well; empty
    /// for none. A person may be signed in to several clients by one.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub sign_in: String,
    /// When it was issued, in seconds since 1970.
    #[serde(rename = "f")]
    pub issued_s: i64,
    /// When it expires, in seconds since 1970.
    #[serde(rename = "t")]
    pub expires_s: i64,
}

/// Issues and checks access tokens. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub struct AccessTokens {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    keyring: RwLock<Arc<Keyring>>,
    revoked: Revoked,
    clock: Clock,
    dice: Dice,
}

impl Inner {
    fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.keyring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AccessTokens {
    /// Tokens sealed by a ring, but for those of revoked sessions.
    pub fn new(keyring: Keyring, revoked: Revoked, clock: Clock, dice: Dice) -> Self {
        let keyring = RwLock::new(Arc::new(keyring));
        Self { inner: Arc::new(Inner { keyring, revoked, clock, dice }) }
    }

    /// From now on these keys seal and open.
    pub fn seal_with(&self, keyring: Keyring) {
        let mut known = self.inner.keyring.write().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::new(keyring);
    }

    /// Seals a token. Nothing when it says more than a token can hold.
    pub fn issue(&self, token: &AccessToken) -> Option<String> {
        let content = serde_json::to_vec(token).ok()?;
        self.inner.keyring().seal(ACCESS, &content, &self.inner.dice)
    }

    /// Seals another value of the house's own for a purpose: it can be opened for the same one
    /// only. Nothing when it is too long.
    pub fn seal<T: Serialize>(&self, purpose: &str, value: &T) -> Option<String> {
        let content = serde_json::to_vec(value).ok().filter(|_| purpose != ACCESS)?;
        self.inner.keyring().seal(purpose, &content, &self.inner.dice)
    }

    /// Opens what was sealed for a purpose. Whether its time is over is for the caller to see.
    pub fn open<T: DeserializeOwned>(&self, purpose: &str, sealed: &str) -> Option<T> {
        let content =
            self.inner.keyring().open(purpose, sealed).ok().filter(|_| purpose != ACCESS)?;
        serde_json::from_slice(&content).ok()
    }

    /// What a token says.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] when it is none of ours, was changed or revoked; [`Refusal::Expired`]
    /// when its time is over.
    pub fn check(&self, token: &str) -> Result<AccessToken, Refusal> {
        let content = self.inner.keyring().open(ACCESS, token)?;
        let token: AccessToken = serde_json::from_slice(&content).map_err(|_| Refusal::Invalid)?;
        let revoked = &self.inner.revoked;
        let sign_in = !token.sign_in.is_empty() && revoked.holds(&token.sign_in);
        if sign_in || revoked.holds(&token.session) || revoked.holds_client(&token.client) {
            return Err(Refusal::Invalid);
        }
        if token.expires_s <= self.inner.clock.now().as_second() {
            return Err(Refusal::Expired);
        }
        Ok(token)
    }

    /// The caller that a token stands for at an API with these scopes. Of several that it holds,
    /// the last in the list counts.
    ///
    /// # Errors
    /// As [`AccessTokens::check`]; [`Refusal::OtherApi`] when no scope is for this API.
    pub fn admit(&self, token: &str, scopes: &[ScopeRow]) -> Result<Caller, Refusal> {
        let token = self.check(token)?;
        let held = |row: &&ScopeRow| token.scopes.iter().any(|scope| scope == row.1);
        let mode = scopes.iter().rev().find(held).map(|(mode, _)| *mode);
        Ok(token.into_caller(mode.ok_or(Refusal::OtherApi)?))
    }

    /// The sessions that were revoked.
    pub fn revoked(&self) -> &Revoked {
        &self.inner.revoked
    }

    /// The instant now, by the clock that tokens are checked with.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}

impl AccessToken {
    fn into_caller(self, mode: Mode) -> Caller {
        Caller {
            mode,
            client: self.client,
            organisation: self.organisation,
            system: self.system,
            user: self.user,
            roles: self.roles,
            patient: self.patient,
            grants: self.grants,
            scopes: self.scopes,
            level: self.level,
            session: self.session,
        }
    }
}

#[cfg(test)]
mod tests;
