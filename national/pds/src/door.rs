//! What every interaction checks before its own work, in the order of the national gateway:
//! the request id, then the role.

use base::Fault;
use security::{Caller, Mode};
use service::Request;

use crate::faults::{incorrect, invalid_value};

const GUIDANCE: &str = "Refer to the guidance for this header in our API Specification \
    https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir";

/// Checks the headers that every interaction wants.
///
/// # Errors
/// When the request id is missing or no UUID, or the role is not one of the caller's.
pub fn check(request: &Request) -> Result<(), Fault> {
    request_id(request)?;
    role(request)
}

fn request_id(request: &Request) -> Result<(), Fault> {
    let Some(value) = request.headers.get("x-request-id") else {
        return Err(incorrect(
            "MISSING_VALUE",
            "Invalid request with error - X-Request-ID header must be supplied to access \
             this resource",
        ));
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    if is_uuid(&text) { Ok(()) } else { Err(invalid_value(&text, "header 'X-Request-ID'")) }
}

/// Whether a text is a UUID in its usual form, of any version.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A worker with several roles says in which one the call is made; a worker with one need not.
fn role(request: &Request) -> Result<(), Fault> {
    let caller = &request.caller;
    if caller.mode != Mode::Worker || caller.client == Caller::open().client {
        return Ok(());
    }
    let given = request.headers.get("nhsd-session-urid");
    let given = given.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let held = match &given {
        None => caller.roles.len() <= 1,
        Some(id) => caller.roles.iter().any(|role| role.id == *id),
    };
    if held {
        return Ok(());
    }
    let given = given.unwrap_or_default();
    Err(invalid_value(&given, &format!("header 'NHSD-Session-URID'. {GUIDANCE}")))
}
