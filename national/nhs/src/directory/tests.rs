use super::*;

fn contract() -> Contract {
    let text = r#"{"cpa": "S1", "pattern": "forward-reliable",
        "interactions": ["urn:nhs:names:services:gp2gp:RCMR_IN010000UK05"]}"#;
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_a_contract_does_not_say_is_as_usual() {
    let contract = contract();
    assert_eq!((contract.retries, contract.retry_interval_s()), (2, Some(60)));
    assert_eq!(contract.persist_duration_s(), Some(300));
}

#[test]
fn a_duration_that_is_none_has_no_seconds() {
    for text in ["", "5", "PT", "PT0S", "-PT5M", "PT99999999H"] {
        let contract = Contract { retry_interval: text.to_owned(), ..contract() };
        assert_eq!(contract.retry_interval_s(), None, "{text}");
    }
}

#[test]
fn the_contract_is_found_by_service_and_interaction() {
    let party = Party { contract: vec![contract()], ..Party::default() };
    assert!(party.contract_for("urn:nhs:names:services:gp2gp:RCMR_IN010000UK05").is_some());
    assert!(party.contract_for("urn:nhs:names:services:gp2gp:RCMR_IN030000UK06").is_none());
}

#[test]
fn the_host_is_that_of_the_address_unless_something_else_is_said() {
    let at = |address: &str| Party { address: address.to_owned(), ..Party::default() };
    assert_eq!(at("https://mhs.example.org:8443/in").host(), "mhs.example.org");
    assert_eq!(at("").host(), "");
    let named = Party { fqdn: "mhs.hospital.example".to_owned(), ..at("http://127.0.0.1:1/") };
    assert_eq!(named.host(), "mhs.hospital.example");
}

#[test]
fn the_patterns_ask_for_what_the_table_says() {
    use Pattern::{AsyncExpress, AsyncReliable, ForwardExpress, ForwardReliable};
    let table = [
        (AsyncExpress, false, true, false),
        (AsyncReliable, true, true, false),
        (ForwardReliable, true, false, true),
        (ForwardExpress, false, false, true),
    ];
    for (pattern, reliable, answered, forward) in table {
        assert_eq!(pattern.eliminates_duplicates(), reliable);
        assert_eq!(pattern.actor().is_some(), reliable);
        assert_eq!(pattern.signals_in_the_answer(), answered);
        assert_eq!(pattern.is_forward(), forward);
    }
}
