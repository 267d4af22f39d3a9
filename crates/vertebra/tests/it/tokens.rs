//! Access tokens over the wire: keys that are registered, rates that are kept, restarts.

use std::fs;

use base::Dice;
use security::signing::PrivateKey;
use serde_json::json;
use testkit::{Answer, Client, Exchange};

use crate::{BINARY, PDS};

const SCOPE: &str = "urn:nhsd:apim:app:level3:personal-demographics-service";
const API_KEY: &str = "an-api-key-of-a-good-length";

/// A directory with one client that may make three calls a minute, and its key.
fn directory() -> (PrivateKey, String) {
    let key = PrivateKey::rsa_2048().unwrap();
    let jwks = json!({ "keys": [key.jwk("one")] });
    let text = format!(
        "[[organisation]]\nods = \"Y99999\"\nname = \"Hill Road\"\nkind = \"gp-practice\"\n\
         [[system]]\nasid = \"200000000001\"\norganisation = \"Y99999\"\nname = \"Hill Road\"\n\
         [[client]]\nid = \"hill-road\"\nname = \"Hill Road\"\nsystem = \"200000000001\"\n\
         access = [\"application\"]\nscopes = [\"{SCOPE}\"]\napi_key = \"{API_KEY}\"\n\
         jwks = '{jwks}'\nratelimiting.pds.quota.limit = 3\n"
    );
    (key, text)
}

fn assertion(origin: &str, key: &PrivateKey) -> String {
    let now_s = base::Clock::System.now().as_second();
    let claims = json!({
        "iss": "hill-road", "sub": "hill-road", "exp": now_s + 200,
        "aud": format!("{origin}/oauth2/token"), "jti": Dice::System.uuid(),
    });
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": "one" });
    key.sign(key.algorithm(), &header, &claims).unwrap()
}

fn ask(exchange: &Exchange, assertion: &str) -> Answer {
    let form = format!(
        "grant_type=client_credentials&client_assertion={assertion}&client_assertion_type=\
         urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    exchange.client().send("POST", "/oauth2/token", &headers, &form).unwrap()
}

fn with_token(exchange: &Exchange, answer: &Answer) -> Client {
    assert_eq!(answer.status, 200, "{}", answer.text);
    exchange.client().with_token(answer.json()["access_token"].as_str().unwrap())
}

#[test]
fn a_registered_client_gets_tokens_that_outlive_a_restart_and_calls_within_its_rates() {
    let (key, text) = directory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.toml");
    fs::write(&file, text).unwrap();
    let mut exchange = Exchange::start(BINARY, &["--apply", file.to_str().unwrap()]);
    let first = ask(&exchange, &assertion(exchange.url(), &key));
    let token = first.json()["access_token"].clone();
    let path = format!("{PDS}/Patient/9000000009");
    let with_token = with_token(&exchange, &first);
    for remaining in ["2", "1", "0"] {
        let answer = with_token.get(&path).unwrap();
        assert_eq!(answer.status, 404, "{}", answer.text);
        assert_eq!(answer.header("ratelimit-limit"), Some("3"));
        assert_eq!(answer.header("ratelimit-remaining"), Some(remaining));
    }
    let answer = with_token.get(&path).unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (429, "TOO_MANY_REQUESTS"));
    let reset = answer.header("ratelimit-reset").unwrap();
    assert_eq!(answer.header("retry-after"), Some(reset));
    assert_eq!(answer.header("ratelimit-remaining"), Some("0"));

    let (key_known, nobody) = ([("apikey", API_KEY)], [("apikey", "another")]);
    let status = format!("{PDS}/_status");
    let keyed = |headers: &[(&str, &str)]| {
        exchange.client().send("GET", &status, headers, "").unwrap().status
    };
    assert_eq!((keyed(&key_known), keyed(&nobody)), (429, 401), "the quota is the client's");

    assert!(exchange.stop());
    exchange.resume();
    let again = exchange.client().with_token(token.as_str().unwrap());
    assert_eq!(again.get(&path).unwrap().status, 404, "the token is still good");
    let keys = exchange.data().join("keys/access-tokens.toml");
    assert!(exchange.stop());
    fs::remove_file(keys).unwrap();
    exchange.resume();
    let lost = exchange.client().with_token(token.as_str().unwrap());
    assert_eq!(lost.get(&path).unwrap().status, 401, "nobody knows it without its key");
    exchange.stop();
    exchange.check();
}

#[test]
fn an_assertion_that_was_used_before_a_crash_is_not_good_after_it() {
    let (key, text) = directory();
    let folder = tempfile::tempdir().unwrap();
    let (file, config) = (folder.path().join("directory.toml"), folder.path().join("config.toml"));
    fs::write(&file, text).unwrap();
    // The address changes with every start; the one that assertions are for does not.
    fs::write(&config, "public_url = \"https://exchange.example\"\n").unwrap();
    let [file, config] = [file, config].map(|path| path.to_str().unwrap().to_owned());
    let mut exchange = Exchange::start(BINARY, &["--apply", &file, "--config", &config]);
    let signed = assertion("https://exchange.example", &key);
    assert_eq!(ask(&exchange, &signed).status, 200);
    exchange.kill();
    exchange.resume();
    let answer = ask(&exchange, &signed);
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert_eq!(answer.json()["error_description"], "the jti of the JWT was used before");
    assert_eq!(ask(&exchange, &assertion("https://exchange.example", &key)).status, 200);
    let elsewhere = ask(&exchange, &assertion("https://elsewhere.example", &key));
    assert_eq!(elsewhere.status, 401);
}

/// Secrets are nowhere in the data folder as they are, but in the files that are for them.
#[test]
fn no_api_key_is_kept_as_it_is() {
    let (_, text) = directory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.toml");
    fs::write(&file, text).unwrap();
    let mut exchange = Exchange::start(BINARY, &["--apply", file.to_str().unwrap()]);
    assert!(exchange.stop());
    for entry in fs::read_dir(exchange.data()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            let found = bytes.windows(API_KEY.len()).any(|window| window == API_KEY.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }
}
