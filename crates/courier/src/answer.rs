//! What an answer means.

use broker::Outcome;
use http::StatusCode;
use http::header::{HeaderMap, RETRY_AFTER};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// What came of a push, by the status and the headers of the answer to it.
pub(crate) fn outcome(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Outcome {
    let code = status.as_u16();
    match code {
        200..300 => Outcome::Delivered,
        300..400 => Outcome::Refused(format!(
            "answered {code}, a redirect, which is not followed. hint: give the endpoint the \
             address that it leads to"
        )),
        400 | 401 | 403 | 404 | 405 | 410 | 413 | 415 | 422 => {
            Outcome::Refused(format!("answered {}", worded(status)))
        }
        _ => Outcome::Failed {
            why: format!("answered {}", worded(status)),
            after_s: headers.get(RETRY_AFTER).and_then(|value| after_s(value.to_str().ok()?, now)),
        },
    }
}

/// A status with the words of the standard; never those of the receiver.
fn worded(status: StatusCode) -> String {
    let words = status.canonical_reason().unwrap_or_default();
    format!("{} {words}", status.as_u16()).trim_end().to_owned()
}

/// The seconds that Retry-After asks for: a number, or a date (RFC 9110 10.2.3).
fn after_s(value: &str, now: Timestamp) -> Option<u32> {
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        // A number too large to hold is a long time all the same.
        return Some(value.parse().unwrap_or(u32::MAX));
    }
    let at = DateTimeParser::new().parse_timestamp(value).ok()?;
    let left_s = at.as_second().saturating_sub(now.as_second());
    Some(u32::try_from(left_s.max(0)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
