//! The checks of a client's assertion, in the order of the national platform: what its header
//! says, what it claims, whether it was used, and only then who the client is and whether the
//! signature holds.
//!
//! Clauses: RFC 7523 section 3, RFC 7521 section 4.2, SMART Backend Services "client-confidential
//! asymmetric" for clients that are registered so.

use base::limit::{ASSERTION_AHEAD_S_MAX, ASSERTION_ID_BYTES_MAX, CLOCK_SKEW_S_MAX};
use base::{Fault, Kind};
use security::Jws;
use security::jwks::Unproved;
use security::jws::{Algorithm, Unreadable};
use service::Form;

use crate::client::Client;
use crate::faults::invalid_request;
use crate::{House, replay};

/// How applications of the national platform sign.
const PLATFORM: &[Algorithm] = &[Algorithm::Rs512];
/// How clients of SMART Backend Services may sign.
const SMART: &[Algorithm] = &[Algorithm::Rs512, Algorithm::Rs384, Algorithm::Es384];

/// A client that has proved itself, and by which assertion.
#[derive(Debug)]
pub(crate) struct Proved {
    /// The client.
    pub(crate) client: Client,
    /// The assertion's own identifier.
    pub(crate) id: String,
    /// Until when the assertion must be remembered, in seconds since 1970.
    pub(crate) until_s: i64,
}

/// What an assertion claims, once its form is good. None of it is proved.
struct Claimed<'a> {
    id: &'a str,
    kid: &'a str,
    expires_s: i64,
}

/// The one kind of assertion that is taken (RFC 7523 section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Checks the assertion of a form.
///
/// # Errors
/// What is wrong with it, or that there is none.
pub(crate) async fn of_form(house: &House, form: &Form) -> Result<Proved, Fault> {
    match form.get("client_assertion_type") {
        None => return Err(invalid_request("client_assertion_type is missing")),
        Some(JWT_BEARER) => {}
        Some(_) => {
            return Err(invalid_request(format!("client_assertion_type must be {JWT_BEARER}")));
        }
    }
    let assertion = form.get("client_assertion");
    let assertion = assertion.ok_or_else(|| invalid_request("client_assertion is missing"))?;
    check(house, assertion).await
}

/// Checks an assertion.
///
/// # Errors
/// What is wrong with it, in the words of the client's registration.
pub(crate) async fn check(house: &House, text: &str) -> Result<Proved, Fault> {
    let jws =
        Jws::parse(text).map_err(|why| invalid_request(unreadable(why)).failed_credential(""))?;
    // Who it says it is from decides which ways of signing count, and how refusals are worded;
    // believing a lie about it opens nothing.
    let client = match jws.text("iss") {
        Some(id) => Client::find(&house.store, id)?,
        None => None,
    };
    let smart = client.as_ref().is_some_and(|client| client.smart);
    let proved = prove(house, &jws, client).await;
    let named = jws.text("iss").unwrap_or_default();
    proved.map_err(|fault| {
        let counts = matches!(fault.kind(), Kind::Incorrect | Kind::Unauthenticated);
        let fault = if smart { as_smart(fault) } else { fault };
        if counts { fault.failed_credential(named) } else { fault }
    })
}

async fn prove(house: &House, jws: &Jws<'_>, client: Option<Client>) -> Result<Proved, Fault> {
    let now_s = house.clock.now().as_second();
    let allowed = if client.as_ref().is_some_and(|client| client.smart) { SMART } else { PLATFORM };
    let claimed = claims(house, jws, allowed, now_s)?;
    let client = client.ok_or_else(|| unproved("the iss and sub of the JWT name no client"))?;
    let keys = house.keys.of(&client, claimed.kid, now_s).await?;
    keys.verify(jws, allowed).map_err(|why| {
        unproved(match why {
            Unproved::Algorithm => "the alg of the JWT does not count",
            Unproved::UnknownKey => "the kid of the JWT names no public key of the client",
            Unproved::Signature => "the signature of the JWT does not verify",
        })
    })?;
    if !jws.names("aud", |place| house.is_token_url(place)) {
        return Err(unproved("the aud of the JWT must be the URL of this token endpoint"));
    }
    let (id, until_s) = (claimed.id.to_owned(), claimed.expires_s.saturating_add(CLOCK_SKEW_S_MAX));
    Ok(Proved { client, id, until_s })
}

/// What can be seen of an assertion without knowing its client, in the platform's order.
fn claims<'a>(
    house: &House,
    jws: &'a Jws<'_>,
    allowed: &[Algorithm],
    now_s: i64,
) -> Result<Claimed<'a>, Fault> {
    let alg = jws.header.alg.as_deref();
    if !allowed.iter().any(|one| alg == Some(one.name())) {
        let names: Vec<&str> = allowed.iter().map(|one| one.name()).collect();
        return Err(invalid_request(format!("the alg of the JWT must be {}", names.join(" or "))));
    }
    let expires_s = jws.instant_s("exp");
    if expires_s.is_some_and(|at| at.saturating_add(CLOCK_SKEW_S_MAX) < now_s) {
        return Err(invalid_request("the JWT has expired"));
    }
    let kid = jws.header.kid.as_deref().filter(|kid| !kid.is_empty());
    let kid = kid.ok_or_else(|| invalid_request("the JWT header has no kid"))?;
    if !jws.header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case("JWT")) {
        return Err(invalid_request("the typ of the JWT must be JWT"));
    }
    if !jws.claims.contains_key("exp") {
        return Err(invalid_request("the JWT has no exp"));
    }
    let expires_s =
        expires_s.ok_or_else(|| invalid_request("the exp of the JWT must be a number"))?;
    let client = jws.text("iss").filter(|iss| !iss.is_empty() && jws.text("sub") == Some(iss));
    let client = client
        .ok_or_else(|| invalid_request("the iss and sub of the JWT must both be the client id"))?;
    if !jws.claims.contains_key("jti") {
        return Err(invalid_request("the JWT has no jti"));
    }
    let id = jws.text("jti").filter(|id| (1..=ASSERTION_ID_BYTES_MAX).contains(&id.len()));
    let id = id.ok_or_else(|| {
        let most = ASSERTION_ID_BYTES_MAX;
        invalid_request(format!("the jti of the JWT must be text of 1 to {most} bytes"))
    })?;
    if replay::is_spent(&house.store, client, id) {
        return Err(used_before());
    }
    if expires_s > now_s.saturating_add(ASSERTION_AHEAD_S_MAX) {
        return Err(invalid_request("the exp of the JWT is more than 5 minutes ahead"));
    }
    Ok(Claimed { id, kid, expires_s })
}

/// The assertion was good for a token before.
pub(crate) fn used_before() -> Fault {
    invalid_request("the jti of the JWT was used before")
}

/// The client, or what it brings, is not proved.
pub(crate) fn unproved(why: &str) -> Fault {
    Fault::new(Kind::Unauthenticated, "UNPROVED", why)
}

/// A fault in the words of SMART: whatever is wrong with an assertion is `invalid_client`.
pub(crate) fn as_smart(fault: Fault) -> Fault {
    let id = match fault.code() {
        "INVALID_REQUEST" => "INVALID_CLIENT",
        "UNPROVED" => "UNPROVED_CLIENT",
        _ => return fault,
    };
    Fault::new(fault.kind(), id, fault.public())
}

fn unreadable(why: Unreadable) -> String {
    match why {
        Unreadable::NotCompact => "the client_assertion is no JWT of three parts".into(),
        why => unreadable_jwt(why),
    }
}

/// Why some text is no JWT that is looked at.
pub(crate) fn unreadable_jwt(why: Unreadable) -> String {
    match why {
        Unreadable::TooLarge => "the JWT is too long".into(),
        Unreadable::NotCompact => "it is no JWT of three parts".into(),
        Unreadable::NotBase64 => "a part of the JWT is not base64url without padding".into(),
        Unreadable::NotAnObject(_) => {
            "the header and the claims of the JWT must be JSON objects without repeated members, \
             and not deep"
                .into()
        }
        Unreadable::RefusedHeader(name) => format!("the JWT header must not have {name}"),
        Unreadable::WrongHeader(name) => format!("the {name} of the JWT header is no fitting text"),
    }
}
