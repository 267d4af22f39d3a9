//! The body of a request as a JSON object, when its media type is the one that is taken.

use base::Fault;
use serde_json::{Map, Value};
use service::Request;

use crate::faults::invalid;

/// Reads the body.
///
/// # Errors
/// When the media type is another, or the body is no JSON object.
pub(crate) fn object(
    request: &Request,
    media_type: &'static str,
) -> Result<Map<String, Value>, Fault> {
    let given = request.header("content-type").unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    if !given.eq_ignore_ascii_case(media_type) {
        return Err(invalid("Content-Type", format!("Please send {media_type}")));
    }
    match fhir::json::parse(&request.body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(invalid("body", "Please provide a JSON object")),
    }
}
