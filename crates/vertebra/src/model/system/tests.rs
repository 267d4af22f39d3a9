use base::{Clock, Dice};

use super::*;

const FILE: &str = r#"
[[organisation]]
ods = "Y99999"
name = "Hill Road Surgery"
kind = "gp-practice"

[[party]]
key = "Y99999-000001"
organisation = "y99999"
address = "http://127.0.0.1:9/mhs"
private = true

[[party.contract]]
cpa = "S0000001A0000001"
pattern = "forward-reliable"
interactions = ["urn:nhs:names:services:gp2gp:RCMR_IN010000UK05"]
retry_interval = "PT2S"
"#;

fn mistakes(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    File::parse(text).unwrap().compare(&store).unwrap_err()
}

#[test]
fn a_party_is_an_endpoint_of_the_broker() {
    let file = File::parse(FILE).unwrap();
    let records = file.records();
    let of = |kind: &str| records.iter().find(|record| record.kind == kind).unwrap();
    let party = Party::read(of(PARTY).body.as_deref().unwrap()).unwrap();
    assert_eq!(party.contract[0].retry_interval_s(), Some(2));
    let endpoint: Endpoint = serde_json::from_str(of(ENDPOINT).body.as_deref().unwrap()).unwrap();
    assert_eq!((endpoint.name.as_str(), endpoint.wire.as_str()), ("Y99999-000001", "ebxml"));
    assert_eq!(endpoint.organisation, "Y99999");
    assert!(endpoint.private && endpoint.acknowledges);
}

#[test]
fn the_exchange_itself_is_an_endpoint_where_it_takes_something() {
    let text = FILE.replace("address = \"http://127.0.0.1:9/mhs\"\nprivate = true\n", "");
    let records = File::parse(&text).unwrap().records();
    assert!(records.iter().any(|record| record.kind == PARTY));
    let endpoint = records.iter().find(|record| record.kind == ENDPOINT).unwrap();
    let endpoint: Endpoint = serde_json::from_str(endpoint.body.as_deref().unwrap()).unwrap();
    assert!(endpoint.url.is_empty() && !endpoint.acknowledges);
    let (text, _) = text.split_once("[[party.contract]]").unwrap();
    let records = File::parse(text).unwrap().records();
    assert!(records.iter().any(|record| record.kind == PARTY));
    assert!(!records.iter().any(|record| record.kind == ENDPOINT));
}

#[test]
fn what_is_wrong_with_a_party_is_named() {
    let wrong = mistakes(
        &FILE
            .replace("Y99999-000001", "Y99999#1")
            .replace("\"y99999\"", "\"NOBODY\"")
            .replace("private = true", "private = false")
            .replace("PT2S", "two seconds")
            .replace("\"urn:nhs:names:services:gp2gp:RCMR_IN010000UK05\"", "\"extract\""),
    );
    for expected in [
        "a key is 1 to 64 letters",
        "there is no organisation NOBODY",
        "not https",
        "<service>:<interaction>",
        "PT1M",
    ] {
        assert!(wrong.contains(expected), "{expected}: {wrong}");
    }
}

#[tokio::test]
async fn only_one_party_is_the_exchange_itself() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let own = FILE.replace("address = \"http://127.0.0.1:9/mhs\"\nprivate = true\n", "");
    let second = own.replace("Y99999-000001", "A00001-000001");
    let both = format!("{own}\n[[party]]\nkey = \"A00001-000002\"\norganisation = \"Y99999\"\n");
    let wrong = mistakes(&both);
    assert!(wrong.contains("party A00001-000002: has no address"), "{wrong}");
    let records = File::parse(&own).unwrap().records();
    let one = records.into_iter().fold(store::Transaction::new(), store::Transaction::record);
    store.commit(one).await.unwrap();
    File::parse(&own).unwrap().compare(&store).unwrap();
    let wrong = File::parse(&second).unwrap().compare(&store).unwrap_err();
    assert!(wrong.contains("the exchange itself is Y99999-000001"), "{wrong}");
}
