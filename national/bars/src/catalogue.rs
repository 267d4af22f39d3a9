//! `GET /HealthcareService` and `GET /HealthcareService/{id}`: the services of the catalogue, for
//! those who want to know whom they can name. Where the system of a service is, is told to nobody.
//!
//! Clause: <https://hl7.org/fhir/R4/healthcareservice.html>, as the national proxy searches it.

use base::{Fault, Kind};
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use sha2::{Digest, Sha256};

use crate::faults::{from_store, incorrect};
use crate::healthcare_service::{self, HealthcareService};
use crate::{BASE, House, door};

/// The parameter that names a service, as `<system>|<id>`.
pub(crate) const IDENTIFIER: &str = "HealthcareService.identifier";
/// The parameter that names the organisation whose services are wanted, in the same way.
pub(crate) const PROVIDED_BY: &str = "HealthcareService.providedBy";

/// Answers `GET /HealthcareService`.
pub(crate) fn search(house: &House, request: &Request) -> Answer {
    door::check(request)?;
    let wanted = |name: &str| request.query.iter().find(|(known, _)| known == name);
    let (service, organisation) = (wanted(IDENTIFIER), wanted(PROVIDED_BY));
    if service.is_none() && organisation.is_none() {
        let why = format!("{IDENTIFIER} or {PROVIDED_BY} must be there");
        return Err(incorrect("SEND_INVALID", why));
    }
    let is_wanted = |one: &HealthcareService| {
        service.is_none_or(|(_, value)| names(value, &one.system, &one.id))
            && organisation
                .is_none_or(|(_, value)| names(value, nhs::url::ODS_CODE, &one.organisation))
    };
    let all = healthcare_service::all(&house.store).map_err(from_store)?;
    let found = all.into_iter().filter(is_wanted);
    let base = format!("{}{BASE}/HealthcareService", request.origin);
    let entries: Vec<Value> = found
        .map(|one| {
            let resource = resource(&one);
            let url = format!("{base}/{}", id_of(&one));
            json!({ "fullUrl": url, "resource": resource, "search": { "mode": "match" } })
        })
        .collect();
    let pairs = request.query.iter().map(|(name, value)| {
        format!(
            "{}={}",
            utf8_percent_encode(name, NON_ALPHANUMERIC),
            utf8_percent_encode(value, NON_ALPHANUMERIC)
        )
    });
    let link = format!("{base}?{}", pairs.collect::<Vec<_>>().join("&"));
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "searchset",
        "timestamp": house.clock.now().strftime("%FT%TZ").to_string(),
        "total": entries.len(),
        "link": [{ "relation": "self", "url": link }],
        "entry": entries,
    });
    Ok(Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, bundle.to_string()))
}

/// Answers `GET /HealthcareService/{id}`.
pub(crate) fn read(house: &House, request: &Request) -> Answer {
    door::check(request)?;
    let id = request.path_value("id").to_ascii_lowercase();
    let all = healthcare_service::all(&house.store).map_err(from_store)?;
    let found = all.into_iter().find(|one| id_of(one) == id);
    let none = || Fault::new(Kind::NotFound, "PROXY_NOT_FOUND", "");
    let resource = resource(&found.ok_or_else(none)?);
    Ok(Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, resource.to_string()))
}

/// A service as it is shown. That `providedBy` is a list is the published document's; in FHIR it is
/// one reference.
fn resource(service: &HealthcareService) -> Value {
    let code = service.organisation.to_ascii_uppercase();
    json!({
        "resourceType": "HealthcareService",
        "id": id_of(service),
        "identifier": [{ "system": service.system, "value": service.id }],
        "active": true,
        "providedBy": [{ "identifier": { "system": nhs::url::ODS_CODE, "value": code } }],
        "name": service.name,
    })
}

/// The id of a service as a resource: a UUID, the same for the same service.
///
/// Clause: <https://www.rfc-editor.org/rfc/rfc9562#section-5.8>.
fn id_of(service: &HealthcareService) -> String {
    let mut bytes = [0; 16];
    let digest = Sha256::digest(service.key().as_bytes());
    bytes.iter_mut().zip(digest.iter()).for_each(|(byte, from)| *byte = *from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Whether a token of a search, `<system>|<value>` or the value alone, names this.
fn names(token: &str, system: &str, value: &str) -> bool {
    match token.split_once('|') {
        Some((said, named)) => {
            said.eq_ignore_ascii_case(system) && named.eq_ignore_ascii_case(value)
        }
        None => token.eq_ignore_ascii_case(value),
    }
}
