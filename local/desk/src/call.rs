//! A call on its way out.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};

/// A request to somebody else.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) what: Cow<'static, str>,
    pub(crate) to: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) id: Option<String>,
    pub(crate) proof: Proof,
}

/// By what a call proves whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// By an access token.
    Token,
    /// By the certificate of the system.
    Certificate,
    /// By an API key.
    ApiKey,
    /// By nothing.
    Nothing,
}

impl Call {
    /// A request: who is called, and what is asked for, in words without patients. The token and
    /// the ids come by themselves.
    pub fn new(
        method: Method,
        url: impl Into<String>,
        to: &str,
        what: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            method,
            url: url.into(),
            what: what.into(),
            to: to.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            id: None,
            proof: Proof::Token,
        }
    }

    /// With a header. A value that no header can carry is left out, and the other side will miss
    /// it.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// With a body of a media type.
    #[must_use]
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        if let Ok(value) = HeaderValue::from_str(media_type) {
            self.headers.insert(CONTENT_TYPE, value);
        }
        self.body = body.into();
        self
    }

    /// Under a request id that was used before: the same request, once more.
    #[must_use]
    pub fn again(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// Without a token or a certificate.
    #[must_use]
    pub fn without_token(self) -> Self {
        Self { proof: Proof::Nothing, ..self }
    }

    /// With the API key of the system in the place of a token.
    #[must_use]
    pub fn with_api_key(self) -> Self {
        Self { proof: Proof::ApiKey, ..self }
    }

    /// Without a token, but with the certificate of the system, where TLS is spoken.
    #[must_use]
    pub fn by_certificate(self) -> Self {
        Self { proof: Proof::Certificate, ..self }
    }
}
