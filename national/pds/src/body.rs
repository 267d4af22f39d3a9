//! The body of a request as JSON, when its media type is one that the interaction takes.

use base::Fault;
use serde_json::Value;
use service::Request;

use crate::faults::incorrect;

/// Reads the body.
///
/// # Errors
/// `UNSUPPORTED_SERVICE` when the media type is another; the row `malformed` when it is not JSON,
/// or nests too deep.
pub(crate) fn json(
    request: &Request,
    media_types: &[&str],
    malformed: &'static str,
) -> Result<Value, Fault> {
    let given = request.header("content-type").unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    if !media_types.iter().any(|known| known.eq_ignore_ascii_case(given)) {
        return Err(incorrect("UNSUPPORTED_SERVICE", ""));
    }
    fhir::json::parse(&request.body).map_err(|_| {
        incorrect(malformed, "Invalid request with error - the body is not valid JSON")
    })
}
