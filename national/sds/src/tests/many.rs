//! What changes counts at once, and a nation of any size is asked as quickly.

use std::time::{Duration, Instant};

use nhs::url::{ASID, CPA_ID, ODS_CODE, PARTY_KEY, SERVICE_INTERACTION};
use serde_json::json;
use store::directory::Record;

use super::trial::{OTHER, REQUEST, Trial, pair, record, system};

fn party(number: u64) -> Record {
    let key = format!("Z{number:05}-{number:06}");
    let body = json!({
        "key": key,
        "organisation": format!("Z{number:05}"),
        "address": "https://msh.example/in",
        "contract": [{ "cpa": format!("C{number}"), "pattern": "async-reliable",
            "interactions": [OTHER] }],
    });
    record("party", &key, &body)
}

fn systems_of(organisation: &str) -> String {
    let organisation = pair("organization", ODS_CODE, organisation);
    format!("/Device?{organisation}&{}", pair("identifier", SERVICE_INTERACTION, OTHER))
}

fn endpoints_of(organisation: &str) -> String {
    let organisation = pair("organization", ODS_CODE, organisation);
    format!("/Endpoint?{organisation}&{}", pair("identifier", SERVICE_INTERACTION, OTHER))
}

#[tokio::test]
async fn what_changes_in_the_directory_is_found_at_once() {
    let trial = Trial::new().await;
    assert!(trial.ask(&endpoints_of("Z00001")).await.found().is_empty());
    trial.write([party(1), system("300000000001", "Z00001", None, &[])]).await;
    assert_eq!(trial.ask(&endpoints_of("Z00001")).await.identifiers(CPA_ID), ["C1"]);
    assert_eq!(trial.ask(&systems_of("Z00001")).await.identifiers(ASID), ["300000000001"]);
    let mut other = party(1);
    other.body = other.body.map(|body| body.replace("\"C1\"", "\"C2\""));
    trial.write([other]).await;
    assert_eq!(trial.ask(&endpoints_of("Z00001")).await.identifiers(CPA_ID), ["C2"]);
    trial.write([Record { body: None, ..party(1) }]).await;
    assert!(trial.ask(&endpoints_of("Z00001")).await.found().is_empty());
    let damaged = Record { body: Some("{}".into()), ..party(1) };
    trial.write([damaged]).await;
    assert_eq!(trial.ask(&endpoints_of("Z00001")).await.status, 500);
    trial.write([party(1)]).await;
    assert_eq!(trial.ask(&endpoints_of("Z00001")).await.identifiers(CPA_ID), ["C1"]);
}

#[tokio::test]
async fn an_endpoint_is_found_by_any_two_of_three_in_upper_or_lower_case() {
    let trial = Trial::new().await;
    let key = |key: &str| pair("identifier", PARTY_KEY, key);
    let code = |code: &str| pair("organization", ODS_CODE, code);
    let interaction = pair("identifier", SERVICE_INTERACTION, REQUEST);
    let cases: [(String, &[&str]); 5] = [
        (format!("{}&{interaction}", key("b86041-822103")), &["P001"]),
        (format!("{}&{interaction}", code("B86041")), &["P001"]),
        (format!("{}&{}", code("b86041"), key("B86041-822103")), &["P001", "P002", "P003"]),
        (format!("{}&{}", code("X26"), key("B86041-822103")), &[]),
        (format!("{}&{interaction}", code("C86041")), &[]),
    ];
    for (asked, due) in cases {
        let heard = trial.ask(&format!("/Endpoint?{asked}")).await;
        assert_eq!(heard.identifiers(CPA_ID), due, "{asked}");
    }
}

/// How long a look-up takes, the fastest of some.
async fn fastest(trial: &Trial, target: &str) -> Duration {
    let mut fastest = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        assert_eq!(trial.ask(target).await.found().len(), 1, "{target}");
        fastest = fastest.min(start.elapsed());
    }
    fastest
}

/// Run with `cargo test -p sds -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "it measures, and finds no fault"]
async fn look_ups_in_a_small_and_a_large_nation() {
    for parties in [10, 50_000] {
        let trial = Trial::new().await;
        let numbers: Vec<u64> = (1..=parties).collect();
        for some in numbers.chunks(1_000) {
            let asid = |number: &u64| format!("3000{number:08}");
            let system = |number| system(&asid(number), &format!("Z{number:05}"), None, &[OTHER]);
            trial
                .write(some.iter().map(|number| party(*number)).chain(some.iter().map(system)))
                .await;
        }
        let start = Instant::now();
        trial.ask(&endpoints_of("Z00007")).await;
        let first = start.elapsed();
        let endpoint = fastest(&trial, &endpoints_of("Z00007")).await;
        let device = fastest(&trial, &systems_of("Z00007")).await;
        println!(
            "{parties} parties: first {first:?}, then Endpoint {endpoint:?}, Device {device:?}"
        );
    }
}
