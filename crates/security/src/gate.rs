//! The gate: from the credentials on a request to a [`Caller`], or a reason why not.

use std::sync::{Arc, PoisonError, RwLock};

use base::Allowance;

use crate::certificate::CertifiedSystems;
use crate::rate::metered_name;
use crate::tokens::{AccessTokens, Digested, ScopeRow};
use crate::{Caller, Certificate, Certified, Excess, Failures, Meters, Mode, Tokens};

/// Why a request was not let in (RFC 6750).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no Authorization header; where a certificate is asked for, none was shown.
    Missing,
    /// The Authorization header is empty.
    Empty,
    /// The Authorization header names a scheme and nothing else.
    NoToken,
    /// The scheme is not Bearer.
    WrongScheme(String),
    /// Nobody knows the token, or the certificate.
    Invalid,
    /// The token was good once.
    Expired,
    /// The token is good, and for other APIs.
    OtherApi,
    /// There is no API key where one is asked for.
    NoKey,
    /// Nobody has the API key.
    InvalidKey,
}

/// Lets callers in by what they bring.
#[derive(Clone, Debug)]
pub struct Gate {
    open: bool,
    /// Development tokens and API keys.
    tokens: Arc<RwLock<Arc<Tokens>>>,
    /// The API keys of registered clients.
    registered: Arc<RwLock<Arc<Tokens>>>,
    access: Option<AccessTokens>,
    meters: Option<Arc<Meters>>,
    failures: Option<Arc<Failures>>,
    /// The certificates of registered systems.
    certified: Arc<RwLock<Arc<CertifiedSystems>>>,
}

impl Gate {
    /// A gate that wants a bearer token, or an API key, from the given set.
    pub fn closed(tokens: Tokens) -> Self {
        Self {
            open: false,
            tokens: Arc::new(RwLock::new(Arc::new(tokens))),
            registered: Arc::default(),
            access: None,
            meters: None,
            failures: None,
            certified: Arc::default(),
        }
    }

    /// A gate that lets a call without credentials in as a health worker. A token still counts.
    pub fn open(tokens: Tokens) -> Self {
        Self { open: true, ..Self::closed(tokens) }
    }

    /// The same gate, which also takes the house's own access tokens.
    #[must_use]
    pub fn with_access_tokens(self, access: AccessTokens) -> Self {
        Self { access: Some(access), ..self }
    }

    /// The same gate, which also counts calls.
    #[must_use]
    pub fn with_meters(self, meters: Arc<Meters>) -> Self {
        Self { meters: Some(meters), ..self }
    }

    /// The same gate, which also counts credentials that fail, if that is to be.
    #[must_use]
    pub fn with_failures(self, failures: Option<Arc<Failures>>) -> Self {
        Self { failures, ..self }
    }

    /// What counts credentials that fail, if anything does.
    pub fn failures(&self) -> Option<&Arc<Failures>> {
        self.failures.as_ref()
    }

    /// From now on these development tokens and API keys count and no others. Clones of the gate
    /// know it as well.
    pub fn know_tokens(&self, tokens: Tokens) {
        *self.tokens.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tokens);
    }

    fn tokens(&self) -> Arc<Tokens> {
        Arc::clone(&self.tokens.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on registered clients have these API keys and no others: the digest of each, and
    /// the client's id. Clones of the gate know it as well.
    pub fn know(&self, keys: Vec<(Digested, String)>) {
        let tokens = keys.into_iter().fold(Tokens::default(), |tokens, (digest, client)| {
            tokens.with_key(digest, Caller::application(client))
        });
        *self.registered.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tokens);
    }

    /// From now on these certificates stand for systems and no others. Clones of the gate know it
    /// as well, and calls over connections that are open.
    pub fn know_certificates(&self, rows: Vec<Certified>) {
        let known = CertifiedSystems::new(rows);
        *self.certified.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }

    /// Counts a call to an API. What is left, where there is a quota.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn count(&self, caller: &Caller, api: &'static str) -> Result<Option<Allowance>, Excess> {
        let Some(meters) = &self.meters else { return Ok(None) };
        match caller.mode {
            Mode::Mailbox => meters.count(&metered_name(&caller.client), api),
            _ => meters.count(&caller.client, api),
        }
    }

    /// Whether calls without credentials are let in.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// From the value of an Authorization header to the caller, at an API that takes access tokens
    /// with these scopes. Development tokens are for every API.
    ///
    /// # Errors
    /// The [`Refusal`] that says what is wrong with it.
    pub fn admit(
        &self,
        authorization: Option<&[u8]>,
        scopes: &[ScopeRow],
    ) -> Result<Caller, Refusal> {
        let header = match authorization {
            None if self.open => return Ok(Caller::open()),
            None => return Err(Refusal::Missing),
            Some(bytes) => std::str::from_utf8(bytes).map_err(|_| Refusal::Invalid)?.trim(),
        };
        if header.is_empty() {
            return Err(Refusal::Empty);
        }
        let Some((scheme, token)) = header.split_once(' ') else {
            return Err(Refusal::NoToken);
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::WrongScheme(scheme.to_owned()));
        }
        let token = token.trim();
        let caller = match (self.tokens().find(token), &self.access) {
            (Err(Refusal::Invalid), Some(access)) => access.admit(token, scopes),
            (found, _) => found,
        }?;
        if self.is_revoked(&caller) { Err(Refusal::Invalid) } else { Ok(caller) }
    }

    /// From the value of an `apikey` header to the caller, for what asks for a key and no token.
    ///
    /// # Errors
    /// The [`Refusal`] that says what is wrong with it.
    pub fn admit_key(&self, key: Option<&[u8]>) -> Result<Caller, Refusal> {
        match key.unwrap_or_default() {
            [] if self.open => Ok(Caller::open()),
            [] => Err(Refusal::NoKey),
            key => {
                let registered = {
                    let known = self.registered.read().unwrap_or_else(PoisonError::into_inner);
                    Arc::clone(&known)
                };
                // Both are looked through in any case, so that timing tells nothing.
                let tokens = self.tokens();
                let (first, second) = (tokens.find_key(key), registered.find_key(key));
                let caller = first.or(second).filter(|caller| !self.is_revoked(caller));
                caller.cloned().ok_or(Refusal::InvalidKey)
            }
        }
    }

    /// From the certificate that a caller showed, verified by whoever took the connection, to the
    /// system that it stands for.
    ///
    /// # Errors
    /// The [`Refusal`] that says what is wrong with it: [`Refusal::Missing`] or
    /// [`Refusal::Invalid`].
    pub fn admit_certificate(&self, shown: Option<&Certificate>) -> Result<Caller, Refusal> {
        let Some(certificate) = shown else {
            let open = self.open.then(|| Caller { mode: Mode::System, ..Caller::open() });
            return open.ok_or(Refusal::Missing);
        };
        let known = {
            let known = self.certified.read().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&known)
        };
        let caller = known.find(certificate).filter(|caller| !self.is_revoked(caller));
        caller.ok_or(Refusal::Invalid)
    }

    /// Whether a certificate stands for nobody any more, by the word of the directory.
    pub fn has_revoked(&self, shown: &Certificate) -> bool {
        let known = self.certified.read().unwrap_or_else(PoisonError::into_inner);
        known.has_revoked(shown)
    }

    /// Whether a caller's client was revoked, whatever it has brought.
    fn is_revoked(&self, caller: &Caller) -> bool {
        let access = self.access.as_ref();
        access.is_some_and(|access| access.revoked().holds_client(&caller.client))
    }
}

#[cfg(test)]
mod tests;
