//! The body of a request as a form, within limits.
//!
//! Clause: RFC 6749 section 3.2 and appendix B. Parameters that are sent twice are refused, those
//! without a value count as not sent.

use std::fmt;

use base::limit::QUERY_PARAMETERS_MAX;
use http::header::CONTENT_TYPE;
use percent_encoding::AsciiSet;

use crate::Request;

/// The media type of forms.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters of a form.
#[derive(Debug)]
pub struct Form {
    fields: Vec<(String, String)>,
}

/// Why a body is no form that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoForm {
    /// It is of another media type.
    MediaType,
    /// It is no form in UTF-8.
    Unreadable,
    /// It has more than [`QUERY_PARAMETERS_MAX`] parameters.
    TooMany,
    /// It has a parameter twice.
    Repeated,
}

impl fmt::Display for NoForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MediaType => "Content-Type must be application/x-www-form-urlencoded",
            Self::Unreadable => "the body is no form in UTF-8",
            Self::TooMany => "the form has too many parameters",
            Self::Repeated => "the form has a parameter twice",
        })
    }
}

impl Form {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`NoForm`] says why it is none that is taken.
    pub fn read(request: &Request) -> Result<Self, NoForm> {
        let given = request.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let given = given.split(';').next().unwrap_or_default().trim();
        if !given.eq_ignore_ascii_case(FORM) {
            return Err(NoForm::MediaType);
        }
        Self::parse(&request.body)
    }

    /// Reads the query of a request, which is written as a form is.
    ///
    /// # Errors
    /// As [`Form::read`].
    pub fn query(request: &Request) -> Result<Self, NoForm> {
        let mut form = Self { fields: Vec::new() };
        request.query.iter().try_for_each(|(name, value)| form.add(name.clone(), value.clone()))?;
        Ok(form)
    }

    /// Reads some bytes.
    ///
    /// # Errors
    /// As [`Form::read`].
    pub fn parse(body: &[u8]) -> Result<Self, NoForm> {
        let text = std::str::from_utf8(body).map_err(|_| NoForm::Unreadable)?;
        let mut form = Self { fields: Vec::new() };
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = decode(name).zip(decode(value)).ok_or(NoForm::Unreadable)?;
            form.add(decoded.0, decoded.1)?;
        }
        Ok(form)
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn add(&mut self, name: String, value: String) -> Result<(), NoForm> {
        if self.fields.len() == QUERY_PARAMETERS_MAX {
            return Err(NoForm::TooMany);
        }
        if self.fields.iter().any(|(known, _)| *known == name) {
            return Err(NoForm::Repeated);
        }
        self.fields.push((name, value));
        Ok(())
    }
}

/// Everything but what may stand anywhere as it is (RFC 3986 section 2.3).
const RESERVED: &AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes parameters as a form or a query.
pub fn write_form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encode = |text| percent_encoding::utf8_percent_encode(text, RESERVED);
    let pairs =
        fields.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests;
