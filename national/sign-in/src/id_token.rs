//! ID tokens and logout tokens: what an issuer says of a person, signed. The claims are those of
//! the national issuers.
//!
//! Clauses: OpenID Connect Core section 2, OpenID Connect Back-Channel Logout section 2.4.

use base::Fault;
use security::Role;
use serde_json::{Map, Value, json};

use crate::code::Code;
use crate::{Details, House, User};

/// How long an ID token is good, in seconds.
const LIFE_S: i64 = 3600;
/// What a logout token is about.
const LOGGED_OUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What an ID token says of a person who signed in.
pub(crate) fn claims(house: &House, code: &Code, user: &User) -> Value {
    let now_s = house.now_s();
    let mut claims = about(user);
    let session = json!({
        "iss": house.url(),
        "aud": code.asked.client,
        "exp": now_s + LIFE_S,
        "iat": now_s,
        "auth_time": code.at_s,
        "jti": house.given.dice.uuid().to_string(),
        "sid": code.session,
        "token_use": "id",
    });
    claims.extend(session.as_object().cloned().unwrap_or_default());
    claims.extend(level(user, &code.level));
    if let Some(nonce) = &code.asked.nonce {
        claims.insert("nonce".into(), nonce.as_str().into());
    }
    Value::Object(claims)
}

/// What is known of a person, in an ID token and as user info.
pub(crate) fn about(user: &User) -> Map<String, Value> {
    let claims = match &user.details {
        Details::Staff { roles } => json!({
            "sub": user.subject,
            "name": user.name,
            "nhsid_useruid": user.subject,
            "nhsid_nrbac_roles": roles.iter().map(role).collect::<Vec<_>>(),
        }),
        Details::Patient { nhs_number: Some(number) } => {
            json!({ "sub": user.subject, "nhs_number": number })
        }
        Details::Patient { nhs_number: None } => json!({ "sub": user.subject }),
    };
    claims.as_object().cloned().unwrap_or_default()
}

/// How surely the person is known, in the words of the issuer.
fn level(user: &User, level: &str) -> Map<String, Value> {
    let claims = match &user.details {
        Details::Staff { .. } => {
            let digit = level.trim_start_matches("AAL");
            json!({
                "acr": format!("{level}_ANY"),
                "authentication_assurance_level": digit,
                "id_assurance_level": digit,
            })
        }
        Details::Patient { .. } => {
            // What the levels of proof go with (vectors of trust, RFC 8485).
            let vector = if level == "P0" { "P0.Cp".to_owned() } else { format!("{level}.Cp.Cd") };
            json!({ "identity_proofing_level": level, "vot": vector })
        }
    };
    claims.as_object().cloned().unwrap_or_default()
}

fn role(role: &Role) -> Value {
    json!({
        "person_roleid": role.id,
        "org_code": role.organisation,
        "role_code": role.code,
        "activity_codes": role.activities,
    })
}

/// What is said to a client of a session that ended.
pub(crate) fn logout_claims(house: &House, client: &str, session: &str) -> Value {
    json!({
        "iss": house.url(),
        "aud": client,
        "iat": house.now_s(),
        "exp": house.now_s() + 120,
        "jti": house.given.dice.uuid().to_string(),
        "sid": session,
        "events": { LOGGED_OUT: {} },
    })
}

/// Signs claims.
///
/// # Errors
/// When the library of cryptography fails.
pub(crate) fn sign(house: &House, claims: &Value, kind: &str) -> Result<String, Fault> {
    let issuer = house.given.issuer;
    let header = json!({ "alg": issuer.algorithm().name(), "typ": kind, "kid": issuer.kid() });
    let signed = house.given.key.sign(issuer.algorithm(), &header, claims);
    signed.map_err(|error| Fault::broken("BROKEN", error))
}
