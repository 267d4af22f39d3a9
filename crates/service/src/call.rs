//! A call, free of any transport: the request that an interaction gets and the reply it gives.

use base::Fault;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};
use security::Caller;

/// What an interaction gives back.
pub type Answer = Result<Reply, Fault>;

/// A request that has been let in, routed and bounded.
#[derive(Clone, Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The path as asked for, with the base.
    pub path: String,
    /// The values of the `{name}` parts of the path, decoded.
    pub path_values: Vec<(&'static str, String)>,
    /// The query, decoded, in the order of the request.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty when there is none.
    pub body: Bytes,
    /// Who is calling.
    pub caller: Caller,
    /// `http://host:port` as the caller wrote it, for links in answers.
    pub origin: String,
}

impl Request {
    /// The value of a `{name}` part of the path; empty when the route has no such part.
    pub fn path_value(&self, name: &str) -> &str {
        let found = self.path_values.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A header as text; nothing when it is absent or not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A reply, free of any transport.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// A reply with a body of the given media type.
    pub fn new(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self { status, headers, body: body.into() }
    }

    /// A reply with nothing in it.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// Adds a header. A value that cannot stand in a header is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds the Retry-After that a fault asks for.
    #[must_use]
    pub fn with_retry(self, fault: &Fault) -> Self {
        match fault.retry() {
            base::Retry::No => self,
            base::Retry::AfterS(seconds) => self.with(RETRY_AFTER, &seconds.to_string()),
        }
    }
}
