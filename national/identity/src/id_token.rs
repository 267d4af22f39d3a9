//! What a sign-in service says and signs: ID tokens and logout tokens, checked before they are
//! believed.
//!
//! Clauses: OpenID Connect Core section 3.1.3.7, OpenID Connect Back-Channel Logout section 2.6.

use base::Fault;
use base::limit::CLOCK_SKEW_S_MAX;
use security::Jws;
use security::jwks::Unproved;
use security::jws::Algorithm;

use crate::assertion::{unproved, unreadable_jwt};
use crate::faults::invalid_request;
use crate::{House, Issuer};

/// How sign-in services may sign.
const SIGNED_BY: &[Algorithm] = &[Algorithm::Rs256, Algorithm::Rs512];

/// What a token is called in refusals, and what is wanted of it.
pub(crate) struct Wanted<'a> {
    /// The parameter that it came as.
    pub(crate) name: &'static str,
    /// What its `typ` may be.
    pub(crate) types: &'a [&'a str],
    /// Whom it may be for.
    pub(crate) audiences: &'a [&'a str],
    /// Whether it must say when it expires.
    pub(crate) expires: bool,
}

/// Checks a token of a sign-in service that is believed.
///
/// # Errors
/// What is wrong with it: its form as `INVALID_REQUEST`; the issuer, the audience and the signature
/// as `UNPROVED`.
pub(crate) async fn check<'a, 'h>(
    house: &'h House,
    text: &'a str,
    wanted: &Wanted<'_>,
) -> Result<(Jws<'a>, &'h Issuer), Fault> {
    let name = wanted.name;
    let wrong = |why: &str| invalid_request(format!("the {name} {why}"));
    let unproved = |why: &str| unproved(&format!("the {name} {why}"));
    let jws = Jws::parse(text)
        .map_err(|why| invalid_request(format!("the {name}: {}", unreadable_jwt(why))))?;
    let alg = jws.header.alg.as_deref();
    if !SIGNED_BY.iter().any(|one| alg == Some(one.name())) {
        return Err(wrong("must be signed with RS256 or RS512"));
    }
    let kid = jws.header.kid.as_deref().filter(|kid| !kid.is_empty());
    let kid = kid.ok_or_else(|| wrong("has no kid"))?;
    let typ = jws.header.typ.as_deref().unwrap_or_default();
    if !wanted.types.iter().any(|known| known.eq_ignore_ascii_case(typ)) {
        return Err(wrong("is of another typ"));
    }
    let now_s = house.now_s();
    match jws.instant_s("exp") {
        Some(at) if at.saturating_add(CLOCK_SKEW_S_MAX) < now_s => {
            return Err(wrong("has expired"));
        }
        None if wanted.expires || jws.claims.contains_key("exp") => {
            return Err(wrong("has no exp that is a number"));
        }
        _ => {}
    }
    if jws.instant_s("iat").is_some_and(|at| at > now_s.saturating_add(CLOCK_SKEW_S_MAX)) {
        return Err(wrong("was made in the future"));
    }
    let issuer = jws.text("iss").unwrap_or_default();
    let issuer = house.issuers.iter().find(|known| known.settings.url == issuer);
    let issuer = issuer.ok_or_else(|| unproved("is from an issuer that is not believed"))?;
    let keys = issuer.keys(kid, now_s).await?;
    keys.verify(&jws, SIGNED_BY).map_err(|why| match why {
        Unproved::Algorithm => unproved("is signed in a way that does not count"),
        Unproved::UnknownKey => unproved("names no key of its issuer's"),
        Unproved::Signature => unproved("has a signature that does not verify"),
    })?;
    if !jws.names("aud", |audience| wanted.audiences.contains(&audience)) {
        return Err(unproved("is for somebody else"));
    }
    // With several audiences, `azp` says which of them it was made for.
    if jws.claims.contains_key("azp")
        && !jws.text("azp").is_some_and(|azp| wanted.audiences.contains(&azp))
    {
        return Err(unproved("was made for somebody else"));
    }
    Ok((jws, issuer))
}
