//! The negative table of application-restricted access: one row for each trick, each refused with
//! its own body, and none of them with a token.

use security::jws::Algorithm;
use serde_json::{Value, json};

use super::trial::{APP, KEY, NEXT_KEY, Trial};

/// A trick: what it is called, how its assertion is made, and what it is answered.
struct Row {
    trick: &'static str,
    make: fn(&Trial) -> String,
    status: u16,
    error: &'static str,
    text: &'static str,
}

const SIGNATURE: &str = "the signature of the JWT does not verify";
const ALG: &str = "the alg of the JWT must be RS512";
const AUD: &str = "the aud of the JWT must be the URL of this token endpoint";
const NO_KID: &str = "the kid of the JWT names no public key of the client";
const EXP_FAR: &str = "the exp of the JWT is more than 5 minutes ahead";
const TWICE: &str = "the header and the claims of the JWT must be JSON objects without repeated \
    members, and not deep";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { trick: "alg none, no signature", make: |t| unsigned(t, "none"), status: 400, error: "invalid_request", text: ALG },
    Row { trick: "alg None", make: |t| unsigned(t, "None"), status: 400, error: "invalid_request", text: ALG },
    Row { trick: "wrong alg, rightly signed", make: |t| signed(Algorithm::Rs256, &json!({ "alg": "RS256", "typ": "JWT", "kid": "one" }), &t.claims(APP)), status: 400, error: "invalid_request", text: ALG },
    Row { trick: "alg RS512, signed by RS256", make: |t| signed(Algorithm::Rs256, &head("one"), &t.claims(APP)), status: 401, error: "invalid_request", text: SIGNATURE },
    Row { trick: "HS512 under the public key", make: |t| shared(t, "HS512"), status: 400, error: "invalid_request", text: ALG },
    Row { trick: "RS512 in name, HS512 in truth", make: |t| shared(t, "RS512"), status: 401, error: "invalid_request", text: SIGNATURE },
    Row { trick: "a kid that is a path", make: |t| with_kid(t, "../../keys/one"), status: 401, error: "invalid_request", text: NO_KID },
    Row { trick: "a kid that is a query", make: |t| with_kid(t, "one' OR '1'='1"), status: 401, error: "invalid_request", text: NO_KID },
    Row { trick: "a kid that is a URL", make: |t| with_kid(t, "https://evil.example/jwks"), status: 401, error: "invalid_request", text: NO_KID },
    Row { trick: "the kid of another key", make: |t| with_kid(t, "two"), status: 401, error: "invalid_request", text: SIGNATURE },
    Row { trick: "a kid that is too long", make: |t| with_kid(t, &"k".repeat(300)), status: 400, error: "invalid_request", text: "the kid of the JWT header is no fitting text" },
    Row { trick: "jku", make: |t| signed(Algorithm::Rs512, &json!({ "alg": "RS512", "typ": "JWT", "kid": "one", "jku": "https://evil.example" }), &t.claims(APP)), status: 400, error: "invalid_request", text: "the JWT header must not have jku" },
    Row { trick: "a key of its own", make: |t| signed(Algorithm::Rs512, &json!({ "alg": "RS512", "typ": "JWT", "kid": "one", "jwk": KEY.jwk("one") }), &t.claims(APP)), status: 400, error: "invalid_request", text: "the JWT header must not have jwk" },
    Row { trick: "expired", make: |t| claiming(t, &json!({ "exp": t.now_s() - 11 })), status: 400, error: "invalid_request", text: "the JWT has expired" },
    Row { trick: "far future", make: |t| claiming(t, &json!({ "exp": t.now_s() + 311 })), status: 400, error: "invalid_request", text: EXP_FAR },
    Row { trick: "a clock eleven seconds behind", make: |t| claiming(t, &json!({ "exp": t.now_s() - 11 })), status: 400, error: "invalid_request", text: "the JWT has expired" },
    Row { trick: "a clock eleven seconds ahead", make: |t| claiming(t, &json!({ "exp": t.now_s() + 300 + 11 })), status: 400, error: "invalid_request", text: EXP_FAR },
    Row { trick: "wrong audience", make: |t| claiming(t, &json!({ "aud": "https://other.example/oauth2/token" })), status: 401, error: "invalid_request", text: AUD },
    Row { trick: "an audience of the Host header", make: |t| claiming(t, &json!({ "aud": "https://elsewhere.example/oauth2/token" })), status: 401, error: "invalid_request", text: AUD },
    Row { trick: "in the name of another", make: |t| claiming(t, &json!({ "iss": "rotating", "sub": "rotating" })), status: 401, error: "invalid_request", text: NO_KID },
    Row { trick: "oversize", make: |t| claiming(t, &json!({ "more": "x".repeat(20_000) })), status: 400, error: "invalid_request", text: "the JWT is too long" },
    Row { trick: "too deep", make: |t| claiming(t, &json!({ "more": [[[[[[[[[1]]]]]]]]] })), status: 400, error: "invalid_request", text: TWICE },
    Row { trick: "duplicate claims", make: |t| twice(t, "{\"iss\":\"other\","), status: 400, error: "invalid_request", text: TWICE },
    Row { trick: "a claim twice, once escaped", make: |t| twice(t, "{\"\\u0069ss\":\"other\","), status: 400, error: "invalid_request", text: TWICE },
    Row { trick: "a changed claim", make: changed, status: 401, error: "invalid_request", text: SIGNATURE },
    Row { trick: "a padded signature", make: |t| good(t) + "==", status: 400, error: "invalid_request", text: "a part of the JWT is not base64url without padding" },
    Row { trick: "two signatures", make: |t| format!("{}.AAAA", good(t)), status: 400, error: "invalid_request", text: "the client_assertion is no JWT of three parts" },
];

fn head(kid: &str) -> Value {
    json!({ "alg": "RS512", "typ": "JWT", "kid": kid })
}

fn signed(algorithm: Algorithm, header: &Value, claims: &Value) -> String {
    KEY.sign(algorithm, header, claims).unwrap()
}

fn good(trial: &Trial) -> String {
    signed(Algorithm::Rs512, &head("one"), &trial.claims(APP))
}

fn with_kid(trial: &Trial, kid: &str) -> String {
    signed(Algorithm::Rs512, &head(kid), &trial.claims(APP))
}

fn claiming(trial: &Trial, changes: &Value) -> String {
    let mut claims = trial.claims(APP);
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    signed(Algorithm::Rs512, &head("one"), &claims)
}

fn part(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn unsigned(trial: &Trial, alg: &str) -> String {
    let header = json!({ "alg": alg, "typ": "JWT", "kid": "one" }).to_string();
    format!("{}.{}.", part(header.as_bytes()), part(trial.claims(APP).to_string().as_bytes()))
}

/// Signed by HMAC with what everybody may know: the modulus of the public key.
fn shared(trial: &Trial, alg: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let unsigned = unsigned(trial, alg);
    let text = unsigned.trim_end_matches('.');
    let public = KEY.jwk("one")["n"].as_str().unwrap().to_owned();
    let mut mac = Hmac::<sha2::Sha512>::new_from_slice(public.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", part(&mac.finalize().into_bytes()))
}

fn twice(trial: &Trial, beginning: &str) -> String {
    let claims = trial.claims(APP).to_string().replacen('{', beginning, 1);
    let text = format!("{}.{}", part(head("one").to_string().as_bytes()), part(claims.as_bytes()));
    KEY.sign_text(Algorithm::Rs512, &text).unwrap()
}

/// A good assertion in which somebody has put another `jti`.
fn changed(trial: &Trial) -> String {
    let good = good(trial);
    let parts: Vec<&str> = good.split('.').collect();
    let claims = trial.claims(APP).to_string();
    [parts[0], &part(claims.as_bytes()), parts[2]].join(".")
}

fn judge(trick: &str, answer: &(u16, Value), status: u16, error: &str, text: &str) {
    let (given, body) = answer;
    let mut body = body.clone();
    let id = body.as_object_mut().unwrap().remove("message_id");
    assert_eq!(id.and_then(|id| id.as_str().map(str::len)), Some(36), "{trick}");
    let due = json!({ "error": error, "error_description": text });
    assert_eq!((*given, body), (status, due), "{trick}");
}

#[tokio::test]
async fn every_trick_is_refused_with_its_own_body() {
    let trial = Trial::new().await;
    let jwks = json!({ "keys": [NEXT_KEY.jwk("two")] });
    let rotating = json!({ "id": "rotating", "scopes": ["urn:nhsd:apim:app:level3:x"],
                           "jwks": jwks });
    trial.enter("client", "rotating", &rotating).await;
    for row in ROWS {
        let answer = trial.token(&(row.make)(&trial), "").await;
        judge(row.trick, &answer, row.status, row.error, row.text);
    }
    assert_eq!(trial.token(&good(&trial), "").await.0, 200, "what is not a trick is let in");
}

/// A client changes its key: the old one counts for a while, and not a second longer.
#[tokio::test]
async fn an_old_key_counts_until_its_time_is_over() {
    let trial = Trial::new().await;
    let until_s = trial.now_s() + 60;
    let record = json!({
        "id": "rotating", "scopes": ["urn:nhsd:apim:app:level3:x"], "retiring": { "one": until_s },
        "jwks": { "keys": [KEY.jwk("one"), NEXT_KEY.jwk("two")] },
    });
    trial.enter("client", "rotating", &record).await;
    let old = || signed(Algorithm::Rs512, &head("one"), &trial.claims("rotating"));
    let new = || NEXT_KEY.sign(Algorithm::Rs512, &head("two"), &trial.claims("rotating")).unwrap();
    assert_eq!((trial.token(&old(), "").await.0, trial.token(&new(), "").await.0), (200, 200));
    trial.clock.advance_ms(59_999);
    let in_flight = old();
    assert_eq!(trial.token(&old(), "").await.0, 200);
    trial.clock.advance_ms(1);
    judge("in flight", &trial.token(&in_flight, "").await, 401, "invalid_request", NO_KID);
    judge("old", &trial.token(&old(), "").await, 401, "invalid_request", NO_KID);
    assert_eq!(trial.token(&new(), "").await.0, 200);
}

#[tokio::test]
async fn a_revoked_client_is_nobody() {
    let trial = Trial::new().await;
    assert_eq!(trial.token(&good(&trial), "").await.0, 200);
    trial.enter("revoked-client", APP, &json!("now")).await;
    let nobody = "the iss and sub of the JWT name no client";
    judge("revoked", &trial.token(&good(&trial), "").await, 401, "invalid_request", nobody);
}

#[tokio::test]
async fn a_replay_is_refused_whatever_is_put_around_it() {
    let trial = Trial::new().await;
    let assertion = good(&trial);
    assert_eq!(trial.token(&assertion, "").await.0, 200);
    let used = "the jti of the JWT was used before";
    for more in ["", "&scope=x", "&_access_token_expiry_ms=1"] {
        judge(more, &trial.token(&assertion, more).await, 400, "invalid_request", used);
    }
}
