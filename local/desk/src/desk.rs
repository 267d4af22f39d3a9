//! The desk of a system: its card, its folder, and how it calls.

use std::path::Path;
use std::time::Instant;

use base::{Clock, Dice, Secret};
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::answer::Answer;
use crate::call::{Call, Proof};
use crate::card::Card;
use crate::client::{Client, Trouble};
use crate::conversation::{Conversation, Step};
use crate::folder::Folder;
use crate::secret::control_secret;
use crate::token::{self, Tokens};

const API_KEY: HeaderName = HeaderName::from_static("apikey");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// What a local system works with.
#[derive(Debug)]
pub struct Desk {
    /// Who it is.
    pub card: Card,
    /// What it keeps.
    pub folder: Folder,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    client: Client,
    /// The client that shows the certificate of the system.
    certified: Client,
    tokens: Tokens,
    api_key: Option<Secret<String>>,
    control: Secret<String>,
}

impl Desk {
    /// The desk of a system, with its folder at a path.
    ///
    /// # Errors
    /// When the folder cannot be had, or the key or the papers of the system not be read.
    pub fn open(card: Card, folder: &Path, clock: Clock, dice: Dice) -> Result<Self, String> {
        let failed = |error| format!("{}: {error}", folder.display());
        let kept = Folder::open(folder).map_err(failed)?;
        let control = control_secret(folder, &dice).map_err(failed)?;
        let tokens = Tokens::new(&card)?;
        let (client, certified) = match &card.papers {
            Some(papers) => (Client::believing(papers)?, Client::showing(papers)?),
            None => (Client::new()?, Client::new()?),
        };
        let api_key = card.api_key_file.as_deref().map(api_key).transpose()?;
        Ok(Self { card, folder: kept, clock, dice, client, certified, tokens, api_key, control })
    }

    /// What people prove themselves with at the control door.
    pub fn control_secret(&self) -> &Secret<String> {
        &self.control
    }

    /// A new conversation.
    pub fn begin(&self) -> Conversation {
        Conversation::new(self.dice.uuid())
    }

    /// Makes a call as part of a conversation: with a token or the certificate, where it is to have
    /// one, and with the ids. The answer comes whatever its status.
    ///
    /// # Errors
    /// Why no whole answer came.
    pub async fn call(
        &self,
        conversation: &Conversation,
        mut call: Call,
    ) -> Result<Answer, Trouble> {
        if call.proof == Proof::Token {
            let token = self.token(conversation).await?;
            let mut value = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| Trouble::NoToken("no header can carry it".into()))?;
            value.set_sensitive(true);
            call.headers.insert(AUTHORIZATION, value);
        }
        if call.proof == Proof::ApiKey {
            let key = self.api_key.as_ref().map(|key| HeaderValue::try_from(key.expose().as_str()));
            let mut value = key
                .and_then(Result::ok)
                .ok_or_else(|| Trouble::Here("there is no API key to call with".into()))?;
            value.set_sensitive(true);
            call.headers.insert(API_KEY, value);
        }
        let id = call.id.unwrap_or_else(|| self.dice.uuid().to_string());
        for (name, id) in [(REQUEST_ID, id), (CORRELATION_ID, conversation.id().to_string())] {
            if let Ok(value) = HeaderValue::try_from(id) {
                call.headers.insert(name, value);
            }
        }
        let by_certificate = call.proof == Proof::Certificate;
        let client = if by_certificate { &self.certified } else { &self.client };
        let sent = client.send(call.method, &call.url, call.headers, call.body);
        let answer = self.noted(conversation, &call.to, &call.what, sent).await;
        if matches!(&answer, Ok(answer) if answer.status == 401) && call.proof == Proof::Token {
            // Whatever was wrong with the token, the next call has another.
            self.tokens.forget().await;
        }
        answer
    }

    async fn token(&self, conversation: &Conversation) -> Result<String, Trouble> {
        let ask = |form| async {
            let sent = token::ask(&self.client, &self.card, form);
            self.noted(conversation, "token service", "ask for an access token", sent).await
        };
        self.tokens.bearer(&self.card, (&self.clock, &self.dice), ask).await
    }

    async fn noted(
        &self,
        conversation: &Conversation,
        to: &str,
        what: &str,
        sent: impl Future<Output = Result<Answer, Trouble>>,
    ) -> Result<Answer, Trouble> {
        let (at, begun) = (self.clock.now(), Instant::now());
        let answer = sent.await;
        let outcome = match &answer {
            Ok(answer) => format!("{} {}", answer.status, answer.code()).trim().to_owned(),
            Err(trouble) => trouble.to_string(),
        };
        conversation.note(Step {
            at,
            from: self.card.title.clone(),
            to: to.to_owned(),
            what: what.to_owned(),
            outcome,
            took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        answer
    }
}

/// The API key in a file.
fn api_key(file: &Path) -> Result<Secret<String>, String> {
    let read = std::fs::read_to_string(file);
    let text = read.map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(Secret::new(text.trim().to_owned()))
}
