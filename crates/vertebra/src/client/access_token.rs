//! Access tokens for a client's signed JWT (RFC 7523), as any application gets them. A token is
//! kept beside the key, for its owner only, until it ends.

use std::path::{Path, PathBuf};

use base::{Clock, Dice, Secret};
use security::signing::PrivateKey;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Call, Client, Trouble, encoded};
use crate::credentials::private_file;

/// How long an assertion is good, in seconds: it is used at once.
const ASSERTION_S: i64 = 240;
/// How much sooner a token is thrown away than it ends, in seconds.
const EARLY_S: i64 = 10;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client that proves itself with a private key.
pub(crate) struct Application {
    /// Its id.
    pub(crate) client_id: String,
    /// The name of its key; what follows from the key when it says none.
    pub(crate) kid: Option<String>,
    /// Where its private key is.
    pub(crate) key_file: PathBuf,
    /// What it asks for; a client of SMART Backend Services must.
    pub(crate) scope: Option<String>,
    /// The URL of the token endpoint as the exchange knows itself.
    pub(crate) token_url: String,
}

/// A token that was kept.
#[derive(Deserialize, Serialize)]
struct Kept {
    client_id: String,
    token_url: String,
    scope: Option<String>,
    access_token: String,
    until_s: i64,
}

impl Application {
    /// An access token: the one that is kept, or a new one.
    ///
    /// # Errors
    /// When the key cannot be read, or the exchange gives no token.
    pub(crate) fn token(&self, client: &Client) -> Result<Secret<String>, Trouble> {
        match self.kept() {
            Some(token) => Ok(token),
            None => self.fresh(client),
        }
    }

    /// Whether a token is kept that has not ended.
    pub(crate) fn kept(&self) -> Option<Secret<String>> {
        let text = std::fs::read_to_string(self.token_file()).ok()?;
        let kept: Kept = serde_json::from_str(&text).ok()?;
        let same = kept.client_id == self.client_id
            && kept.token_url == self.token_url
            && kept.scope == self.scope;
        let good = kept.until_s - EARLY_S > Clock::System.now().as_second();
        (same && good).then(|| Secret::new(kept.access_token))
    }

    /// A new access token, which is kept.
    ///
    /// # Errors
    /// When the key cannot be read, or the exchange gives no token.
    pub(crate) fn fresh(&self, client: &Client) -> Result<Secret<String>, Trouble> {
        #[derive(Deserialize)]
        struct Token {
            access_token: String,
            expires_in: serde_json::Value,
        }
        let now_s = Clock::System.now().as_second();
        let assertion = self.assertion(now_s).map_err(Trouble::Here)?;
        let mut form = format!(
            "grant_type=client_credentials&client_assertion={assertion}&client_assertion_type={}",
            encoded(JWT_BEARER)
        );
        if let Some(scope) = &self.scope {
            form = format!("{form}&scope={}", encoded(scope));
        }
        let answer = client.call(Call::new("POST", "/oauth2/token").form(form))?.good()?.json()?;
        let token: Token = serde_json::from_value(answer)
            .map_err(|_| Trouble::Unanswered("the answer holds no access token".into()))?;
        // A number, or text where the national platform is spoken as it is.
        let life_s = token.expires_in.as_str().and_then(|text| text.parse().ok());
        let life_s: i64 = life_s.or_else(|| token.expires_in.as_i64()).unwrap_or_default();
        self.keep(&token.access_token, now_s + life_s);
        Ok(Secret::new(token.access_token))
    }

    fn assertion(&self, now_s: i64) -> Result<String, String> {
        let path = self.key_file.display();
        let text = std::fs::read_to_string(&self.key_file).map_err(|error| {
            format!("cannot read the key of {} from {path}: {error}", self.client_id)
        })?;
        let key = PrivateKey::from_pem(&text).map_err(|error| format!("{path}: {error}"))?;
        let kid = self.kid.clone().unwrap_or_else(|| key.thumbprint());
        let header = json!({ "alg": key.algorithm().name(), "typ": "JWT", "kid": kid });
        let claims = json!({
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.token_url,
            "jti": Dice::System.uuid().to_string(),
            "exp": now_s + ASSERTION_S,
        });
        key.sign(key.algorithm(), &header, &claims)
    }

    /// Keeps a token. Where that cannot be, the next call gets another.
    fn keep(&self, token: &str, until_s: i64) {
        let kept = Kept {
            client_id: self.client_id.clone(),
            token_url: self.token_url.clone(),
            scope: self.scope.clone(),
            access_token: token.to_owned(),
            until_s,
        };
        let _ = private_file(&self.token_file(), &json!(kept).to_string());
    }

    fn token_file(&self) -> PathBuf {
        Path::new(&self.key_file).with_extension("token")
    }
}
