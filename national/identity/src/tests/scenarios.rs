use http::Method;
use security::jws::Algorithm;
use security::tokens::ScopeRow;
use security::{Mode, Refusal};
use serde_json::{Value, json};

use super::trial::{
    APP, CURVE, FORM, KEY, NEXT_KEY, ORIGIN, READ, SMART, TOKEN_URL, Trial, form, platform,
};

/// Claims with some of them changed; null takes one away.
fn with(mut claims: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

#[tokio::test]
async fn a_good_assertion_is_worth_a_token() {
    let trial = Trial::new().await;
    let (status, body) = trial.token(&trial.good(), "").await;
    assert_eq!(status, 200, "{body}");
    assert_eq!((&body["expires_in"], &body["token_type"]), (&json!(599), &json!("Bearer")));
    assert_eq!(body["issued_at"], "1700000000000");
    assert_eq!(body.as_object().unwrap().len(), 4);
    let rows: &[ScopeRow] = &[(Mode::Application, READ)];
    let token = body["access_token"].as_str().unwrap();
    let caller = trial.tokens.admit(token, rows).unwrap();
    assert_eq!((caller.client.as_str(), caller.organisation.as_str()), (APP, "Y99999"));
    assert_eq!((caller.system.as_str(), caller.mode), ("200000000001", Mode::Application));
    assert!(caller.has("publish-events"));
    assert_eq!(caller.scopes, [READ], "scopes that need a user are left out");
    trial.clock.advance_ms(598_999);
    assert!(trial.tokens.check(token).is_ok());
    trial.clock.advance_ms(1);
    assert_eq!(trial.tokens.check(token), Err(Refusal::Expired));
}

#[tokio::test]
async fn the_issue_of_a_token_is_on_the_audit_chain() {
    let trial = Trial::new().await;
    trial.token("nonsense", "").await;
    trial.token(&trial.good(), "").await;
    let mut lines = Vec::new();
    let keep = &mut |_, line: &str| {
        lines.push(serde_json::from_str::<Value>(line).unwrap());
        true
    };
    trial.store.audit().read(0, keep).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["client"], &lines[0]["service"]), (&json!(APP), &json!("identity")));
    assert_eq!((&lines[0]["organisation"], &lines[0]["outcome"]), (&json!("Y99999"), &json!(200)));
}

/// What is wrong with the claims, the status, the error and its text.
const CLAIMS: [(&str, &str, u16, &str, &str); 27] = [
    ("expired", r#"{"exp":1699999989}"#, 400, "invalid_request", "the JWT has expired"),
    ("no exp", r#"{"exp":null}"#, 400, "invalid_request", "the JWT has no exp"),
    ("exp text", r#"{"exp":"1700000200"}"#, 400, "invalid_request", EXP_NUMBER),
    ("exp true", r#"{"exp":true}"#, 400, "invalid_request", EXP_NUMBER),
    ("far future", r#"{"exp":1700000311}"#, 400, "invalid_request", EXP_FAR),
    ("vast future", r#"{"exp":1e300}"#, 400, "invalid_request", EXP_FAR),
    ("milliseconds", r#"{"exp":1700000200000}"#, 400, "invalid_request", EXP_FAR),
    ("no iss", r#"{"iss":null}"#, 400, "invalid_request", ISS_SUB),
    ("no sub", r#"{"sub":null}"#, 400, "invalid_request", ISS_SUB),
    ("another sub", r#"{"sub":"texts"}"#, 400, "invalid_request", ISS_SUB),
    ("iss a list", r#"{"iss":["app"]}"#, 400, "invalid_request", ISS_SUB),
    ("both empty", r#"{"iss":"","sub":""}"#, 400, "invalid_request", ISS_SUB),
    ("no jti", r#"{"jti":null}"#, 400, "invalid_request", "the JWT has no jti"),
    ("jti a number", r#"{"jti":1}"#, 400, "invalid_request", JTI_TEXT),
    ("jti empty", r#"{"jti":""}"#, 400, "invalid_request", JTI_TEXT),
    ("unknown", r#"{"iss":"who","sub":"who"}"#, 401, "invalid_request", NO_CLIENT),
    ("other case", r#"{"iss":"APP","sub":"APP"}"#, 401, "invalid_request", NO_CLIENT),
    ("no keys", r#"{"iss":"no-keys","sub":"no-keys"}"#, 403, "public_key error", NO_KEYS),
    ("away", r#"{"iss":"keys-away","sub":"keys-away"}"#, 403, "public_key error", KEYS_AWAY),
    ("no aud", r#"{"aud":null}"#, 401, "invalid_request", AUD),
    ("another aud", r#"{"aud":"https://other.example/oauth2/token"}"#, 401, "invalid_request", AUD),
    (
        "the Host header",
        r#"{"aud":"https://elsewhere.example/oauth2/token"}"#,
        401,
        "invalid_request",
        AUD,
    ),
    (
        "aud with a slash",
        r#"{"aud":"https://exchange.example/oauth2/token/"}"#,
        401,
        "invalid_request",
        AUD,
    ),
    ("aud the origin", r#"{"aud":"https://exchange.example"}"#, 401, "invalid_request", AUD),
    ("aud a number", r#"{"aud":1}"#, 401, "invalid_request", AUD),
    (
        "no scopes",
        r#"{"iss":"no-scopes","sub":"no-scopes"}"#,
        401,
        "unauthorized_client",
        NO_SCOPES,
    ),
    ("users", r#"{"iss":"users-only","sub":"users-only"}"#, 401, "unauthorized_client", NO_SCOPES),
];
const EXP_NUMBER: &str = "the exp of the JWT must be a number";
const EXP_FAR: &str = "the exp of the JWT is more than 5 minutes ahead";
const ISS_SUB: &str = "the iss and sub of the JWT must both be the client id";
const JTI_TEXT: &str = "the jti of the JWT must be text of 1 to 256 bytes";
const NO_CLIENT: &str = "the iss and sub of the JWT name no client";
const NO_KEYS: &str = "no public keys are registered for this client";
const KEYS_AWAY: &str = "the public keys of this client cannot be fetched from its JWKS URL. \
    They are asked for once a minute at most";
const AUD: &str = "the aud of the JWT must be the URL of this token endpoint";
const NO_SCOPES: &str = "the client is registered for no API that needs no user";

fn judge(what: &str, answer: &(u16, Value), status: u16, error: &str, text: &str) {
    let (given, body) = answer;
    let said = (*given, body["error"].as_str(), body["error_description"].as_str());
    assert_eq!(said, (status, Some(error), Some(text)), "{what}");
    assert_eq!(body["message_id"].as_str().map(str::len), Some(36), "{what}");
    assert_eq!(body.as_object().unwrap().len(), 3, "{what}");
}

#[tokio::test]
async fn claims_that_are_wrong_have_their_own_answer_each() {
    let trial = Trial::new().await;
    for (what, changes, status, error, text) in CLAIMS {
        let changes: Value = serde_json::from_str(changes).unwrap();
        let assertion = platform(&with(trial.claims(APP), &changes));
        judge(what, &trial.token(&assertion, "").await, status, error, text);
    }
}

#[tokio::test]
async fn headers_and_signatures_that_are_wrong_have_their_own_answer_each() {
    let trial = Trial::new().await;
    let refused = |name: &str| format!("the JWT header must not have {name}");
    let alg = "the alg of the JWT must be RS512";
    let kid = "the kid of the JWT names no public key of the client";
    let signature = "the signature of the JWT does not verify";
    for (what, header, status, text) in [
        ("alg none", json!({ "alg": "none" }), 400, alg),
        ("no alg", json!({ "alg": null }), 400, alg),
        ("a shared secret", json!({ "alg": "HS512" }), 400, alg),
        ("a shorter digest", json!({ "alg": "RS256" }), 400, alg),
        ("SMART's", json!({ "alg": "RS384" }), 400, alg),
        ("no kid", json!({ "kid": null }), 400, "the JWT header has no kid"),
        ("an empty kid", json!({ "kid": "" }), 400, "the JWT header has no kid"),
        (
            "kid a list",
            json!({ "kid": ["one"] }),
            400,
            "the kid of the JWT header is no fitting text",
        ),
        ("no typ", json!({ "typ": null }), 400, "the typ of the JWT must be JWT"),
        ("another typ", json!({ "typ": "at+jwt" }), 400, "the typ of the JWT must be JWT"),
        ("jku", json!({ "jku": "https://evil.example" }), 400, &refused("jku")),
        ("x5u", json!({ "x5u": "https://evil.example" }), 400, &refused("x5u")),
        ("jwk", json!({ "jwk": KEY.jwk("one") }), 400, &refused("jwk")),
        ("crit", json!({ "crit": ["exp"] }), 400, &refused("crit")),
        ("an unknown kid", json!({ "kid": "three" }), 401, kid),
        ("a path for a kid", json!({ "kid": "../../etc/passwd" }), 401, kid),
        ("the other key's kid", json!({ "kid": "two" }), 401, signature),
        ("a curve's kid", json!({ "kid": "curve" }), 401, signature),
    ] {
        let header = with(json!({ "alg": "RS512", "typ": "JWT", "kid": "one" }), &header);
        let assertion = KEY.sign(Algorithm::Rs512, &header, &trial.claims(APP)).unwrap();
        judge(what, &trial.token(&assertion, "").await, status, "invalid_request", text);
    }
    let good = trial.good();
    let (head, _) = good.rsplit_once('.').unwrap();
    let unsigned = trial.token(&format!("{head}."), "").await;
    judge("no signature", &unsigned, 401, "invalid_request", signature);
}

#[tokio::test]
async fn forms_that_are_wrong_have_their_own_answer_each() {
    let trial = Trial::new().await;
    let good = form(&trial.good());
    let type_text = "client_assertion_type must be \
        urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let type_missing = "client_assertion_type is missing";
    let without = |name: &str| {
        let kept: Vec<&str> = good.split('&').filter(|pair| !pair.starts_with(name)).collect();
        kept.join("&")
    };
    let long = form(&"a".repeat(20_000));
    for (what, body, error, text) in [
        ("nothing", String::new(), "invalid_request", "grant_type is missing"),
        ("no grant", without("grant_type"), "invalid_request", "grant_type is missing"),
        (
            "another grant",
            good.replace("client_credentials", "password"),
            "unsupported_grant_type",
            GRANTS,
        ),
        ("no type", without("client_assertion_type"), "invalid_request", type_missing),
        ("another type", good.replace("jwt-bearer", "saml2-bearer"), "invalid_request", type_text),
        (
            "no assertion",
            without("client_assertion="),
            "invalid_request",
            "client_assertion is missing",
        ),
        (
            "a word",
            form("word"),
            "invalid_request",
            "the client_assertion is no JWT of three parts",
        ),
        ("oversize", long, "invalid_request", "the JWT is too long"),
        (
            "twice",
            format!("{good}&client_assertion=a"),
            "invalid_request",
            "the form has a parameter twice",
        ),
        (
            "life a word",
            format!("{good}&_access_token_expiry_ms=soon"),
            "invalid_request",
            "_access_token_expiry_ms must be a whole number",
        ),
    ] {
        judge(what, &trial.post(&body).await, 400, error, text);
    }
    let claims = trial.claims(APP).to_string().replacen('{', "{\"iss\":\"other\",", 1);
    let part = |text: &str| base64(text.as_bytes());
    let head = format!("{}.{}", part(r#"{"alg":"RS512","typ":"JWT","kid":"one"}"#), part(&claims));
    let twice = KEY.sign_text(Algorithm::Rs512, &head).unwrap();
    let text = "the header and the claims of the JWT must be JSON objects without repeated \
        members, and not deep";
    judge("duplicate claim", &trial.token(&twice, "").await, 400, "invalid_request", text);
}

#[tokio::test]
async fn media_types_methods_and_paths_are_refused_as_the_platform_does() {
    let trial = Trial::new().await;
    let body = form(&trial.good());
    for (method, path, media, status, allow) in [
        (Method::POST, "/token", "application/json", 415, None),
        (Method::POST, "/token", "multipart/form-data", 415, None),
        (Method::GET, "/token", FORM, 405, Some("POST")),
        (Method::PUT, "/token", FORM, 405, Some("POST")),
        (Method::POST, "/_ping", FORM, 405, Some("GET")),
        (Method::POST, "/tokens", FORM, 404, None),
        (Method::GET, "/_status", FORM, 401, None),
        (Method::GET, "/_ping", FORM, 200, None),
        (Method::POST, "/token", "Application/X-WWW-Form-Urlencoded; charset=utf-8", 200, None),
    ] {
        let reply = trial.ask(method.clone(), path, media, &body).await;
        let given = reply.headers.get("allow").map(|value| value.to_str().unwrap());
        assert_eq!((reply.status.as_u16(), given), (status, allow), "{method} {path} {media}");
    }
}

#[tokio::test]
async fn an_assertion_is_good_for_one_token_also_over_a_restart() {
    let mut trial = Trial::new().await;
    let assertion = trial.good();
    assert_eq!(trial.token(&assertion, "").await.0, 200);
    let used = "the jti of the JWT was used before";
    judge("again", &trial.token(&assertion, "").await, 400, "invalid_request", used);
    trial.restart();
    judge("restarted", &trial.token(&assertion, "").await, 400, "invalid_request", used);
    // The clock of the client may be ten seconds behind; until then the assertion is remembered.
    trial.clock.advance_ms(310_000);
    judge("at its end", &trial.token(&assertion, "").await, 400, "invalid_request", used);
    trial.clock.advance_ms(1_000);
    let over = "the JWT has expired";
    judge("after it", &trial.token(&assertion, "").await, 400, "invalid_request", over);
}

#[tokio::test]
async fn nobody_can_use_up_the_jti_of_another() {
    let trial = Trial::new().await;
    let claims = with(trial.claims(APP), &json!({ "jti": "mine" }));
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": "one" });
    let forged = NEXT_KEY.sign(Algorithm::Rs512, &header, &claims).unwrap();
    assert_eq!(trial.token(&forged, "").await.0, 401);
    assert_eq!(trial.token(&platform(&claims), "").await.0, 200);
    let other = with(trial.claims("texts"), &json!({ "jti": "mine" }));
    assert_eq!(trial.token(&platform(&other), "").await.0, 200, "another client's own");
}

#[tokio::test]
async fn of_two_requests_with_one_assertion_at_a_time_one_gets_a_token() {
    let trial = Trial::new().await;
    let assertion = trial.good();
    let (one, two) = tokio::join!(trial.token(&assertion, ""), trial.token(&assertion, ""));
    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn edges_of_what_is_good_are_good() {
    let trial = Trial::new().await;
    for (what, changes) in [
        ("ten seconds late", json!({ "exp": trial.now_s() - 10 })),
        ("310 seconds ahead", json!({ "exp": trial.now_s() + 310 })),
        ("a fraction", json!({ "exp": 1_700_000_100.5 })),
        ("aud in a list", json!({ "aud": [TOKEN_URL] })),
        ("another address of the house", json!({ "aud": "http://127.0.0.1:8600/oauth2/token" })),
        ("claims of no interest", json!({ "nbf": 0, "iat": "x", "more": { "a": [1] } })),
    ] {
        let assertion = platform(&with(trial.claims(APP), &changes));
        assert_eq!(trial.token(&assertion, "").await.0, 200, "{what}");
    }
    let header = json!({ "alg": "RS512", "typ": "jwt", "kid": "two" });
    let second = NEXT_KEY.sign(Algorithm::Rs512, &header, &trial.claims(APP)).unwrap();
    assert_eq!(trial.token(&second, "").await.0, 200, "the key to come, typ in lower case");
    assert_eq!(trial.token(&trial.good(), "&scope=anything").await.0, 200, "scope is ignored");
}

#[tokio::test]
async fn a_client_may_have_a_token_for_less_time_and_as_it_expects_it() {
    let trial = Trial::new().await;
    for (wanted, given) in [("1", 1), ("1000", 1), ("1001", 2), ("599000", 599), ("900000", 599)] {
        let more = format!("&_access_token_expiry_ms={wanted}");
        let (_, body) = trial.token(&trial.good(), &more).await;
        assert_eq!(body["expires_in"], given, "{wanted}");
        let token = trial.tokens.check(body["access_token"].as_str().unwrap()).unwrap();
        assert_eq!(token.expires_s, trial.now_s() + given);
    }
    let (_, body) = trial.token(&platform(&trial.claims("texts")), "").await;
    assert_eq!(body["expires_in"], "599");
}

#[tokio::test]
async fn smart_clients_sign_in_their_way_and_ask_for_scopes() {
    let trial = Trial::new().await;
    let curve = |claims: &Value| {
        let header = json!({ "alg": "ES384", "typ": "JWT", "kid": "curve" });
        CURVE.sign(Algorithm::Es384, &header, claims).unwrap()
    };
    let scope = "&scope=system/Patient.rs+system/Everything.cruds";
    let (status, body) = trial.token(&curve(&trial.claims(SMART)), scope).await;
    assert_eq!((status, &body["expires_in"]), (200, &json!(300)), "{body}");
    assert_eq!(body["scope"], "system/Patient.rs");
    let rs512 = platform(&trial.claims(SMART));
    assert_eq!(trial.token(&rs512, scope).await.0, 200, "as the platform, at SMART");
    let used = trial.token(&rs512, scope).await;
    judge("used", &used, 400, "invalid_client", "the jti of the JWT was used before");
    let none = trial.token(&curve(&trial.claims(SMART)), "").await;
    judge("no scope", &none, 400, "invalid_scope", "scope is missing");
    let others = trial.token(&curve(&trial.claims(SMART)), "&scope=system/Other.rs").await;
    let text = "the client is registered for none of the scopes";
    judge("others' scope", &others, 400, "invalid_scope", text);
    let alg = "the alg of the JWT must be RS512";
    let at_platform = trial.token(&curve(&trial.claims(APP)), "").await;
    judge("not registered so", &at_platform, 400, "invalid_request", alg);
    let late = with(trial.claims(SMART), &json!({ "exp": 1 }));
    judge(
        "late",
        &trial.token(&curve(&late), "").await,
        400,
        "invalid_client",
        "the JWT has expired",
    );
    let aud = with(trial.claims(SMART), &json!({ "aud": "x" }));
    judge("aud", &trial.token(&curve(&aud), "").await, 401, "invalid_client", AUD);
}

#[tokio::test]
async fn discovery_names_an_endpoint_that_assertions_may_be_addressed_to() {
    let trial = Trial::new().await;
    let path = "/.well-known/smart-configuration";
    let reply = trial.ask(Method::GET, path, FORM, "").await;
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["token_endpoint"], TOKEN_URL);
    assert_eq!(
        trial.house.token_url("http://127.0.0.1:8600"),
        "http://127.0.0.1:8600/oauth2/token"
    );
    assert_eq!(trial.house.token_url("http://other"), format!("{ORIGIN}/oauth2/token"));
}

#[tokio::test]
async fn a_token_that_is_not_on_disk_is_not_given_and_its_assertion_may_come_again() {
    let trial = Trial::new().await;
    trial.store.close();
    let assertion = trial.good();
    let (status, body) = trial.token(&assertion, "").await;
    assert_eq!((status, &body["error"]), (503, &json!("temporarily_unavailable")));
    assert_eq!(trial.token(&assertion, "").await.0, 503, "not refused as used");
}

/// What the endpoint takes.
const GRANTS: &str = "grant_type must be client_credentials, authorization_code, refresh_token or \
    urn:ietf:params:oauth:grant-type:token-exchange";

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
