//! Access tokens: asked for with a signed JWT, kept until shortly before they end.
//!
//! Clauses: RFC 7523 section 2.2, and the national platform's "application-restricted `RESTful`
//! APIs: signed JWT authentication".

use base::{Clock, Dice, Secret};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::answer::Answer;
use crate::card::Card;
use crate::client::{Client, Trouble};
use crate::key::Key;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long the signed request is good, in seconds.
const ASSERTION_S: i64 = 60;
/// How long before its end a token is not used any more, in seconds.
const EARLY_S: i64 = 30;

/// Gets tokens for a system, one at a time.
#[derive(Debug)]
pub(crate) struct Tokens {
    key: Key,
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    token: Secret<String>,
    until: Timestamp,
}

impl Tokens {
    /// Tokens for the system of a card.
    ///
    /// # Errors
    /// When its key cannot be read.
    pub(crate) fn new(card: &Card) -> Result<Self, String> {
        let named = |why: String| format!("{}: {why}", card.key_file.display());
        let text = std::fs::read_to_string(&card.key_file).map_err(|why| named(why.to_string()))?;
        Ok(Self { key: Key::from_pem(&text).map_err(named)?, kept: Mutex::default() })
    }

    /// A token that is good for a while: the one that is kept, or a new one, for which `ask` calls.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn bearer<F>(
        &self,
        card: &Card,
        (clock, dice): (&Clock, &Dice),
        ask: impl FnOnce(Bytes) -> F,
    ) -> Result<String, Trouble>
    where
        F: Future<Output = Result<Answer, Trouble>>,
    {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.until > clock.now()) {
            return Ok(kept.token.expose().clone());
        }
        let form = self.form(card, clock, dice).map_err(Trouble::NoToken)?;
        let answer = ask(form).await?;
        let said = answer.json();
        let token = said.get("access_token").and_then(Value::as_str);
        let Some(token) = token.filter(|_| answer.is_good()) else {
            let code = said.get("error").and_then(Value::as_str).unwrap_or_default();
            return Err(Trouble::NoToken(format!("{} {code}", answer.status)));
        };
        let life_s = seconds(said.get("expires_in"));
        let until = clock.in_s(life_s - EARLY_S);
        *kept = Some(Kept { token: Secret::new(token.to_owned()), until });
        Ok(token.to_owned())
    }

    /// Forgets the token, since the other side does not take it any more.
    pub(crate) async fn forget(&self) {
        *self.kept.lock().await = None;
    }

    fn form(&self, card: &Card, clock: &Clock, dice: &Dice) -> Result<Bytes, String> {
        let header = json!({"alg": "RS512", "typ": "JWT", "kid": card.kid});
        let claims = json!({
            "iss": card.client,
            "sub": card.client,
            "aud": card.token_url,
            "jti": dice.uuid(),
            "exp": clock.in_s(ASSERTION_S).as_second(),
        });
        let signed = self.key.sign(&header, &claims)?;
        let kind = utf8_percent_encode(ASSERTION, NON_ALPHANUMERIC);
        let form = format!(
            "grant_type=client_credentials&client_assertion_type={kind}&client_assertion={signed}"
        );
        Ok(form.into())
    }
}

/// Asks for a token with a form.
///
/// # Errors
/// Why no answer came.
pub(crate) async fn ask(client: &Client, card: &Card, form: Bytes) -> Result<Answer, Trouble> {
    let mut headers = HeaderMap::new();
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(CONTENT_TYPE, form_type);
    client.send(Method::POST, &card.token_url, headers, form).await
}

/// A number of seconds, which some write as text.
fn seconds(value: Option<&Value>) -> i64 {
    let text = value.and_then(Value::as_str).and_then(|text| text.parse().ok());
    value.and_then(Value::as_i64).or(text).unwrap_or_default()
}
