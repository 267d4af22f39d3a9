//! What is refused of who acts for people: one row each.

use http::StatusCode;
use security::signing::PrivateKey;
use serde_json::{Value, json};

use super::desk::{
    BACK, OTHER, PHONE, VERIFIER, WEB, desk, id_token, patient, query, sent, signed, with, worker,
};
use super::issuers::{EXCHANGE, PATIENTS, PATIENTS_KEY, STAFF, STAFF_KEY};
use super::trial::Trial;

fn judge(what: &str, answer: &(u16, Value), status: u16, error: &str) {
    let (given, body) = answer;
    assert_eq!((*given, body["error"].as_str()), (status, Some(error)), "{what}: {body}");
    assert!(body["message_id"].is_string() && body.get("access_token").is_none(), "{what}");
}

/// The same text, but for one character in the middle.
fn altered(text: &str) -> String {
    let middle = text.len() / 2;
    let other = if text.as_bytes()[middle] == b'A' { 'B' } else { 'A' };
    format!("{}{other}{}", &text[..middle], &text[middle + 1..])
}

#[tokio::test]
async fn places_that_are_not_the_clients_are_never_sent_to() {
    let trial = desk().await;
    for place in [
        "https://evil.example/back",
        "https://app.example/back",
        "https://app.example/back?from=here&more=1",
        "https://app.example/back?from=here#x",
        "https://app.example.evil.example/back?from=here",
        "https://app.example@evil.example/back?from=here",
        "https://APP.example/back?from=here",
        "//app.example/back?from=here",
        "javascript:alert(1)",
        "",
    ] {
        // Whatever else is wrong with the request as well.
        for response_type in ["code", "token"] {
            let mut query = query(WEB, "");
            query.retain(|(name, _)| !["redirect_uri", "response_type"].contains(name));
            query.extend([("redirect_uri", place), ("response_type", response_type)]);
            let reply = trial.get("/authorize", &query).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{place}");
            assert!(!reply.headers.contains_key("location"), "{place}");
        }
    }
    let unknown = [query("nobody", ""), vec![("x", "y")]].concat();
    let reply = trial.get("/authorize", &unknown).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    let twice = [query(WEB, ""), vec![("redirect_uri", "https://evil.example")]].concat();
    assert_eq!(trial.get("/authorize", &twice).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn requests_that_are_wrong_go_back_to_the_client_with_an_error() {
    let trial = desk().await;
    let challenge = security::pkce::challenge(VERIFIER);
    let long = "s".repeat(3000);
    let s256 = ("code_challenge_method", "S256");
    for (what, client, changes, error) in [
        ("no state", WEB, vec![("state", "")], "invalid_request"),
        ("a long state", WEB, vec![("state", long.as_str())], "invalid_request"),
        ("no type", WEB, vec![("response_type", "")], "invalid_request"),
        ("implicit", WEB, vec![("response_type", "token")], "unsupported_response_type"),
        ("hybrid", WEB, vec![("response_type", "code id_token")], "unsupported_response_type"),
        (
            "plain",
            WEB,
            vec![("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
            "invalid_request",
        ),
        ("no method", WEB, vec![("code_challenge", challenge.as_str())], "invalid_request"),
        ("no challenge", WEB, vec![s256], "invalid_request"),
        ("a short challenge", WEB, vec![("code_challenge", "abc"), s256], "invalid_request"),
        ("a phone without", PHONE, vec![], "invalid_request"),
    ] {
        let mut query = query(client, "");
        query.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        query.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        let (place, words) = sent(&trial.get("/authorize", &query).await);
        assert_eq!((place.as_str(), words.get("error")), (BACK, Some(error)), "{what}");
        assert_eq!(words.get("code"), None, "{what}");
    }
}

#[tokio::test]
async fn what_comes_back_must_be_the_answer_to_what_was_asked() {
    let trial = desk().await;
    let good = worker(&trial, EXCHANGE);
    for (what, changes) in [
        ("another nonce", json!({ "nonce": "another" })),
        ("another audience", json!({ "aud": WEB })),
        ("another issuer", json!({ "iss": PATIENTS, "identity_proofing_level": "P9" })),
        ("nobody's issuer", json!({ "iss": "https://evil.example" })),
        ("expired", json!({ "exp": 1_699_999_000 })),
        ("no level", json!({ "authentication_assurance_level": null })),
        ("no sub", json!({ "sub": null })),
    ] {
        let asked = trial.send_off(WEB, "", false).await;
        let reply = trial.come_back(&asked, &with(good.clone(), &changes)).await;
        let (place, words) = sent(&reply);
        assert_eq!((place.as_str(), words.get("error")), (BACK, Some("access_denied")), "{what}");
        assert_eq!(words.get("state"), Some("the state"), "{what}");
    }
    // Two sign-ins at once, whose answers are mixed up: each has a nonce of its own.
    let (one, other) = (trial.send_off(WEB, "", false).await, trial.send_off(WEB, "", false).await);
    let mixed = with(good.clone(), &json!({ "nonce": one.get("nonce") }));
    let (_, words) = sent(&trial.come_back(&other, &mixed).await);
    assert_eq!(words.get("error"), Some("access_denied"));
    let asked = trial.send_off(WEB, "", false).await;
    let state = asked.get("state").unwrap();
    let denied = trial.get("/callback", &[("state", state), ("error", "access_denied")]).await;
    assert_eq!(sent(&denied).1.get("error"), Some("access_denied"));
    let asked = trial.send_off(WEB, "", false).await;
    let state = asked.get("state").unwrap().to_owned();
    let from_other = [("state", state.as_str()), ("code", "c"), ("iss", PATIENTS)];
    assert_eq!(trial.get("/callback", &from_other).await.status, 400, "another issuer's answer");
    sent(&trial.come_back(&asked, &good).await);
    assert_eq!(trial.come_back(&asked, &good).await.status, 400, "the state again");
    let changed = altered(&state);
    let code = trial.code(WEB, false).await;
    for (what, state) in [("changed", changed.as_str()), ("a code", &code), ("nothing", "x")] {
        let reply = trial.get("/callback", &[("state", state), ("code", "c")]).await;
        assert_eq!(reply.status, 400, "{what}");
    }
    let asked = trial.send_off(WEB, "", false).await;
    trial.clock.advance_ms(1_801_000);
    assert_eq!(trial.come_back(&asked, &good).await.status, 400, "too late");
}

#[tokio::test]
async fn codes_are_good_for_who_asked_once_and_not_for_long() {
    let trial = desk().await;
    let wrong = "another-verifier-that-is-long-enough-to-count";
    for (what, proof, changes, status, error) in [
        ("another client", false, vec![("client_id", OTHER)], 400, "invalid_grant"),
        ("a wrong secret", false, vec![("client_secret", "guess")], 401, "invalid_client"),
        ("no secret", false, vec![("client_secret", "")], 401, "invalid_client"),
        ("no client", false, vec![("client_id", "")], 400, "invalid_request"),
        ("nobody", false, vec![("client_id", "who")], 401, "invalid_client"),
        ("a secret for a phone", false, vec![("client_id", PHONE)], 401, "invalid_client"),
        (
            "another place of the client's",
            false,
            vec![("redirect_uri", "https://app.example/other")],
            400,
            "invalid_grant",
        ),
        ("no place", false, vec![("redirect_uri", "")], 400, "invalid_request"),
        ("no code", false, vec![("code", "")], 400, "invalid_request"),
        ("proof left out", true, vec![], 400, "invalid_grant"),
        ("another proof", true, vec![("code_verifier", wrong)], 400, "invalid_grant"),
        ("proof not asked for", false, vec![("code_verifier", VERIFIER)], 400, "invalid_grant"),
    ] {
        let code = trial.code(WEB, proof).await;
        judge(what, &trial.redeem(&code, &changes).await, status, error);
        let good = [("code_verifier", if proof { VERIFIER } else { "" })];
        assert_eq!(trial.redeem(&code, &good).await.0, 200, "{what}: it was not used up");
    }
    let stolen = trial.code(PHONE, true).await;
    let phone = [("client_id", PHONE), ("client_secret", "")];
    judge("a stolen code", &trial.redeem(&stolen, &phone).await, 400, "invalid_grant");
    let tokens = trial.tokens().await;
    for kind in ["access_token", "refresh_token"] {
        let token = tokens[kind].as_str().unwrap();
        judge(kind, &trial.redeem(token, &[]).await, 400, "invalid_grant");
    }
    let code = trial.code(WEB, false).await;
    trial.clock.advance_ms(300_000);
    judge("too late", &trial.redeem(&code, &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn refresh_tokens_are_good_for_their_client_alone() {
    let trial = desk().await;
    let tokens = trial.tokens().await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let access = tokens["access_token"].as_str().unwrap();
    let changed = altered(token);
    let code = trial.code(WEB, false).await;
    for (what, token, changes, status, error) in [
        ("stolen", token, vec![("client_id", OTHER)], 401, "invalid_grant"),
        (
            "stolen, no secret",
            token,
            vec![("client_id", PHONE), ("client_secret", "")],
            401,
            "invalid_grant",
        ),
        ("a wrong secret", token, vec![("client_secret", "guess")], 401, "invalid_client"),
        ("changed", &changed, vec![], 401, "invalid_grant"),
        ("an access token", access, vec![], 401, "invalid_grant"),
        ("a code", &code, vec![], 401, "invalid_grant"),
        ("nothing", "", vec![], 400, "invalid_request"),
    ] {
        judge(what, &trial.refresh(token, &changes).await, status, error);
    }
    assert_eq!(trial.refresh(token, &[]).await.0, 200, "it was not used up");
    let tokens = trial.tokens().await;
    trial.enter("revoked-client", WEB, &json!({})).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    judge("a client that is no more", &trial.refresh(token, &[]).await, 401, "invalid_client");
}

#[tokio::test]
async fn a_client_without_the_mode_gets_nothing_for_the_person() {
    let trial = desk().await;
    let asked = trial.send_off("workers-only", "nhs-login", false).await;
    let (_, words) = sent(&trial.come_back(&asked, &patient(&trial, EXCHANGE)).await);
    assert_eq!(words.get("error"), Some("unauthorized_client"));
}

/// Every way in which an ID token can be wrong, at the exchange.
#[tokio::test]
async fn id_tokens_that_are_wrong_are_worth_nothing() {
    let trial = desk().await;
    let good = worker(&trial, WEB);
    for (what, changes, status) in [
        ("expired", json!({ "exp": 1_699_999_989 }), 400),
        ("no exp", json!({ "exp": null }), 400),
        ("exp text", json!({ "exp": "1800000000" }), 400),
        ("from the future", json!({ "iat": 1_700_000_011 }), 400),
        ("no sub", json!({ "sub": null }), 400),
        ("sub empty", json!({ "sub": "" }), 400),
        ("no level", json!({ "authentication_assurance_level": null }), 400),
        ("level 1", json!({ "authentication_assurance_level": "1" }), 400),
        ("a delegate", json!({ "act": { "sub": "x" } }), 400),
        ("no iss", json!({ "iss": null }), 401),
        ("another iss", json!({ "iss": "https://evil.example" }), 401),
        ("iss with a slash", json!({ "iss": format!("{STAFF}/") }), 401),
        ("another client's", json!({ "aud": OTHER }), 401),
        ("the exchange's own", json!({ "aud": EXCHANGE }), 401),
        ("no aud", json!({ "aud": null }), 401),
        ("made for another", json!({ "aud": [WEB, OTHER], "azp": OTHER }), 401),
    ] {
        let token = id_token(&with(good.clone(), &changes));
        judge(what, &trial.exchange(&token, &[]).await, status, "invalid_request");
    }
    let stranger = PrivateKey::rsa_2048().unwrap();
    for (what, key, header, status) in [
        ("alg none", &*STAFF_KEY, json!({ "alg": "none" }), 400),
        ("a shared secret", &STAFF_KEY, json!({ "alg": "HS256" }), 400),
        ("another digest", &STAFF_KEY, json!({ "alg": "RS384" }), 400),
        ("the other digest", &STAFF_KEY, json!({ "alg": "RS512" }), 401),
        ("no kid", &STAFF_KEY, json!({ "kid": null }), 400),
        ("an unknown kid", &STAFF_KEY, json!({ "kid": "two" }), 401),
        ("no typ", &STAFF_KEY, json!({ "typ": null }), 400),
        ("a logout token", &STAFF_KEY, json!({ "typ": "logout+jwt" }), 400),
        ("jku", &STAFF_KEY, json!({ "jku": "https://evil.example" }), 400),
        ("a stranger's key", &stranger, json!({}), 401),
        ("the other issuer's key", &PATIENTS_KEY, json!({}), 401),
    ] {
        let token = signed(key, &header, &good);
        judge(what, &trial.exchange(&token, &[]).await, status, "invalid_request");
    }
    let unsigned = id_token(&good);
    let (head, _) = unsigned.rsplit_once('.').unwrap();
    let long = "a".repeat(20_000);
    for (what, token, status) in [
        ("no signature", format!("{head}."), 401),
        ("a word", "word".to_owned(), 400),
        ("oversize", long, 400),
        ("empty", String::new(), 400),
    ] {
        judge(what, &trial.exchange(&token, &[]).await, status, "invalid_request");
    }
    let unproved = json!({ "identity_proofing_level": "P9", "vot": "P5.Cp.Cd" });
    let token = id_token(&with(patient(&trial, WEB), &unproved));
    judge("two levels", &trial.exchange(&token, &[]).await, 400, "invalid_request");
}

#[tokio::test]
async fn exchanges_that_are_wrong_are_refused() {
    let trial = desk().await;
    let token = id_token(&worker(&trial, WEB));
    let saml = "urn:ietf:params:oauth:token-type:saml2";
    for (what, changes, status) in [
        ("no type", vec![("subject_token_type", "")], 400),
        ("another type", vec![("subject_token_type", saml)], 400),
        ("another type wanted", vec![("requested_token_type", saml)], 400),
        ("an actor", vec![("actor_token", "x")], 400),
        ("no assertion", vec![("client_assertion", "")], 400),
        ("another assertion", vec![("client_assertion", token.as_str())], 400),
    ] {
        judge(what, &trial.exchange(&token, &changes).await, status, "invalid_request");
    }
    assert_eq!(trial.exchange(&token, &[]).await.0, 200, "it is good");
}

#[tokio::test]
async fn user_info_is_for_who_brings_a_good_token() {
    let trial: Trial = desk().await;
    let tokens = trial.tokens().await;
    let access = tokens["access_token"].as_str().unwrap();
    for (what, authorization, status) in [
        ("good", format!("Bearer {access}"), 200),
        ("another scheme", format!("Basic {access}"), 401),
        ("no token", "Bearer".to_owned(), 401),
        ("changed", format!("Bearer {access}A"), 401),
        ("a refresh token", format!("Bearer {}", tokens["refresh_token"].as_str().unwrap()), 401),
    ] {
        assert_eq!(trial.get_as("/userinfo", &authorization).await.status, status, "{what}");
    }
    trial.clock.advance_ms(599_000);
    let reply = trial.get_as("/userinfo", &format!("Bearer {access}")).await;
    assert_eq!(reply.status, 401, "expired");
    assert_eq!(trial.get("/userinfo", &[]).await.status, 401, "nobody");
}
