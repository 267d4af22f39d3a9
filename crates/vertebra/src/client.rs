//! A client of an exchange for commands: what a person types goes over the wire like anybody
//! else's call, and works with any exchange that speaks the same.

mod access_token;
mod again;
mod demonstration;
mod download;
mod halt;
mod mailbox;
mod mailbox_token;
mod message_api;
mod reach;
mod trouble;
mod trust;
mod upload;

use std::borrow::Cow;
use std::io::Read;
use std::time::Duration;

use base::limit::ANSWER_BYTES_MAX;
use serde_json::Value;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use ureq::{Agent, SendBody};

pub(crate) use access_token::Application;
pub(crate) use demonstration::{Credentials, DemoLocal, Demonstration};
pub(crate) use download::{Arrival, Download, sync_folder, write_whole};
pub(crate) use halt::Halt;
pub(crate) use mailbox::{Identity, Mailbox, Track};
pub(crate) use message_api::{MessageApi, Seek};
pub(crate) use reach::Reach;
pub(crate) use trouble::Trouble;
pub(crate) use upload::Upload;

/// How long a connection may take to come about.
const CONNECT_S_MAX: Duration = Duration::from_secs(10);
/// How long the other side may take to begin its answer.
const ANSWER_S_MAX: Duration = Duration::from_secs(90);
/// How long it may take for the next piece of a body, either way.
const STALL_S_MAX: Duration = Duration::from_mins(1);

/// A client of one exchange.
pub(crate) struct Client {
    agent: Agent,
    base: String,
}

/// A request on its way: what to do with which path, and what to send along.
pub(crate) struct Call<'a> {
    method: Cow<'static, str>,
    path: String,
    headers: Vec<(Cow<'static, str>, String)>,
    body: Sent<'a>,
}

/// What is sent along.
enum Sent<'a> {
    Nothing,
    Reader(&'a mut dyn Read),
    Text(String),
}

/// What came back: the body is still to be read.
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: ureq::Body,
}

impl Client {
    /// A client of the exchange at `http://host:port` or `https://host:port`.
    ///
    /// # Errors
    /// When that is no address.
    pub(crate) fn new(base: &str, tls: ureq::tls::TlsConfig) -> Result<Self, String> {
        let uri: Option<Uri> = base.parse().ok();
        let uri = uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
        if uri.is_none_or(|uri| uri.authority().is_none() || uri.query().is_some()) {
            let hint = "an address looks like http://127.0.0.1:8600";
            return Err(format!("--url: '{base}' is no address. hint: {hint}"));
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // A redirect would carry credentials to a stranger.
            .max_redirects(0)
            .user_agent(concat!("vertebra/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT_S_MAX))
            .timeout_recv_response(Some(ANSWER_S_MAX))
            .timeout_per_read(Some(STALL_S_MAX))
            .timeout_per_write(Some(STALL_S_MAX))
            .tls_config(tls)
            .build();
        Ok(Self { agent: config.into(), base: base.trim_end_matches('/').to_owned() })
    }

    /// Calls, and gives the answer whatever its status.
    pub(crate) fn call(&self, call: Call<'_>) -> Result<Answer, Trouble> {
        let uri = format!("{}{}", self.base, call.path);
        let mut request = Request::builder().method(call.method.as_ref()).uri(uri);
        for (name, value) in call.headers {
            let name = HeaderName::try_from(name.as_ref())
                .map_err(|_| Trouble::Here(format!("'{name}' is no name of a header")))?;
            let value = HeaderValue::from_bytes(value.as_bytes());
            request = request.header(name.clone(), value.map_err(|_| unsendable(&name))?);
        }
        let request = request.body(());
        let request = request.map_err(|error| Trouble::Here(format!("cannot call: {error}")))?;
        let answered = match call.body {
            Sent::Nothing => self.agent.run(request),
            Sent::Reader(reader) => self.agent.run(request.map(|()| SendBody::from_reader(reader))),
            Sent::Text(text) => self.agent.run(request.map(|()| text)),
        };
        match answered {
            Ok(response) => {
                let (head, body) = response.into_parts();
                Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
            }
            Err(error) => Err(Trouble::unanswered(&self.base, &error)),
        }
    }
}

fn unsendable(name: &HeaderName) -> Trouble {
    Trouble::Here(format!("{name}: has characters that no header can carry"))
}

impl<'a> Call<'a> {
    /// A call without a body.
    pub(crate) fn new(method: impl Into<Cow<'static, str>>, path: impl Into<String>) -> Self {
        let method = method.into();
        Self { method, path: path.into(), headers: Vec::new(), body: Sent::Nothing }
    }

    /// With a header, its name in lower case. An empty value stands for none.
    pub(crate) fn header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.headers.push((name.into(), value));
        }
        self
    }

    /// With a body that is read while it is sent; of unknown length unless a header tells it.
    pub(crate) fn body(self, reader: &'a mut dyn Read) -> Self {
        Self { body: Sent::Reader(reader), ..self }
    }

    /// With the fields of a form as its body, encoded already.
    pub(crate) fn form(self, fields: String) -> Self {
        let body = Sent::Text(fields);
        Self { body, ..self }.header("content-type", "application/x-www-form-urlencoded")
    }

    /// With a JSON document as its body.
    pub(crate) fn json(self, document: &Value) -> Self {
        let body = Sent::Text(document.to_string());
        Self { body, ..self }.header("content-type", "application/json")
    }
}

impl Answer {
    /// A header as text, by its name in lower case; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        text_of(&self.headers, name)
    }

    /// The whole body as text.
    pub(crate) fn text(mut self) -> Result<String, Trouble> {
        let body = self.body.with_config().limit(ANSWER_BYTES_MAX).lossy_utf8(true);
        body.read_to_string().map_err(|error| Trouble::broken_off(&error))
    }

    /// The whole body as JSON; `null` when it is empty.
    pub(crate) fn json(self) -> Result<Value, Trouble> {
        let text = self.text()?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| {
            let hint = "is the address that of an exchange?";
            Trouble::Unanswered(format!("the answer is not JSON: {error}. hint: {hint}"))
        })
    }

    /// The answer, when its status says that it went well.
    pub(crate) fn good(self) -> Result<Self, Trouble> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(Trouble::refused(self)) }
    }
}

/// A header as text, by its name in lower case; empty when it is not there.
pub(crate) fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers
        .get(name)
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
        .unwrap_or_default()
}

/// A text as one segment of a path, or as a value of a query.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
pub(crate) mod tests;
