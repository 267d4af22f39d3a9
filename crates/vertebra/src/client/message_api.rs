//! The messages API of an exchange, as commands use it.

use base::Secret;
use serde_json::{Value, json};

use super::{Call, Client, Trouble, encoded};

/// The messages API of an exchange, called with a bearer token if there is one.
pub(crate) struct MessageApi {
    client: Client,
    token: Option<Secret<String>>,
}

/// Which messages to look for; what is empty does not matter.
#[derive(Clone, Default)]
pub(crate) struct Seek {
    /// Sender or recipient.
    pub(crate) party: String,
    /// The kind of message.
    pub(crate) kind: String,
    /// The state that a delivery is in.
    pub(crate) state: String,
    /// Accepted since, as an instant.
    pub(crate) since: String,
}

/// A page of messages, newest first.
pub(crate) struct Page {
    /// The messages.
    pub(crate) messages: Vec<Value>,
    /// The id that the next page begins before, when there may be more.
    pub(crate) before: Option<String>,
}

impl MessageApi {
    /// The API that is reached through a client.
    pub(crate) fn new(client: Client, token: Option<Secret<String>>) -> Self {
        Self { client, token }
    }

    /// Messages that fit, those before one that was seen already.
    pub(crate) fn find(
        &self,
        seek: &Seek,
        before: Option<&str>,
        most: usize,
    ) -> Result<Page, Trouble> {
        let (most, before) = (most.to_string(), before.unwrap_or_default());
        let asked = [
            ("party", seek.party.as_str()),
            ("kind", &seek.kind),
            ("state", &seek.state),
            ("since", &seek.since),
            ("before", before),
            ("most", &most),
        ];
        let query: Vec<String> = asked
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let mut answer = self.get(&format!("?{}", query.join("&")))?;
        let next = answer.pointer("/links/next").and_then(Value::as_str);
        let before = next.and_then(|link| link.rsplit_once("before="));
        let before = before.map(|(_, id)| id.to_owned());
        let messages = match answer.get_mut("messages").map(Value::take) {
            Some(Value::Array(messages)) => messages,
            _ => Vec::new(),
        };
        Ok(Page { messages, before })
    }

    /// A message with its deliveries and their history.
    pub(crate) fn message(&self, id: &str) -> Result<Value, Trouble> {
        self.get(&format!("/{}", encoded(id)))
    }

    /// A conversation: its messages, and everything that happened to them in order.
    pub(crate) fn conversation(&self, id: &str) -> Result<Value, Trouble> {
        self.get(&format!("/conversations/{}", encoded(id)))
    }

    /// Sends a delivery again that has come to an end; the message as it stands then.
    pub(crate) fn resend(&self, id: &str, delivery: u64, why: &str) -> Result<Value, Trouble> {
        let path = format!("/{}/deliveries/{delivery}/resend", encoded(id));
        self.post(&path, &json!({ "why": why }))
    }

    /// Lets later messages pass a delivery that was given up.
    pub(crate) fn release(&self, id: &str, delivery: u64) -> Result<Value, Trouble> {
        self.post(&format!("/{}/deliveries/{delivery}/release", encoded(id)), &json!({}))
    }

    /// Stops pushes to an endpoint.
    pub(crate) fn park(&self, endpoint: &str, why: &str) -> Result<Value, Trouble> {
        self.post(&format!("/endpoints/{}/park", encoded(endpoint)), &json!({ "why": why }))
    }

    /// Lets pushes to an endpoint go on.
    pub(crate) fn unpark(&self, endpoint: &str) -> Result<Value, Trouble> {
        self.post(&format!("/endpoints/{}/unpark", encoded(endpoint)), &json!({}))
    }

    fn get(&self, path: &str) -> Result<Value, Trouble> {
        self.call(Call::new("GET", format!("/messages{path}")))
    }

    fn post(&self, path: &str, document: &Value) -> Result<Value, Trouble> {
        self.call(Call::new("POST", format!("/messages{path}")).json(document))
    }

    fn call(&self, call: Call<'_>) -> Result<Value, Trouble> {
        let call = call.header("accept", "application/json");
        let call = match &self.token {
            Some(token) => call.header("authorization", format!("Bearer {}", token.expose())),
            None => call,
        };
        self.client.call(call)?.good()?.json()
    }
}
