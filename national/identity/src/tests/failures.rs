//! Clients that fail to prove themselves, again and again.

use std::sync::Arc;

use http::StatusCode;
use security::{Failures, Gate, Tokens};
use serde_json::{Value, json};
use service::Reply;

use super::desk::{BACK, SECRET, WEB, desk};
use super::trial::{APP, NEXT_KEY, Trial, form, platform};

const HERE: &str = "192.0.2.1";
const ELSEWHERE: &str = "192.0.2.2";
/// How many failures an address may have in a minute.
const TAKEN: u32 = 6;

fn gate(trial: &Trial) -> Gate {
    let failures = Failures::new(trial.clock.clone(), TAKEN);
    Gate::closed(Tokens::default()).with_failures(Some(Arc::new(failures)))
}

fn told(reply: &Reply) -> (u16, Value) {
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
}

/// An assertion that somebody else signed.
fn forged(trial: &Trial) -> String {
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": "one" });
    let signed = NEXT_KEY.sign(NEXT_KEY.algorithm(), &header, &trial.claims(APP));
    form(&signed.unwrap())
}

#[tokio::test]
async fn who_fails_too_often_is_slowed_down_whatever_fails() {
    let trial = desk().await;
    let web = format!("client_id={WEB}&client_secret={SECRET}");
    let guess = format!("client_id={WEB}&client_secret=guess");
    let code = format!("grant_type=authorization_code&redirect_uri={BACK}");
    for (what, body, status) in [
        ("an assertion", forged(&trial), 401),
        ("no assertion at all", form("x.y.z"), 400),
        ("a secret", format!("{code}&code=x&{guess}"), 401),
        ("a secret of nobody", format!("{code}&code=x&client_id=nobody&client_secret=x"), 401),
        ("a code", format!("{code}&code=guess&{web}"), 400),
        ("a refresh token", format!("grant_type=refresh_token&refresh_token=x&{web}"), 401),
    ] {
        let gate = gate(&trial);
        for _ in 0..TAKEN {
            let reply = trial.post_from(HERE, &gate, &body).await;
            assert_eq!(reply.status.as_u16(), status, "{what}: {:?}", told(&reply));
        }
        let reply = trial.post_from(HERE, &gate, &body).await;
        assert_eq!(reply.headers.get("retry-after").unwrap(), "10", "{what}");
        let (status, said) = told(&reply);
        assert_eq!((status, said["error"].as_str()), (429, Some("temporarily_unavailable")));
        assert_eq!(
            said["error_description"],
            "Too many credentials from this address, or of this name, were refused"
        );
        let other = trial.post_from(ELSEWHERE, &gate, &body).await;
        assert_ne!(other.status, StatusCode::TOO_MANY_REQUESTS, "{what}: another address");
        // Many share an address: what is good is let in, whoever failed there.
        let good = trial.post_from(HERE, &gate, &form(&trial.good())).await;
        assert_eq!(good.status, StatusCode::OK, "{what}: {:?}", told(&good));
        trial.clock.advance_ms(10_000);
        let reply = trial.post_from(HERE, &gate, &body).await;
        assert_ne!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{what}: after a while");
    }
}

#[tokio::test]
async fn many_addresses_that_fail_for_one_client_are_slowed_down_and_the_client_is_not() {
    let trial = desk().await;
    let gate = gate(&trial);
    let mut slowed = 0;
    for host in 0..100 {
        let address = format!("198.51.100.{host}");
        let reply = trial.post_from(&address, &gate, &forged(&trial)).await;
        slowed += u32::from(reply.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(slowed, 100 - TAKEN * base::limit::FAILURES_FOR_ONE_TIMES);
    let good = trial.post_from(ELSEWHERE, &gate, &form(&platform(&trial.claims(APP)))).await;
    assert_eq!(good.status, StatusCode::OK);
}

#[tokio::test]
async fn mistakes_that_are_no_credentials_do_not_count() {
    let trial = desk().await;
    let gate = gate(&trial);
    for _ in 0..3 * TAKEN {
        let reply = trial.post_from(HERE, &gate, "grant_type=password").await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    }
}
