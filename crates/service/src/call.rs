//! A call, free of any transport: the request that an interaction gets and the reply it gives.

use base::Fault;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};
use security::Caller;

use crate::{Download, Upload};

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
    /// The body; empty when there is none, or when the interaction takes an upload.
    pub body: Bytes,
    /// The body of an interaction that declares an upload, as a stream.
    pub upload: Upload,
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

    /// A header as text whatever bytes it holds: UTF-8, or else Latin-1.
    pub fn header_lossy(&self, name: &str) -> Option<String> {
        let bytes = self.headers.get(name)?.as_bytes();
        let latin_1 = || bytes.iter().map(|byte| char::from(*byte)).collect();
        Some(std::str::from_utf8(bytes).map_or_else(|_| latin_1(), str::to_owned))
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
    /// The body instead, where it is too large to hold.
    pub download: Option<Download>,
}

impl Reply {
    /// A reply with a body of the given media type.
    pub fn new(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self { status, headers, body: body.into(), download: None }
    }

    /// A reply with nothing in it.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new(), download: None }
    }

    /// A reply whose body is made while it is sent.
    pub fn stream(status: StatusCode, media_type: &str, download: Download) -> Self {
        Self { download: Some(download), ..Self::empty(status) }.with(CONTENT_TYPE, media_type)
    }

    /// Adds a header, in UTF-8. A value with control characters cannot stand in a header and is
    /// left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds the Retry-After that a fault asks for, and how the caller stands where that is why.
    #[must_use]
    pub fn with_retry(mut self, fault: &Fault) -> Self {
        if let Some(allowance) = fault.allowance() {
            self = self.with_allowance(allowance);
        }
        match fault.retry() {
            base::Retry::No => self,
            base::Retry::AfterS(seconds) => self.with(RETRY_AFTER, &seconds.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
