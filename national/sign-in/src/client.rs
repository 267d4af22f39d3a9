//! The clients that people may be signed in to: the house's own token service, and the clients of
//! its directory.

use base::Fault;
use security::tokens::revoked::REVOKED_CLIENT;
use security::{client_secret, pkce};
use serde::Deserialize;
use service::{Form, Request};
use store::Store;

use crate::faults::{from_store, invalid_client, invalid_grant};

/// The kind of the directory's records of clients.
const CLIENT: &str = "client";
/// The longest identifier of a client that is looked for, in bytes.
const ID_BYTES_MAX: usize = 256;

/// A client, as far as these issuers look.
#[derive(Clone, Debug, Deserialize)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Where answers may be sent, each to the letter.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The digest of its secret; none for clients that cannot keep one.
    #[serde(default, rename = "client_secret_sha256")]
    pub secret_sha256: Option<String>,
    /// Whether it is one that cannot keep a secret.
    #[serde(default)]
    pub public: bool,
}

impl Client {
    /// A client with a secret.
    pub fn confidential(id: &str, secret: &str, redirect_uri: String) -> Self {
        Self {
            id: id.to_owned(),
            redirect_uris: vec![redirect_uri],
            secret_sha256: Some(client_secret::kept(secret)),
            public: false,
        }
    }

    /// The client of the directory with an id, if there is one that was not revoked.
    ///
    /// # Errors
    /// When the store fails, or its record is damaged.
    pub(crate) fn find(store: &Store, id: &str) -> Result<Option<Self>, Fault> {
        if id.len() > ID_BYTES_MAX {
            return Ok(None);
        }
        if store.directory().get(REVOKED_CLIENT, id).map_err(from_store)?.is_some() {
            return Ok(None);
        }
        let body = store.directory().get(CLIENT, id).map_err(from_store)?;
        let damaged = |_| Fault::broken("BROKEN", "the record of a client is damaged");
        body.map(|body| serde_json::from_str(&body).map_err(damaged)).transpose()
    }

    /// Whether answers may be sent to a place.
    pub(crate) fn may_return_to(&self, redirect_uri: &str) -> bool {
        self.redirect_uris.iter().any(|known| known == redirect_uri)
    }

    /// Sees that a request comes from the client: by its secret, or where it cannot keep one, by
    /// the challenge that it gave before.
    ///
    /// # Errors
    /// `INVALID_CLIENT`, or `INVALID_GRANT` when the challenge is not met.
    pub(crate) fn prove(
        &self,
        secret: Option<&str>,
        verifier: Option<&str>,
        challenge: Option<&str>,
    ) -> Result<(), Fault> {
        let known = self.secret_sha256.as_deref();
        match (known, secret) {
            (Some(kept), Some(secret)) if client_secret::proves(secret, kept) => {}
            (None, None) if self.public && challenge.is_some() => {}
            _ => return Err(invalid_client()),
        }
        match (challenge, verifier) {
            (None, None) => Ok(()),
            (Some(challenge), Some(verifier)) if pkce::proves(verifier, challenge) => Ok(()),
            _ => Err(invalid_grant("the code_verifier does not fit the code_challenge")),
        }
    }
}

/// The id and the secret that a client gives, in the form or in the Authorization header.
pub(crate) fn given(request: &Request, form: &Form) -> (Option<String>, Option<String>) {
    let header = request.header(http::header::AUTHORIZATION.as_str());
    if let Some((id, secret)) = header.and_then(client_secret::from_basic) {
        return (Some(id), Some(secret));
    }
    let field = |name| form.get(name).map(str::to_owned);
    (field("client_id"), field("client_secret"))
}
