//! People sign in at the demonstration's own services, and what came of it outlives a restart.

use serde_json::Value;
use testkit::{Answer, Exchange};

use crate::{BINARY, PDS};

const BACK: &str = "http://127.0.0.1:8610/callback";

/// What stands between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or(text, |(it, _)| it)
}

fn named<'a>(rows: &'a Value, name: &str, value: &str) -> &'a Value {
    rows.as_array().unwrap().iter().find(|row| row[name] == value).unwrap()
}

fn post(exchange: &Exchange, path: &str, cookie: &str, form: &str) -> Answer {
    let form_type = ("content-type", "application/x-www-form-urlencoded");
    let headers = [form_type, ("cookie", cookie)];
    exchange.client().staying().send("POST", path, &headers, form).unwrap()
}

/// The answer to a client whose person signed in.
fn tokens(exchange: &Exchange, client: &str, person: &str, scope: &str) -> Answer {
    let credentials = exchange.credentials();
    let secret = named(&credentials["users"], "sign_in", person)["secret"].as_str().unwrap();
    let asked = format!(
        "/oauth2/authorize?response_type=code&client_id={client}&redirect_uri={BACK}&state=s\
         &scope={scope}"
    );
    let browser = exchange.client().staying();
    let sent = browser.get(&asked).unwrap();
    let place = sent.header("location").unwrap().strip_prefix(exchange.url()).unwrap().to_owned();
    let page = browser.get(&place).unwrap();
    assert_eq!(page.status, 200, "{}", page.text);
    let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let sealed = between(&page.text, "name=\"request\" value=\"", "\"");
    let form = format!("request={sealed}&sign_in={person}&secret={secret}");
    let sent = post(exchange, place.split('?').next().unwrap(), &cookie, &form);
    assert_eq!(sent.status, 303, "{}", sent.text);
    let place = sent.header("location").unwrap().strip_prefix(exchange.url()).unwrap();
    let back = browser.get(place).unwrap();
    let back = back.header("location").unwrap().to_owned();
    assert!(back.starts_with(BACK), "{back}");
    let (code, row) =
        (between(&back, "code=", "&"), named(&credentials["clients"], "name", client));
    let secret = row["client_secret"].as_str().unwrap();
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={BACK}&client_id={client}\
         &client_secret={secret}"
    );
    post(exchange, "/oauth2/token", "", &form)
}

fn refresh(exchange: &Exchange, client: &str, token: &Value) -> Answer {
    let credentials = exchange.credentials();
    let row = named(&credentials["clients"], "name", client);
    let form = format!(
        "grant_type=refresh_token&refresh_token={}&client_id={client}&client_secret={}",
        token.as_str().unwrap(),
        row["client_secret"].as_str().unwrap()
    );
    post(exchange, "/oauth2/token", "", &form)
}

#[test]
fn what_came_of_a_sign_in_outlives_a_crash_and_so_does_its_end() {
    let mut exchange = Exchange::start(BINARY, &["--demo", "--people", "20"]);
    let answer = tokens(&exchange, "demo-patient", "jane.smith", "nhs-login");
    assert_eq!(answer.status, 200, "{}", answer.text);
    let first = answer.json();
    let read = |exchange: &Exchange, token: &Value, number: &str| {
        let client = exchange.client().with_token(token.as_str().unwrap());
        client.get(&format!("{PDS}/Patient/{number}")).unwrap().status
    };
    assert_eq!(read(&exchange, &first["access_token"], "9000000009"), 200);
    assert_eq!(read(&exchange, &first["access_token"], "9000000017"), 403);
    let second = refresh(&exchange, "demo-patient", &first["refresh_token"]);
    assert_eq!(second.status, 200, "{}", second.text);
    let second = second.json();
    exchange.kill();
    exchange.resume();
    assert_eq!(read(&exchange, &second["access_token"], "9000000009"), 200, "it is still good");
    let again = refresh(&exchange, "demo-patient", &first["refresh_token"]);
    assert_eq!(again.status, 401, "used before the crash: {}", again.text);
    exchange.kill();
    exchange.resume();
    assert_eq!(read(&exchange, &second["access_token"], "9000000009"), 401, "the end is kept");
    assert_eq!(refresh(&exchange, "demo-patient", &second["refresh_token"]).status, 401);
    let worker = tokens(&exchange, "demo-worker", "grace.bell", "");
    assert_eq!(worker.status, 200, "the issuer's key is the same: {}", worker.text);
}

#[test]
fn an_exchange_that_is_no_demonstration_signs_nobody_in_by_itself() {
    let exchange = Exchange::start(BINARY, &[]);
    let answer = exchange.client().get("/sign-in/staff/jwks").unwrap();
    assert_eq!(answer.status, 404, "{}", answer.text);
}
