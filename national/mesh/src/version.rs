//! Which version of the API a caller speaks: what its Accept header says.
//!
//! The versions differ in the names in bodies only; all paths serve both.

use base::Fault;
use http::HeaderMap;
use http::header::ACCEPT;

use crate::faults;

/// The media type of version 1.
pub(crate) const JSON: &str = "application/json";
/// The media type of version 2.
pub(crate) const V2_JSON: &str = "application/vnd.mesh.v2+json";

/// What every media type of the API starts with.
const OURS: &str = "application/vnd.mesh";

/// Which version of the API a caller speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

impl Version {
    /// The version that a request asks for.
    ///
    /// # Errors
    /// When it names a version of the API that cannot be read.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Fault> {
        let accept = headers.get(ACCEPT).map(|value| String::from_utf8_lossy(value.as_bytes()));
        Self::read(accept.as_deref().unwrap_or_default()).ok_or_else(faults::accept)
    }

    /// The version that an Accept header asks for: the first that it names. A later version than
    /// we know is taken for the latest.
    pub(crate) fn read(accept: &str) -> Option<Self> {
        let lower = accept.to_ascii_lowercase();
        let Some(named) = lower.split(',').map(str::trim).find(|one| one.starts_with(OURS)) else {
            return Some(Self::One);
        };
        let named = named.split(';').next()?.trim_end();
        let number = named.strip_prefix(OURS)?.strip_prefix(".v")?.strip_suffix("+json")?;
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let first =
            number.trim_start_matches('0') == "1" || number.bytes().all(|byte| byte == b'0');
        digits.then_some(if first { Self::One } else { Self::Two })
    }

    /// The media type of its bodies.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::One => JSON,
            Self::Two => V2_JSON,
        }
    }
}

#[cfg(test)]
mod tests;
