//! The ODS code: which organisation.

use std::fmt;

/// An organisation's code: 2 to 15 capital letters and digits. Parsed without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OdsCode(String);

impl OdsCode {
    /// The ODS code that a text is.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped =
            (2..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        shaped.then(|| Self(text.to_ascii_uppercase()))
    }

    /// The code in capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OdsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
