//! Who the client is that asks for tokens for a person: by its secret, by an assertion, or, of one
//! that cannot keep a secret, by nothing but the proof that it asked for the code.
//!
//! Clauses: RFC 6749 section 2.3, RFC 7521 section 4.2, RFC 7636.

use base::{Fault, Kind};
use security::client_secret;
use service::{Form, Request};

use crate::assertion::{self, Proved};
use crate::client::Client;
use crate::faults::invalid_request;
use crate::{House, replay};

/// A client that has shown who it is.
pub(crate) struct Known {
    /// The client.
    pub(crate) client: Client,
    /// The assertion by which it did, when it was one: it is good once.
    pub(crate) assertion: Option<(String, i64)>,
}

/// Finds out which client it is.
///
/// # Errors
/// What is missing; `UNPROVED_CLIENT` when it is not who it says.
pub(crate) async fn prove(house: &House, request: &Request, form: &Form) -> Result<Known, Fault> {
    let known = if form.get("client_assertion").is_some() {
        let Proved { client, id, until_s } = assertion::of_form(house, form).await?;
        if form.get("client_id").is_some_and(|named| named != client.id) {
            return Err(unknown(&client.id));
        }
        Known { client, assertion: Some((id, until_s)) }
    } else {
        Known { client: by_secret(house, request, form)?, assertion: None }
    };
    house.count(&known.client)?;
    Ok(known)
}

fn by_secret(house: &House, request: &Request, form: &Form) -> Result<Client, Fault> {
    let header = request.header(http::header::AUTHORIZATION.as_str());
    let (id, secret) = if let Some((id, secret)) = header.and_then(client_secret::from_basic) {
        (id, Some(secret))
    } else {
        let id = form.get("client_id").ok_or_else(|| invalid_request("client_id is missing"))?;
        (id.to_owned(), form.get("client_secret").map(str::to_owned))
    };
    let client = Client::find(&house.store, &id)?.ok_or_else(|| unknown(&id))?;
    let right = match (&client.secret_sha256, &secret) {
        (Some(kept), Some(secret)) => client_secret::proves(secret, kept),
        (None, None) => client.public,
        _ => false,
    };
    if right { Ok(client) } else { Err(unknown(&id)) }
}

fn unknown(client: &str) -> Fault {
    let why = "the client_id is not known, or the client_secret is wrong";
    Fault::new(Kind::Unauthenticated, "UNPROVED_CLIENT", why).failed_credential(client)
}

impl Known {
    /// Uses the assertion up, if there is one.
    ///
    /// # Errors
    /// When it was used before.
    pub(crate) async fn spend(&self, house: &House) -> Result<(), Fault> {
        let Some((id, until_s)) = &self.assertion else { return Ok(()) };
        if replay::spend(&house.store, &self.client.id, id, *until_s).await? {
            Ok(())
        } else {
            Err(assertion::used_before())
        }
    }
}
