//! The gate: from the credentials on a request to a [`Caller`], or a reason why not.

use std::sync::Arc;

use base::Allowance;

use crate::tokens::{AccessTokens, ScopeRow};
use crate::{Caller, Excess, Meters, Tokens};

/// Why a request was not let in (RFC 6750).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no Authorization header.
    Missing,
    /// The Authorization header is empty.
    Empty,
    /// The Authorization header names a scheme and nothing else.
    NoToken,
    /// The scheme is not Bearer.
    WrongScheme(String),
    /// Nobody knows the token.
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
    tokens: Arc<Tokens>,
    access: Option<AccessTokens>,
    meters: Option<Arc<Meters>>,
}

impl Gate {
    /// A gate that wants a bearer token, or an API key, from the given set.
    pub fn closed(tokens: Tokens) -> Self {
        Self { open: false, tokens: Arc::new(tokens), access: None, meters: None }
    }

    /// A gate that lets a call without credentials in as a health worker. A token still counts.
    pub fn open(tokens: Tokens) -> Self {
        Self { open: true, tokens: Arc::new(tokens), access: None, meters: None }
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

    /// Counts a call of a client to an API. What is left, where there is a quota.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn count(&self, client: &str, api: &'static str) -> Result<Option<Allowance>, Excess> {
        self.meters.as_ref().map_or(Ok(None), |meters| meters.count(client, api))
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
        match (self.tokens.find(token), &self.access) {
            (Err(Refusal::Invalid), Some(access)) => access.admit(token, scopes),
            (found, _) => found,
        }
    }

    /// From the value of an `apikey` header to the caller, for what asks for a key and no token.
    ///
    /// # Errors
    /// The [`Refusal`] that says what is wrong with it.
    pub fn admit_key(&self, key: Option<&[u8]>) -> Result<Caller, Refusal> {
        match key.unwrap_or_default() {
            [] if self.open => Ok(Caller::open()),
            [] => Err(Refusal::NoKey),
            key => self.tokens.find_key(key).cloned().ok_or(Refusal::InvalidKey),
        }
    }
}

#[cfg(test)]
mod tests;
