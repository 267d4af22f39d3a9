//! The body of a request as a form, within limits.
//!
//! Clause: RFC 6749 section 3.2 and appendix B. Parameters that are sent twice are refused, those
//! without a value count as not sent.

use base::Fault;
use base::limit::QUERY_PARAMETERS_MAX;
use http::header::CONTENT_TYPE;
use service::Request;

use crate::faults::invalid_request;

const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters of a form.
#[derive(Debug)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// `NO_FORM` when the media type is another; `INVALID_REQUEST` when it cannot be read, has too
    /// many parameters, or one of them twice.
    pub(crate) fn read(request: &Request) -> Result<Self, Fault> {
        let given = request.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let given = given.split(';').next().unwrap_or_default().trim();
        if !given.eq_ignore_ascii_case(FORM) {
            let why = format!("Content-Type must be {FORM}");
            return Err(Fault::new(base::Kind::Unsupported, "NO_FORM", why));
        }
        Self::parse(&request.body)
    }

    fn parse(body: &[u8]) -> Result<Self, Fault> {
        let unreadable = || invalid_request("the body is no form in UTF-8");
        let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if fields.len() == QUERY_PARAMETERS_MAX {
                return Err(invalid_request("the form has too many parameters"));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(unreadable)?;
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(invalid_request("the form has a parameter twice"));
            }
            fields.push((name, decode(value).ok_or_else(unreadable)?));
        }
        Ok(Self { fields })
    }

    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests;
