//! What an update is sent with: the version it is meant for, and the patches.

use base::Fault;
use base::limit::PATCHES_MAX;
use bytes::Bytes;
use serde_json::Value;
use service::Request;

use super::patch::Patch;
use crate::faults::{incorrect, invalid_update};

/// The media type of an update.
const MEDIA_TYPE: &str = "application/json-patch+json";

/// The version in `If-Match: W/"n"`.
pub(crate) fn version(request: &Request) -> Result<u64, Fault> {
    let sent = request.header("if-match").unwrap_or_default().trim();
    let digits = sent.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"'));
    let digits = digits.filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
    match digits {
        // A number that large is well formed, and the version of no record.
        Some(digits) => Ok(digits.parse().unwrap_or(u64::MAX)),
        None => Err(incorrect(
            "PRECONDITION_FAILED",
            "Invalid update with error - If-Match header must be supplied to update this resource",
        )),
    }
}

/// Refuses any other Content-Type than that of a JSON Patch.
pub(super) fn media_type(request: &Request) -> Result<(), Fault> {
    let sent = request.header("content-type").unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(MEDIA_TYPE) {
        Ok(())
    } else {
        Err(incorrect("UNSUPPORTED_SERVICE", ""))
    }
}

/// The patches in a body, `{"patches": [...]}`.
pub(super) fn patches(body: &Bytes) -> Result<Vec<Patch>, Fault> {
    let none = || invalid_update("No patches found");
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(none());
    }
    let body = fhir::json::parse(body)
        .map_err(|_| invalid_update("the request body is not valid JSON"))?;
    let members =
        body.as_object().ok_or_else(|| invalid_update("the request body is not a JSON object"))?;
    let patches = match members.get("patches") {
        None | Some(Value::Null) => return Err(none()),
        Some(patches) => patches.as_array(),
    };
    let patches = patches.ok_or_else(|| invalid("Patch sequence must be an array"))?;
    if patches.is_empty() {
        return Err(none());
    }
    if patches.len() > PATCHES_MAX {
        let why = format!("Too many values submitted - 'patches' can hold {PATCHES_MAX}");
        return Err(incorrect("TOO_MANY_VALUES_SUBMITTED", why));
    }
    patches.iter().map(Patch::parse).collect()
}

/// A patch that RFC 6902 does not know or cannot apply.
pub(super) fn invalid(why: &str) -> Fault {
    incorrect("INVALID_UPDATE", format!("Invalid patch: {why}"))
}
