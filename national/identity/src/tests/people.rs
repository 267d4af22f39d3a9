//! People sign in, and programs act for them.

use security::tokens::ScopeRow;
use security::{Mode, Refusal, pkce};
use serde_json::{Value, json};

use super::desk::{
    BACK, OTHER, PATIENT, PHONE, SECRET, VERIFIER, WEB, WORKER, desk, id_token, patient, sent,
    signed, with, worker,
};
use super::issuers::{EXCHANGE, PATIENTS, STAFF, STAFF_KEY};
use super::trial::Trial;

const ROWS: &[ScopeRow] = &[(Mode::Worker, WORKER), (Mode::Patient, PATIENT)];

fn access(body: &Value) -> &str {
    body["access_token"].as_str().unwrap()
}

fn refresh(body: &Value) -> &str {
    body["refresh_token"].as_str().unwrap()
}

/// What a sign-in service says when somebody signed out.
fn logout_token(trial: &Trial, changes: &Value) -> String {
    let claims = json!({
        "iss": STAFF, "aud": EXCHANGE, "iat": trial.now_s(), "jti": "1", "sid": "sid-1",
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    signed(&STAFF_KEY, &json!({ "typ": "logout+jwt" }), &with(claims, changes))
}

async fn log_out(trial: &Trial, token: &str) -> u16 {
    let form = service::write_form([("logout_token", token)]);
    let media = super::trial::FORM;
    let reply = trial.ask(http::Method::POST, "/backchannel_logout", media, &form).await;
    reply.status.as_u16()
}

#[tokio::test]
async fn a_worker_signs_in_and_a_program_acts_for_them() {
    let trial = desk().await;
    let asked = trial.send_off(WEB, "", true).await;
    assert_eq!(asked.get("client_id"), Some(EXCHANGE));
    assert_eq!(asked.get("redirect_uri"), Some("https://exchange.example/oauth2/callback"));
    assert!(asked.get("scope").unwrap().contains("openid"));
    let (place, words) = sent(&trial.come_back(&asked, &worker(&trial, EXCHANGE)).await);
    assert_eq!((place.as_str(), words.get("state")), (BACK, Some("the state")));
    let redeemed = trial.issuers.redeemed.lock().unwrap().clone();
    let redeemed = service::Form::parse(redeemed.as_bytes()).unwrap();
    let verifier = redeemed.get("code_verifier").unwrap();
    assert!(pkce::proves(verifier, asked.get("code_challenge").unwrap()), "we prove it was us");
    let (status, body) =
        trial.redeem(words.get("code").unwrap(), &[("code_verifier", VERIFIER)]).await;
    assert_eq!((status, &body["token_type"]), (200, &json!("Bearer")), "{body}");
    assert_eq!((&body["expires_in"], &body["refresh_count"]), (&json!(599), &json!("0")));
    assert_eq!(body["refresh_token_expires_in"], 43_199);
    let caller = trial.tokens.admit(access(&body), ROWS).unwrap();
    assert_eq!((caller.mode, caller.user.as_str()), (Mode::Worker, "555"));
    assert_eq!((caller.level.as_str(), caller.client.as_str()), ("aal3", WEB));
    assert_eq!((caller.roles[0].id.as_str(), caller.organisation.as_str()), ("5551", "Y99999"));
    assert_eq!(body["sid"], caller.session.as_str());
    let info = trial.get_as("/userinfo", &format!("Bearer {}", access(&body))).await;
    let info: Value = serde_json::from_slice(&info.body).unwrap();
    assert_eq!(info["nhsid_useruid"], "555");
    let role = json!({
        "person_roleid": "5551", "org_code": "Y1", "role_code": "R1", "activity_codes": ["B1"],
    });
    assert_eq!(info["nhsid_nrbac_roles"], json!([role]));
}

#[tokio::test]
async fn a_patient_signs_in_to_a_phone_and_acts_for_themselves() {
    let trial = desk().await;
    let asked = trial.send_off(PHONE, "nhs-login", true).await;
    let (_, words) = sent(&trial.come_back(&asked, &patient(&trial, EXCHANGE)).await);
    let more = [("client_id", PHONE), ("client_secret", ""), ("code_verifier", VERIFIER)];
    let (status, body) = trial.redeem(words.get("code").unwrap(), &more).await;
    assert_eq!((status, &body["refresh_token_expires_in"]), (200, &json!(3599)), "{body}");
    let caller = trial.tokens.admit(access(&body), ROWS).unwrap();
    assert_eq!((caller.mode, caller.patient.as_deref()), (Mode::Patient, Some("9000000009")));
    assert_eq!(caller.level, "P9.Cp.Cd");
    assert_eq!(caller.scopes, [PATIENT, "patient/AuditEvent.rs"]);
    let info = trial.get_as("/userinfo", &format!("Bearer {}", access(&body))).await;
    assert_eq!(info.status, 400, "user info is of workers");
    let mut lines = String::new();
    let keep = &mut |_, line: &str| {
        lines.push_str(line);
        true
    };
    trial.store.audit().read(0, keep).unwrap();
    assert!(lines.contains("\"mode\":\"patient\"") && lines.contains(PHONE), "{lines}");
    assert!(!lines.contains("9000000009"), "a patient stands there under a pseudonym");
}

#[tokio::test]
async fn scopes_are_those_of_exactly_the_level_of_the_sign_in() {
    let trial = desk().await;
    for (claims, changes, scopes) in [
        (worker(&trial, WEB), json!({}), json!([WORKER])),
        (worker(&trial, WEB), json!({ "authentication_assurance_level": 3 }), json!([WORKER])),
        (worker(&trial, WEB), json!({ "authentication_assurance_level": "2" }), Value::Null),
        (
            patient(&trial, WEB),
            json!({ "identity_proofing_level": "P5", "vot": "P5.Cp.Cd" }),
            json!(["urn:nhsd:apim:user-nhs-login:P5:personal-demographics-service"]),
        ),
        (
            patient(&trial, WEB),
            json!({ "identity_proofing_level": "P0", "vot": "P0.Cp" }),
            Value::Null,
        ),
    ] {
        let (status, body) = trial.exchange(&id_token(&with(claims, &changes)), &[]).await;
        if scopes.is_null() {
            assert_eq!((status, &body["error"]), (401, &json!("unauthorized_client")), "{changes}");
        } else {
            let token = trial.tokens.check(access(&body)).unwrap();
            assert_eq!(json!(token.scopes), scopes, "{changes}");
        }
    }
}

#[tokio::test]
async fn an_id_token_is_exchanged_by_the_client_that_it_was_made_for() {
    let trial = desk().await;
    let (status, body) = trial.exchange(&id_token(&worker(&trial, WEB)), &[]).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
    let info = trial.get_as("/userinfo", &format!("Bearer {}", access(&body))).await;
    assert_eq!(info.status, 400, "user info is for who was signed in here");
    let (status, _) = trial.refresh(refresh(&body), &[]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn tokens_are_refreshed_until_the_window_from_the_sign_in_ends() {
    let trial = desk().await;
    let mut body = trial.tokens().await;
    let session = body["sid"].clone();
    for (count, at_s) in [(1, 600), (2, 20_000), (3, 43_198)] {
        trial.clock.advance_ms((at_s - (trial.now_s() - 1_700_000_000)) * 1000);
        let (status, next) = trial.refresh(refresh(&body), &[]).await;
        assert_eq!(status, 200, "{next}");
        assert_eq!(next["refresh_count"], count.to_string());
        assert_eq!(next["refresh_token_expires_in"], 43_199 - at_s);
        assert_eq!(next["sid"], session);
        assert!(trial.tokens.admit(access(&next), ROWS).is_ok());
        body = next;
    }
    trial.clock.advance_ms(1000);
    let (status, over) = trial.refresh(refresh(&body), &[]).await;
    assert_eq!((status, &over["error"]), (401, &json!("invalid_grant")));
    assert_eq!(over["error_description"], "refresh token refresh period has expired");
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_ends_the_session_also_over_a_restart() {
    let mut trial = desk().await;
    let first = trial.tokens().await;
    let (_, second) = trial.refresh(refresh(&first), &[]).await;
    assert!(trial.tokens.check(access(&second)).is_ok());
    trial.restart();
    let (status, again) = trial.refresh(refresh(&first), &[]).await;
    assert_eq!((status, &again["error"]), (401, &json!("invalid_grant")));
    assert_eq!(again["error_description"], "refresh_token is invalid");
    for body in [&first, &second] {
        assert_eq!(trial.tokens.check(access(body)), Err(Refusal::Invalid));
    }
    assert_eq!(trial.refresh(refresh(&second), &[]).await.0, 401, "nor does the good one count");
    let known = security::Revoked::load(&trial.store).unwrap();
    assert!(known.holds(first["sid"].as_str().unwrap()), "it is on disk");
}

#[tokio::test]
async fn a_code_that_comes_again_ends_the_session() {
    let trial = desk().await;
    let code = trial.code(WEB, false).await;
    let (_, body) = trial.redeem(&code, &[]).await;
    assert!(trial.tokens.check(access(&body)).is_ok());
    let (status, again) = trial.redeem(&code, &[]).await;
    assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")));
    assert_eq!(trial.tokens.check(access(&body)), Err(Refusal::Invalid));
}

#[tokio::test]
async fn whoever_signs_out_takes_back_what_came_of_the_sign_in() {
    let trial = desk().await;
    let unknown = log_out(&trial, &logout_token(&trial, &json!({}))).await;
    assert_eq!(unknown, 501, "nobody signed in by that session yet");
    let one = trial.tokens().await;
    let (_, other) = trial.exchange(&id_token(&worker(&trial, WEB)), &[]).await;
    let elsewhere = with(worker(&trial, WEB), &json!({ "sid": "sid-9" }));
    let (_, stays) = trial.exchange(&id_token(&elsewhere), &[]).await;
    for (what, changes) in [
        ("a nonce", json!({ "nonce": "n" })),
        ("no sid", json!({ "sid": null })),
        ("no events", json!({ "events": null })),
        ("another event", json!({ "events": { "http://example/other": {} } })),
        ("no iat", json!({ "iat": null })),
        ("another audience", json!({ "aud": WEB })),
        ("another issuer", json!({ "iss": PATIENTS })),
        ("expired", json!({ "exp": 1 })),
    ] {
        assert_eq!(log_out(&trial, &logout_token(&trial, &changes)).await, 400, "{what}");
    }
    let passed_off = id_token(&worker(&trial, EXCHANGE));
    assert_eq!(log_out(&trial, &passed_off).await, 400, "an ID token");
    assert!(trial.tokens.check(access(&one)).is_ok());
    assert_eq!(log_out(&trial, &logout_token(&trial, &json!({}))).await, 200);
    for body in [&one, &other] {
        assert_eq!(trial.tokens.check(access(body)), Err(Refusal::Invalid));
        assert_eq!(trial.refresh(refresh(body), &[]).await.0, 401);
    }
    assert!(trial.tokens.check(access(&stays)).is_ok());
    let (status, body) = trial.exchange(&id_token(&worker(&trial, WEB)), &[]).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_grant")), "the session is over");
}

#[tokio::test]
async fn clients_show_who_they_are_in_any_of_three_ways() {
    let trial = desk().await;
    let assertion = super::trial::platform(&trial.claims(WEB));
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let by_assertion = [
        ("client_id", ""),
        ("client_secret", ""),
        ("client_assertion_type", kind),
        ("client_assertion", assertion.as_str()),
    ];
    let code = trial.code(WEB, false).await;
    assert_eq!(trial.redeem(&code, &by_assertion).await.0, 200);
    let code = trial.code(WEB, false).await;
    let (status, body) = trial.redeem(&code, &by_assertion).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")), "used before");
    let (status, _) = trial.redeem(&code, &[("client_secret", SECRET)]).await;
    assert_eq!(status, 200, "the code is still good");
    let other = trial.code(OTHER, false).await;
    assert_eq!(trial.redeem(&other, &[("client_id", OTHER)]).await.0, 200);
}
