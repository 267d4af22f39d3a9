//! What differs by how the caller was let in.

use security::Mode;
use serde_json::Value;

use super::nation::{Changes, Nation, numbers, patient, put};
use crate::search_patient::find::RECORDS_MAX;

const TWINS: &str = "family=Twin&birthdate=1980-05-05";

async fn twins() -> Nation {
    let twin = |id: &str, given: &str| patient(id, &[given], "Twin", "female", "1980-05-05");
    Nation::of(vec![
        twin("9000000013", "Amy"),
        twin("9000000014", "Zoe"),
        patient("9000000003", &["Janet"], "Smythe", "female", "1980-05-05").class("R"),
    ])
    .await
}

async fn found(nation: &Nation, mode: Mode, query: &str) -> Vec<String> {
    let reply = nation.ask(mode, query).await.unwrap();
    assert_eq!(reply.status, 200);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    numbers(&body)
}

#[tokio::test]
async fn an_application_finds_one_patient_or_too_many() {
    let nation = twins().await;
    for mode in [Mode::Application, Mode::PrivilegedApplication] {
        assert_eq!(found(&nation, mode, TWINS).await, ["too many"]);
        assert_eq!(found(&nation, mode, &format!("{TWINS}&given=Zoe")).await, ["0014"]);
        let fault = nation.ask(mode, &format!("{TWINS}&_max-results=2")).await.err().unwrap();
        assert_eq!(fault.code(), "ONE_RESULT_ONLY");
    }
}

#[tokio::test]
async fn a_worker_says_how_many_are_too_many() {
    let nation = twins().await;
    assert_eq!(nation.found(&format!("{TWINS}&_max-results=1")).await, ["too many"]);
    assert_eq!(nation.found(&format!("{TWINS}&_max-results=2")).await, ["0013", "0014"]);
    let one = format!("{TWINS}&given=Amy&_max-results=1");
    assert_eq!(nation.found(&one).await, ["0013"]);
}

#[tokio::test]
async fn a_privileged_application_may_ask_where_a_restricted_patient_is() {
    let nation = twins().await;
    let whole = "family=Smythe&birthdate=1980-05-05&address-postalcode=LS1 6AE";
    let wrong = "family=Smythe&birthdate=1980-05-05&phone=0";
    assert_eq!(found(&nation, Mode::PrivilegedApplication, whole).await, ["0003"]);
    assert!(found(&nation, Mode::PrivilegedApplication, wrong).await.is_empty());
    assert!(found(&nation, Mode::Application, whole).await.is_empty());
    assert_eq!(found(&nation, Mode::Application, wrong).await, ["0003"]);
}

#[tokio::test]
async fn a_search_reads_so_many_records_and_no_more() {
    let nation = Nation::of(Vec::new()).await;
    let smiths = |count: usize| {
        let ids = (0..count).map(|number| format!("{number:010}"));
        ids.map(|id| put(&patient(&id, &["Sam"], "Smith", "male", "1980-05-05"))).collect()
    };
    nation.house.store.resources().load(smiths(RECORDS_MAX)).unwrap();
    let query = "family=Smith&birthdate=1980-05-05&phone=0";
    assert!(nation.found(query).await.is_empty());
    let one_more = put(&patient("9000000009", &["Jo"], "Smith", "male", "1980-05-05"));
    nation.house.store.resources().load(vec![one_more]).unwrap();
    assert_eq!(nation.found(query).await, ["too many"]);
    assert!(nation.found(&format!("{query}&given=Jo")).await.is_empty());
}
