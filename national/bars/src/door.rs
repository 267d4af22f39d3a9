//! What is checked before a call is passed on, in the order of the national proxy: what the sender
//! accepts, the ids of the request, then for whom it is, and last what it says of the sender.

use base::{Fault, Kind};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use nhs::OdsCode;
use serde_json::Value;
use service::Request;

use crate::House;
use crate::faults::{from_store, incorrect};
use crate::healthcare_service::{self, HealthcareService};

/// The header that says for whom a call is.
pub(crate) const TARGET: &str = "nhsd-target-identifier";
/// The header that says for which organisation it is made.
pub(crate) const ORGANISATION: &str = "nhsd-end-user-organisation";
/// The headers that say who the sender is, each with the resource that it holds.
const SENDER: [(&str, &str); 3] = [
    (ORGANISATION, "Organization"),
    ("nhsd-requesting-software", "Device"),
    ("nhsd-requesting-practitioner", "PractitionerRole"),
];
/// What a receiver may answer in.
const MEDIA_TYPES: [&str; 6] = [
    "application/fhir+json",
    "application/fhir+xml",
    "application/json",
    "application/xml",
    "application/*",
    "*/*",
];

/// Base64 as clients write it, with its padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a request says for whom it is.
pub(crate) fn names_target(request: &Request) -> bool {
    request.headers.contains_key(TARGET)
}

/// Checks what every interaction wants.
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn check(request: &Request) -> Result<(), Fault> {
    acceptable(request)?;
    for name in ["X-Request-Id", "X-Correlation-Id"] {
        let Some(value) = request.headers.get(name.to_ascii_lowercase()) else {
            return Err(incorrect("SEND_INVALID", format!("{name} is missing")));
        };
        if !value.to_str().is_ok_and(is_uuid) {
            return Err(incorrect("SEND_VALUE", format!("{name} is no UUID")));
        }
    }
    Ok(())
}

/// The service that a request is for.
///
/// # Errors
/// When the header that says so is missing, illegible, or names nobody.
pub(crate) fn target(house: &House, request: &Request) -> Result<HealthcareService, Fault> {
    if !names_target(request) {
        return Err(incorrect("SEND_INVALID", "NHSD-Target-Identifier is missing"));
    }
    let unclear = |why| incorrect("STRUCTURE", format!("NHSD-Target-Identifier {why}"));
    let bytes = decoded(request, TARGET).ok_or_else(|| unclear("is not base64"))?;
    let named = fhir::json::parse(&bytes).ok();
    let text = |name: &str| {
        let value = named.as_ref()?.get(name)?.as_str()?;
        Some(value).filter(|value| !value.is_empty())
    };
    let (Some(system), Some(value)) = (text("system"), text("value")) else {
        return Err(unclear("is no object with a value and a system, both text"));
    };
    let found = healthcare_service::find(&house.store, system, value).map_err(from_store)?;
    found.ok_or_else(|| Fault::new(Kind::NotFound, "PROXY_NOT_FOUND", ""))
}

/// Checks what the sender says of itself, where it says something.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn sender(request: &Request) -> Result<(), Fault> {
    for (name, kind) in SENDER {
        if request.headers.contains_key(name) && resource(request, name, kind).is_none() {
            let why = format!("{name} is not the base64 of a FHIR {kind} in JSON");
            return Err(incorrect("SEND_VALUE", why));
        }
    }
    Ok(())
}

/// The organisation that the sender says it calls for.
pub(crate) fn organisation(request: &Request) -> Option<OdsCode> {
    let organisation = resource(request, ORGANISATION, "Organization")?;
    let identifiers = organisation.get("identifier")?.as_array()?;
    let is_ods =
        |one: &&Value| one.get("system").and_then(Value::as_str) == Some(nhs::url::ODS_CODE);
    OdsCode::parse(identifiers.iter().find(is_ods)?.get("value")?.as_str()?)
}

fn resource(request: &Request, name: &str, kind: &str) -> Option<Value> {
    let resource = fhir::json::parse(&decoded(request, name)?).ok()?;
    (resource.get("resourceType")?.as_str()? == kind).then_some(resource)
}

fn decoded(request: &Request, name: &str) -> Option<Vec<u8>> {
    BASE64.decode(request.headers.get(name)?.as_bytes()).ok()
}

/// Whether the sender accepts anything that a receiver may answer in. Which version of the
/// standard it wants is for the receiver to judge.
fn acceptable(request: &Request) -> Result<(), Fault> {
    let Some(accept) = request.header("accept").filter(|accept| !accept.trim().is_empty()) else {
        return Ok(());
    };
    let known = |range: &str| {
        let media_type = range.split(';').next().unwrap_or_default().trim();
        MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(media_type))
    };
    if accept.split(',').any(known) {
        return Ok(());
    }
    let why =
        "Accept names nothing that is answered in. hint: application/fhir+json; version=1.4.0";
    Err(Fault::new(Kind::Unsupported, "SEND_NOT_ACCEPTABLE", why))
}

/// Whether a text is a UUID in its usual form, of any version.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests;
