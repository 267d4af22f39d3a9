//! `POST /token`: from what a client brings to an access token. What it brings decides who answers.
//!
//! Clauses: RFC 6749 sections 3.2 and 5, RFC 8693 section 2.

use base::{Fault, Kind};
use service::{Answer, Request};

use crate::authorization_code::authorization_code;
use crate::client_credentials::client_credentials;
use crate::faults::invalid_request;
use crate::refresh::refresh;
use crate::token_exchange::token_exchange;
use crate::{House, form};

/// The name of the interaction.
pub(crate) const NAME: &str = "token";
/// The grant type of an exchange of tokens (RFC 8693 section 2.1).
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// Answers `POST /token`.
pub(crate) async fn token(house: House, request: Request) -> Answer {
    let form = form::body(&request)?;
    match form.get("grant_type") {
        None => Err(invalid_request("grant_type is missing")),
        Some("client_credentials") => client_credentials(&house, &request, &form).await,
        Some("authorization_code") => authorization_code(&house, &request, &form).await,
        Some("refresh_token") => refresh(&house, &request, &form).await,
        Some(EXCHANGE) => token_exchange(&house, &request, &form).await,
        Some(_) => {
            let why = format!(
                "grant_type must be client_credentials, authorization_code, refresh_token or \
                 {EXCHANGE}"
            );
            Err(Fault::new(Kind::Incorrect, "UNSUPPORTED_GRANT", why))
        }
    }
}
