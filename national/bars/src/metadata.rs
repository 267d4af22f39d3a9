//! `GET /metadata`: what a receiver can do; or, when none is named, what this proxy can.
//!
//! Clause: <https://hl7.org/fhir/R4/capabilitystatement.html>.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use service::{Answer, Reply, Request};

use crate::interactions::{ROWS, Row};
use crate::pass_on::pass_on;
use crate::{BASE, House, door};

/// The name of the interaction.
pub(crate) const NAME: &str = "get-capability-statement";
/// When the statement last said something else than before.
const DATE: &str = "2026-11-23";

/// Answers `GET /metadata`.
pub(crate) async fn metadata(house: House, row: &'static Row, request: Arc<Request>) -> Answer {
    if door::names_target(&request) {
        return pass_on(house, row, request).await;
    }
    door::check(&request)?;
    let statement = statement(&format!("{}{BASE}", request.origin));
    Ok(Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, statement.to_string()))
}

/// What this proxy passes on, and answers by itself, found at this URL. How callers prove
/// themselves is left to the specification: what FHIR and the published schema say of
/// `rest.security` cannot both be had.
fn statement(url: &str) -> Value {
    let kinds = ["MessageDefinition", "Slot", "Appointment", "ServiceRequest"];
    let passed_on = kinds.iter().map(|kind| resource(kind));
    let own = json!({
        "type": "HealthcareService",
        "interaction": [{ "code": "read" }, { "code": "search-type" }],
    });
    let resources: Vec<Value> = passed_on.chain([own]).collect();
    json!({
        "resourceType": "CapabilityStatement",
        "url": url,
        "name": "BookingAndReferralProxy",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": { "name": "Vertebra", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "Passes calls on to whom they name", "url": url },
        "fhirVersion": "4.0.1",
        "format": ["json", "xml"],
        "rest": [{
            "mode": "server",
            "resource": resources,
            "operation": [{
                "name": "process-message",
                "definition": "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
            }],
        }],
        "messaging": [{ "endpoint": [{
            "protocol": {
                "system": "http://terminology.hl7.org/CodeSystem/message-transport",
                "code": "http",
            },
            "address": url,
        }]}],
    })
}

/// A type of resource, with what can be done to it.
fn resource(kind: &str) -> Value {
    let below = |path: &str| path.trim_start_matches('/').strip_prefix(kind).map(str::to_owned);
    let codes: Vec<Value> = ROWS
        .iter()
        .filter_map(|row| {
            let code = match (below(row.path)?.as_str(), &row.method) {
                ("", &Method::GET) => "search-type",
                ("", &Method::POST) => "create",
                ("/{id}", &Method::GET) => "read",
                ("/{id}", &Method::PUT) => "update",
                ("/{id}", &Method::PATCH) => "patch",
                ("/{id}", &Method::DELETE) => "delete",
                _ => return None,
            };
            Some(json!({ "code": code }))
        })
        .collect();
    json!({ "type": kind, "interaction": codes })
}
