//! What is counted at the door of the real binary: calls of mailboxes, quotas of days, and
//! credentials that fail.

use std::fs;

use base::{Clock, Dice};
use hmac::{Hmac, KeyInit, Mac};
use jiff::tz::TimeZone;
use sha2::Sha256;
use tempfile::TempDir;
use testkit::{Answer, Exchange};

use crate::{BINARY, PDS};

const API_KEY: &str = "an-api-key-of-a-good-length";

/// A file in a folder, by its path.
fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A directory with a mailbox and a client that have rates of their own.
fn directory(folder: &TempDir) -> String {
    let text = format!(
        r#"
[[organisation]]
ods = "Y99999"
name = "Hill Road"
kind = "gp-practice"

[[system]]
asid = "200000000001"
organisation = "Y99999"
name = "Hill Road"

[[client]]
id = "hill-road"
name = "Hill Road"
system = "200000000001"
access = ["application"]
api_key = "{API_KEY}"
ratelimiting.pds.quota = {{ limit = 3, timeunit = "day" }}

[[mailbox]]
id = "Y99999HC001"
organisation = "Y99999"
password = "a password"
shared_key = "a key"
ratelimiting.mesh.quota = {{ limit = 2, timeunit = "hour" }}
"#
    );
    file(folder, "directory.toml", &text)
}

/// What a mailbox is told about its inbox when it proves itself with a password.
fn inbox(exchange: &Exchange, password: &str) -> Answer {
    let now = Clock::System.now().to_zoned(TimeZone::UTC);
    let (nonce, time) = (Dice::System.uuid(), now.strftime("%Y%m%d%H%M").to_string());
    let mut mac = Hmac::<Sha256>::new_from_slice(b"a key").unwrap();
    mac.update(format!("Y99999HC001:{nonce}:1:{password}:{time}").as_bytes());
    let hash = base::hex(&mac.finalize().into_bytes());
    let token = format!("NHSMESH Y99999HC001:{nonce}:1:{time}:{hash}");
    let path = "/messageexchange/Y99999HC001/inbox";
    exchange.client().send("GET", path, &[("authorization", &token)], "").unwrap()
}

fn status(exchange: &Exchange, headers: &[(&str, &str)]) -> Answer {
    exchange.client().send("GET", &format!("{PDS}/_status"), headers, "").unwrap()
}

/// What is answered to an API key that is nobody's, from behind a proxy.
fn guess(exchange: &Exchange, from: &str) -> Answer {
    status(exchange, &[("apikey", "a-guess"), ("x-forwarded-for", from)])
}

#[test]
fn quotas_of_mailboxes_and_of_days_are_kept_also_over_a_restart() {
    let folder = TempDir::new().unwrap();
    let mut exchange = Exchange::start(BINARY, &["--apply", &directory(&folder)]);
    let first = inbox(&exchange, "a password");
    assert_eq!((first.status, first.header("ratelimit-remaining")), (200, Some("1")));
    let key = [("apikey", API_KEY)];
    let asked = status(&exchange, &key);
    assert_eq!((asked.status, asked.header("ratelimit-remaining")), (200, Some("2")));
    assert!(exchange.stop());
    exchange.resume();
    assert_eq!(inbox(&exchange, "a password").header("ratelimit-remaining"), Some("0"));
    let excess = inbox(&exchange, "a password");
    assert_eq!((excess.status, excess.header("ratelimit-limit")), (429, Some("2")));
    assert_eq!(excess.header("retry-after"), excess.header("ratelimit-reset"));
    let said = excess.json()["errorDescription"].as_str().unwrap().to_owned();
    assert!(said.contains("2 requests in 3600 seconds"), "{said}");
    for remaining in ["1", "0"] {
        assert_eq!(status(&exchange, &key).header("ratelimit-remaining"), Some(remaining));
    }
    assert_eq!(status(&exchange, &key).status, 429);
    assert!(exchange.stop());
    exchange.check();
}

#[test]
fn credentials_that_fail_slow_down_the_address_that_a_trusted_proxy_names() {
    let folder = TempDir::new().unwrap();
    let config = "failures_a_minute = 3\ntrusted_proxies = [\"127.0.0.1\"]\n";
    let config = file(&folder, "config.toml", config);
    let exchange = Exchange::start(BINARY, &["--apply", &directory(&folder), "--config", &config]);
    // What the caller itself writes stands before what the proxy adds.
    let from = |n: u32| format!("10.0.0.{n}, 192.0.2.1");
    let heard: Vec<u16> = (0..5).map(|n| guess(&exchange, &from(n)).status).collect();
    assert_eq!(heard, [401, 401, 401, 429, 429]);
    let slowed = guess(&exchange, "192.0.2.1");
    let wait_s: u32 = slowed.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait_s), "{wait_s}");
    assert_eq!(slowed.code(), "TOO_MANY_REQUESTS", "{}", slowed.text);
    assert_eq!(guess(&exchange, "192.0.2.2").status, 401, "another address");
    let good = [("apikey", API_KEY), ("x-forwarded-for", "192.0.2.1")];
    assert_eq!(status(&exchange, &good).status, 200, "what is good is let in");
}

#[test]
fn nobody_believes_a_caller_about_its_address() {
    let folder = TempDir::new().unwrap();
    let config = file(&folder, "config.toml", "failures_a_minute = 3\n");
    let exchange = Exchange::start(BINARY, &["--apply", &directory(&folder), "--config", &config]);
    let from = |n: u32| format!("192.0.2.{n}");
    let heard: Vec<u16> = (0..5).map(|n| guess(&exchange, &from(n)).status).collect();
    assert_eq!(heard, [401, 401, 401, 429, 429]);
    let heard = inbox(&exchange, "another");
    assert_eq!(heard.status, 429, "all that fails of one address is one: {}", heard.text);
    assert_eq!(inbox(&exchange, "a password").status, 200);
}
