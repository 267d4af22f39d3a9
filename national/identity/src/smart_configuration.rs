//! `GET /.well-known/smart-configuration`: what a client of SMART Backend Services looks up.
//!
//! Clause: <https://hl7.org/fhir/smart-app-launch/conformance.html>.

use http::StatusCode;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::House;
use crate::style::JSON;

/// Answers `GET /.well-known/smart-configuration`.
pub(crate) async fn smart_configuration(house: House, request: Request) -> Answer {
    let body = json!({
        "token_endpoint": house.token_url(&request.origin),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
        "grant_types_supported": ["client_credentials"],
        "scopes_supported": ["system/Patient.rs"],
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    });
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()))
}
