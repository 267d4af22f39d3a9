//! What every interaction checks before its own work, in the order of the national gateway:
//! how surely a patient is known, the request id, then the role, then the accredited system id
//! (ASID).

use base::{Fault, Kind};
use security::{Caller, Mode};
use serde::Deserialize;
use service::Request;

use crate::faults::{self, forbidden, incorrect, invalid_value};
use crate::{House, SERVICE};

const GUIDANCE: &str = "Refer to the guidance for this header in our API Specification \
    https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir";

/// The vectors of trust (RFC 8485) that the national service accepts of NHS login.
const PROVED_IN_FULL: [&str; 3] = ["P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm"];

/// The kind of the directory's records of systems.
const SYSTEM: &str = "system";

/// What is read of such a record.
#[derive(Deserialize)]
struct System {
    /// What it is registered for, as `pds:get-patient`; empty for everything.
    #[serde(default)]
    interactions: Vec<String>,
}

/// Checks what every interaction wants of a request and of whoever sends it. `interaction` is the
/// name in the declaration.
///
/// # Errors
/// When a patient's identity is not proved in full, the request id is missing or no UUID, the role
/// is not one of the caller's, or the caller's system is not registered for the interaction though
/// this house requires it.
pub fn check(house: &House, request: &Request, interaction: &str) -> Result<(), Fault> {
    level(&request.caller)?;
    request_id(request)?;
    role(request)?;
    system(house, &request.caller, interaction)
}

/// Checks that the caller's system is registered for an interaction, where this house requires it.
///
/// # Errors
/// When it is not.
pub(crate) fn system(house: &House, caller: &Caller, interaction: &str) -> Result<(), Fault> {
    if house.asid_required && !is_open(caller) { asid(house, caller, interaction) } else { Ok(()) }
}

/// Whether somebody came in at an open door, and no client is known.
fn is_open(caller: &Caller) -> bool {
    caller.client == Caller::open().client
}

/// A patient is let in whose identity was proved in full (P9), by one of these vectors of trust. A
/// development token belongs to no session: nobody signed in for it.
fn level(caller: &Caller) -> Result<(), Fault> {
    let proved = PROVED_IN_FULL.contains(&caller.level.as_str());
    if caller.mode != Mode::Patient || caller.session.is_empty() || proved {
        return Ok(());
    }
    let why = "Your access token has insufficient permissions. See documentation regarding \
        Patient access restrictions";
    Err(forbidden("ACCESS_DENIED_PATIENT", why))
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
    if caller.mode != Mode::Worker || is_open(caller) {
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

/// The calling system has an id, and the directory says that it may do this.
fn asid(house: &House, caller: &Caller, interaction: &str) -> Result<(), Fault> {
    if caller.system.is_empty() {
        let why = "No ASID is associated with your app. Please contact support.";
        return Err(incorrect("MISSING_VALUE", why));
    }
    let body = house.store.directory().get(SYSTEM, &caller.system).map_err(faults::from_store)?;
    let system = body.map(|body| serde_json::from_str::<System>(&body)).transpose();
    let system = system.map_err(|error| Fault::broken("UNKNOWN_ERROR", error))?;
    let named = |known: &String| {
        known.split_once(':').is_some_and(|(api, name)| api == SERVICE && name == interaction)
    };
    let registered =
        |system: System| system.interactions.is_empty() || system.interactions.iter().any(named);
    if system.is_some_and(registered) {
        return Ok(());
    }
    let why = "The ASID of your app is not registered for this interaction. \
        Please contact support.";
    Err(Fault::new(Kind::Unauthenticated, "ACCESS_DENIED", why))
}

#[cfg(test)]
mod tests;
