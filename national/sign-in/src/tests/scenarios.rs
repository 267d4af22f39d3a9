use http::Method;
use http::header::{AUTHORIZATION, CONTENT_SECURITY_POLICY};
use security::{Jws, KeySet};
use serde_json::{Value, json};

use super::trial::{BACK, ORIGIN, Page, SECRET, Trial, sent};
use crate::Issuer;

async fn get(trial: &Trial, path: &str) -> Value {
    let reply = trial.ask(Method::GET, path, &[], &[], &[]).await;
    serde_json::from_slice(&reply.body).unwrap()
}

#[tokio::test]
async fn a_worker_signs_in_and_the_client_learns_who_it_was() {
    let trial = Trial::of(Issuer::Staff).await;
    let reply = trial.send(&trial.page(&[]).await, &[]).await;
    assert_eq!(reply.status, 303, "a browser must not send the secret on");
    let words = sent(&reply);
    assert_eq!(words.get("state"), Some("the state"));
    assert_eq!(words.get("iss"), Some("https://exchange.example/sign-in/staff"));
    let (status, body) = trial.redeem(words.get("code").unwrap(), &[]).await;
    assert_eq!(status, 200, "{body}");
    let text = body["id_token"].as_str().unwrap().to_owned();
    let token = Jws::parse(&text).unwrap();
    let keys = KeySet::parse(get(&trial, "/jwks").await.to_string().as_bytes()).unwrap();
    keys.verify(&token, &[Issuer::Staff.algorithm()]).unwrap();
    assert_eq!(token.header.alg.as_deref(), Some("RS256"));
    for (claim, value) in [
        ("iss", "https://exchange.example/sign-in/staff"),
        ("aud", "web"),
        ("sub", "555"),
        ("nonce", "the nonce"),
        ("authentication_assurance_level", "3"),
        ("nhsid_useruid", "555"),
    ] {
        assert_eq!(token.text(claim), Some(value), "{claim}");
    }
    assert_eq!(token.instant_s("exp"), Some(1_700_003_600));
    assert_eq!(token.claims["nhsid_nrbac_roles"][0]["person_roleid"], "5551");
    let bearer = format!("Bearer {}", body["access_token"].as_str().unwrap());
    let info = trial.ask(Method::GET, "/userinfo", &[], &[(AUTHORIZATION, &bearer)], &[]).await;
    let info: Value = serde_json::from_slice(&info.body).unwrap();
    assert_eq!((&info["sub"], &info["name"]), (&json!("555"), &json!("Amira")));
}

#[tokio::test]
async fn a_patient_is_signed_in_at_the_level_that_was_chosen_and_not_above_their_own() {
    let trial = Trial::of(Issuer::Patient).await;
    for (name, level, said, vector) in [
        ("jane", "", "P9", "P9.Cp.Cd"),
        ("jane", "P5", "P5", "P5.Cp.Cd"),
        ("jane", "P0", "P0", "P0.Cp"),
        ("nora", "", "P0", "P0.Cp"),
    ] {
        let code = trial.code(&[], &[("sign_in", name), ("level", level)]).await;
        let (_, body) = trial.redeem(&code, &[]).await;
        let text = body["id_token"].as_str().unwrap().to_owned();
        let token = Jws::parse(&text).unwrap();
        assert_eq!(token.header.alg.as_deref(), Some("RS512"));
        assert_eq!(token.text("identity_proofing_level"), Some(said), "{name} {level}");
        assert_eq!(token.text("vot"), Some(vector));
        assert_eq!(token.text("nhs_number").is_some(), name == "jane");
    }
    let page = trial.page(&[]).await;
    for level in ["P9", "P5", "AAL3", "x"] {
        let reply = trial.send(&page, &[("sign_in", "nora"), ("level", level)]).await;
        assert_eq!(reply.status, 403, "{level}");
    }
    let reply = trial.send(&page, &[("sign_in", "amira")]).await;
    assert_eq!(reply.status, 401, "staff are not known here");
}

#[tokio::test]
async fn a_page_is_good_in_its_own_browser_for_a_while() {
    let trial = Trial::of(Issuer::Staff).await;
    let (page, other) = (trial.page(&[]).await, trial.page(&[]).await);
    let sealed = || page.sealed.clone();
    for (what, page) in [
        ("no cookie", Page { sealed: sealed(), cookie: String::new() }),
        ("another browser", Page { sealed: sealed(), cookie: other.cookie.clone() }),
        ("changed", Page { sealed: sealed() + "A", cookie: page.cookie.clone() }),
        ("nothing", Page { sealed: "x".into(), cookie: page.cookie.clone() }),
    ] {
        let reply = trial.send(&page, &[]).await;
        assert_eq!(reply.status, 400, "{what}");
        assert!(!reply.headers.contains_key("location"), "{what}");
    }
    let elsewhere = Trial::of(Issuer::Patient).await;
    assert_eq!(elsewhere.send(&page, &[]).await.status, 400, "another issuer's");
    trial.clock.advance_ms(900_000);
    assert_eq!(trial.send(&page, &[]).await.status, 303);
    trial.clock.advance_ms(1_000);
    assert_eq!(trial.send(&page, &[]).await.status, 400, "too old");
}

#[tokio::test]
async fn pages_keep_to_themselves_and_show_names_as_they_are() {
    let trial = Trial::of(Issuer::Staff).await;
    let reply = trial.authorize(&[]).await;
    let policy = reply.headers.get(CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
    for word in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(word), "{word}");
    }
    assert!(!policy.contains("script") && !policy.contains("unsafe"));
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(reply.headers.get(name).unwrap(), value);
    }
    let cookie = reply.headers.get("set-cookie").unwrap().to_str().unwrap();
    for word in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/sign-in/staff"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let html = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(html.contains("Grace &#60;b&#62;") && !html.contains("<script"), "{html}");
    let typed = "\"><script>alert(1)</script>";
    let page = trial.page(&[]).await;
    let reply = trial.send(&page, &[("sign_in", typed), ("level", typed)]).await;
    let html = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(reply.status == 401 && !html.contains("<script"), "{html}");
}

#[tokio::test]
async fn wrong_secrets_are_counted() {
    let trial = Trial::of(Issuer::Staff).await;
    let page = trial.page(&[]).await;
    for name in ["amira", "nobody"] {
        for _ in 0..5 {
            let reply = trial.send(&page, &[("sign_in", name), ("secret", "guess")]).await;
            assert_eq!(reply.status, 401);
        }
        let reply = trial.send(&page, &[("sign_in", name)]).await;
        assert_eq!(reply.status, 429, "{name}: also with the right one");
        assert_eq!(reply.headers.get("retry-after").unwrap(), "60");
    }
    let reply = trial.send(&page, &[("sign_in", "grace")]).await;
    assert_eq!(reply.status, 303, "somebody else");
    trial.clock.advance_ms(60_000);
    assert_eq!(trial.send(&page, &[]).await.status, 303);
}

#[tokio::test]
async fn requests_that_are_wrong_are_told_to_who_may_be_told() {
    let trial = Trial::of(Issuer::Staff).await;
    for (what, changes) in [
        ("no client", vec![("client_id", "")]),
        ("nobody", vec![("client_id", "who")]),
        ("no place", vec![("redirect_uri", "")]),
        ("another place", vec![("redirect_uri", "https://evil.example/back")]),
        ("a longer place", vec![("redirect_uri", "https://app.example/back/more")]),
    ] {
        let reply = trial.authorize(&changes).await;
        assert_eq!(reply.status, 400, "{what}");
        assert!(!reply.headers.contains_key("location"), "{what}");
    }
    let none = [("code_challenge", ""), ("code_challenge_method", "")];
    for (what, changes, error) in [
        ("implicit", vec![("response_type", "id_token")], "unsupported_response_type"),
        ("no type", vec![("response_type", "")], "invalid_request"),
        ("no openid", vec![("scope", "profile")], "invalid_scope"),
        ("plain", vec![("code_challenge_method", "plain")], "invalid_request"),
        ("silent", vec![("prompt", "none")], "login_required"),
        ("a phone without", [&[("client_id", "phone")], &none[..]].concat(), "invalid_request"),
    ] {
        let words = sent(&trial.authorize(&changes).await);
        assert_eq!(words.get("error"), Some(error), "{what}");
        assert_eq!(words.get("state"), Some("the state"), "{what}");
    }
}

#[tokio::test]
async fn codes_are_good_once_for_who_asked() {
    let trial = Trial::of(Issuer::Staff).await;
    let wrong = "another-verifier-that-is-long-enough-to-count";
    for (what, changes, status, error) in [
        ("another client", vec![("client_id", "other")], 400, "invalid_grant"),
        ("a wrong secret", vec![("client_secret", "guess")], 401, "invalid_client"),
        ("no secret", vec![("client_secret", "")], 401, "invalid_client"),
        ("nobody", vec![("client_id", "who")], 401, "invalid_client"),
        ("another place", vec![("redirect_uri", "https://evil.example")], 400, "invalid_grant"),
        ("another proof", vec![("code_verifier", wrong)], 400, "invalid_grant"),
        ("no proof", vec![("code_verifier", "")], 400, "invalid_grant"),
        ("another grant", vec![("grant_type", "password")], 400, "unsupported_grant_type"),
        ("no code", vec![("code", "")], 400, "invalid_request"),
    ] {
        let code = trial.code(&[], &[]).await;
        let (given, body) = trial.redeem(&code, &changes).await;
        assert_eq!((given, body["error"].as_str()), (status, Some(error)), "{what}");
        assert_eq!(trial.redeem(&code, &[]).await.0, 200, "{what}: it was not used up");
        let (status, body) = trial.redeem(&code, &[]).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")), "again");
    }
    let code = trial.code(&[("client_id", "phone")], &[]).await;
    let phone = [("client_id", "phone"), ("client_secret", "")];
    assert_eq!(trial.redeem(&code, &phone).await.0, 200, "the proof is enough");
    let code = trial.code(&[], &[]).await;
    trial.clock.advance_ms(300_000);
    assert_eq!(trial.redeem(&code, &[]).await.0, 400, "too late");
    let basic = [(AUTHORIZATION, "Basic d2ViOmEgc2VjcmV0IG9mIHRoZSBjbGllbnQncw==")];
    let code = trial.code(&[], &[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", super::trial::VERIFIER),
    ];
    let reply = trial.ask(Method::POST, "/token", &[], &basic, &form).await;
    assert_eq!(reply.status, 200, "{SECRET}");
}

#[tokio::test]
async fn it_describes_itself_as_it_is() {
    let trial = Trial::of(Issuer::Staff).await;
    let said = get(&trial, "/.well-known/openid-configuration").await;
    assert_eq!(said["issuer"], format!("{ORIGIN}/sign-in/staff"));
    assert_eq!(said["issuer"], trial.house.url());
    for (name, path) in [
        ("authorization_endpoint", "/authorize"),
        ("token_endpoint", "/token"),
        ("userinfo_endpoint", "/userinfo"),
        ("jwks_uri", "/jwks"),
        ("end_session_endpoint", "/log-out"),
    ] {
        assert_eq!(said[name], format!("{ORIGIN}/sign-in/staff{path}"));
        let method = if path == "/token" { Method::POST } else { Method::GET };
        let reply = trial.ask(method, path, &[], &[], &[]).await;
        assert_ne!(reply.status, 404, "{name}");
    }
    let refused = trial.ask(Method::GET, "/userinfo", &[], &[], &[]).await;
    assert_eq!(refused.status, 401);
    let hint = trial.ask(Method::GET, "/log-out", &[("id_token_hint", "x")], &[], &[]).await;
    assert_eq!(hint.status, 400);
}
