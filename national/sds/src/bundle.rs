//! What was found, as a searchset. It is one also when nothing was.

use base::{Fault, Kind};
use http::StatusCode;
use http::header::HeaderName;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};
use service::{Reply, Request};

use crate::faults::bad_request;
use crate::{BASE, House};

/// The header by which a call is followed.
const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
/// The media type beside FHIR's own, for who asks for no other.
const JSON: &str = "application/json";
/// What a link cannot hold as it is. The bar and the slashes of identifiers stay legible.
const ENCODED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'>');

/// The id by which a call is followed: the caller's, or a new one.
///
/// # Errors
/// When the caller's is no UUID.
pub(crate) fn correlation(house: &House, request: &Request) -> Result<String, Fault> {
    let Some(given) = request.headers.get(CORRELATION) else {
        return Ok(house.dice.uuid().to_string());
    };
    let given = given.to_str().ok().filter(|text| is_uuid(text));
    given
        .map(str::to_owned)
        .ok_or_else(|| bad_request("Invalid X-Correlation-Id header. Should be a UUID".to_owned()))
}

/// What the answer is written in.
///
/// # Errors
/// When the caller accepts nothing of it.
pub(crate) fn media_type(request: &Request) -> Result<&'static str, Fault> {
    let accept = request.header("accept").filter(|it| !it.trim().is_empty()).unwrap_or("*/*");
    let accepts = |known: &str| {
        let types = accept.split(',').map(|it| it.split(';').next().unwrap_or_default().trim());
        types.into_iter().any(|it| it.eq_ignore_ascii_case(known))
    };
    if ["*/*", "application/*", fhir::MEDIA_TYPE].into_iter().any(accepts) {
        return Ok(fhir::MEDIA_TYPE);
    }
    let none = || Fault::new(Kind::Unsupported, "NOT_ACCEPTABLE", "Accept type not supported");
    accepts(JSON).then_some(JSON).ok_or_else(none)
}

/// The searchset of these resources, each of the type that the path names.
pub(crate) fn searchset(
    house: &House,
    request: &Request,
    (media_type, correlation): (&'static str, &str),
    found: Vec<Value>,
) -> Reply {
    let path = request.path.strip_prefix(BASE).unwrap_or(&request.path);
    let here = format!("{}{BASE}{path}", request.origin);
    let entry = |resource: Value| {
        let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
        json!({
            "fullUrl": format!("{here}/{id}"),
            "resource": resource,
            "search": { "mode": "match" },
        })
    };
    let mut bundle = Map::new();
    bundle.insert("resourceType".into(), "Bundle".into());
    bundle.insert("id".into(), house.dice.uuid().to_string().into());
    bundle.insert("type".into(), "searchset".into());
    bundle.insert("total".into(), found.len().into());
    let link = json!([{ "relation": "self", "url": asked(&here, &request.query) }]);
    bundle.insert("link".into(), link);
    if !found.is_empty() {
        bundle.insert("entry".into(), found.into_iter().map(entry).collect());
    }
    let body = Value::Object(bundle).to_string();
    Reply::new(StatusCode::OK, media_type, body).with(CORRELATION, correlation)
}

/// The URL that was asked for.
fn asked(here: &str, query: &[(String, String)]) -> String {
    let written = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let pairs: Vec<String> =
        query.iter().map(|(name, value)| format!("{}={}", written(name), written(value))).collect();
    format!("{here}?{}", pairs.join("&"))
}

/// Whether a text is a UUID in its usual form, of any version.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
