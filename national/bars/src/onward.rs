//! A request as the receiver gets it.

use base::limit::ONWARD_BYTES_MAX;
use base::{Fault, Kind};
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use service::{Onward, Request};

use crate::faults::incorrect;
use crate::healthcare_service::HealthcareService;
use crate::{BASE, House};

/// The headers that go on. All others stay here: who may call this house is no business of the
/// receiver's, and its credentials even less.
const HEADERS: [&str; 12] = [
    "accept",
    "content-type",
    "if-match",
    "nhsd-end-user-organisation",
    "nhsd-requesting-practitioner",
    "nhsd-requesting-software",
    "nhsd-target-identifier",
    "traceparent",
    "tracestate",
    "use-context",
    "x-correlation-id",
    "x-request-id",
];

/// What of a query is written in percent-encoding.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b',');

/// The longest id of a resource, in characters.
const ID_MAX: usize = 64;

/// The request that a receiver gets. `path` is that of the interaction, below the base.
///
/// # Errors
/// When the id in the path is none.
pub(crate) fn onward(
    house: &House,
    target: &HealthcareService,
    request: &Request,
    path: &str,
) -> Result<Onward, Fault> {
    let path = match request.path_values.first() {
        None => path.to_owned(),
        Some((name, id)) if is_id(id) => path.replace(&format!("{{{name}}}"), id),
        Some(_) => return Err(incorrect("SEND_VALUE", "The id in the path is none")),
    };
    let mut url = format!("{}{path}", base_of(target));
    for (at, (name, value)) in request.query.iter().enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        url.extend(utf8_percent_encode(name, ENCODED));
        url.push('=');
        url.extend(utf8_percent_encode(value, ENCODED));
    }
    let mut headers = HeaderMap::new();
    for name in HEADERS {
        if let Some(value) = request.headers.get(name) {
            headers.insert(name, value.clone());
        }
    }
    let body = request.upload.take().unwrap_or_else(|| request.body.clone().into());
    Ok(Onward {
        url,
        private: target.private,
        method: request.method.clone(),
        headers,
        body,
        wait: house.wait,
        bytes_max: ONWARD_BYTES_MAX,
    })
}

/// Where something that a receiver names is found through this house; nothing when it is not the
/// receiver's own.
pub(crate) fn seen_from_here(
    target: &HealthcareService,
    origin: &str,
    url: &str,
) -> Option<String> {
    let below = match url.strip_prefix(base_of(target)) {
        Some(below) => below,
        // Relative to the base, as FHIR has it.
        None if !url.contains("://") && !url.starts_with('/') => return Some(url.to_owned()),
        None => return None,
    };
    below.starts_with('/').then(|| format!("{origin}{BASE}{below}"))
}

fn base_of(target: &HealthcareService) -> &str {
    target.url.trim_end_matches('/')
}

/// Whether a text is the id of a resource: <https://hl7.org/fhir/R4/datatypes.html#id>. What means
/// "here" and "above" in a path is none.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (1..=ID_MAX).contains(&text.len())
        && text.bytes().all(fits)
        && !text.bytes().all(|byte| byte == b'.')
}

/// The fault for a body that did not come whole.
pub(crate) fn broken(error: service::StreamError) -> Fault {
    match error {
        service::StreamError::TooLarge => {
            let why = format!("A message has at most {ONWARD_BYTES_MAX} bytes");
            Fault::new(Kind::Incorrect, "SEND_TOO_LARGE", why)
        }
        service::StreamError::TooSlow => {
            Fault::new(Kind::Interrupted, "SEND_TIMEOUT", error.to_string()).retry_after(5)
        }
        service::StreamError::BrokenOff => incorrect("SEND_INVALID", error.to_string()),
    }
}

#[cfg(test)]
mod tests;
