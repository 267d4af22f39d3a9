//! `GET /.well-known/openid-configuration` and `GET /jwks`: where everything is, and what proves
//! the signatures.
//!
//! Clauses: OpenID Connect Discovery section 4, RFC 7517.

use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::style::JSON;
use crate::{House, Issuer};

/// Answers `GET /.well-known/openid-configuration`.
pub(crate) async fn configuration(house: House, _request: Request) -> Answer {
    let url = house.url();
    let issuer = house.given.issuer;
    let mut claims = vec!["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "sid"];
    claims.extend_from_slice(match issuer {
        Issuer::Staff => {
            &["acr", "authentication_assurance_level", "nhsid_useruid", "nhsid_nrbac_roles"]
        }
        Issuer::Patient => &["identity_proofing_level", "vot", "nhs_number"],
    });
    let body = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/jwks"),
        "end_session_endpoint": format!("{url}/log-out"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid"],
        "claims_supported": claims,
        "id_token_signing_alg_values_supported": [issuer.algorithm().name()],
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()).with(CACHE_CONTROL, "max-age=300"))
}

/// Answers `GET /jwks`.
pub(crate) async fn jwks(house: House, _request: Request) -> Answer {
    let issuer = house.given.issuer;
    let body = json!({ "keys": [house.given.key.jwk_for(issuer.kid(), issuer.algorithm())] });
    Ok(Reply::new(StatusCode::OK, JSON, body.to_string()).with(CACHE_CONTROL, "max-age=300"))
}
