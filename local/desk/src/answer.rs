//! What came back.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// Whether it says that all went well.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header as text, by its name in lower case; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; null when it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code that an OperationOutcome gives for what went wrong; empty when it gives none.
    pub fn code(&self) -> String {
        let body = self.json();
        let code = body.pointer("/issue/0/details/coding/0/code");
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}
