//! What is found.

use nhs::url::{
    ASID, CPA_ID, MANUFACTURING_ORGANISATION, MHS_FQDN, MHS_ID, ODS_CODE, PARTY_KEY, RELIABILITY,
    SERVICE_INTERACTION, SERVICE_INTERACTION_ID,
};
use serde_json::{Value, json};

use super::trial::{ORIGIN, OTHER, REQUEST, TRACE, Trial, UPLOAD, pair};
use crate::BASE;

fn devices(organisation: &str, interaction: &str, more: &[String]) -> String {
    let mut parts = vec![
        pair("organization", ODS_CODE, organisation),
        pair("identifier", SERVICE_INTERACTION, interaction),
    ];
    parts.extend_from_slice(more);
    format!("/Device?{}", parts.join("&"))
}

/// The values of a setting or another extension, in order.
fn extensions<'a>(resource: &'a Value, url: &str) -> Vec<&'a Value> {
    let all = resource["extension"].as_array().unwrap();
    all.iter().filter(|it| it["url"] == url).collect()
}

#[tokio::test]
async fn systems_are_found_by_organisation_and_interaction() {
    let trial = Trial::new().await;
    let key = |key: &str| [pair("identifier", PARTY_KEY, key)];
    let maker = |code: &str| [pair("manufacturing-organization", ODS_CODE, code)];
    let (one, everything, named) = ("200000000001", "200000000002", "200000000003");
    let cases: [(String, &[&str]); 10] = [
        (devices("B86041", REQUEST, &[]), &[one, everything, named]),
        (devices("b86041", REQUEST, &[]), &[one, everything, named]),
        (devices("B86041", TRACE, &[]), &[everything, named]),
        (devices("B86041", "urn:nhs:names:services:x:Y", &[]), &[everything]),
        (devices("B86041", REQUEST, &key("B86041-822103")), &[one]),
        (devices("B86041", REQUEST, &key("b86041-822103")), &[one]),
        (devices("B86041", REQUEST, &key("B86041-0")), &[]),
        (devices("B86041", REQUEST, &maker("M1")), &[one, named]),
        (devices("B86041", REQUEST, &maker("M2")), &[]),
        (devices("NOBODY", REQUEST, &[]), &[]),
    ];
    for (target, found) in cases {
        let heard = trial.ask(&target).await;
        assert_eq!(heard.identifiers(ASID), found, "{target}");
    }
}

#[tokio::test]
async fn a_system_tells_what_it_is_accredited_for() {
    let trial = Trial::new().await;
    let heard = trial.ask(&devices("B86041", REQUEST, &[])).await;
    let found = heard.found();
    assert_eq!(found[0]["owner"]["identifier"], json!({ "system": ODS_CODE, "value": "B86041" }));
    assert_eq!(heard.identifiers(PARTY_KEY), ["B86041-822103", "B86041-999999"]);
    let accredited = |at: usize| -> Vec<&str> {
        let all = extensions(found[at], SERVICE_INTERACTION_ID).into_iter();
        all.map(|it| it["valueReference"]["identifier"]["value"].as_str().unwrap()).collect()
    };
    assert_eq!(accredited(0), ["pds:get-patient", REQUEST, OTHER, UPLOAD]);
    assert_eq!(accredited(1), [REQUEST], "accredited for everything: also for what is asked for");
    assert_eq!(accredited(2), [TRACE, REQUEST]);
    for (resource, makers) in found.iter().zip([1, 0, 1]) {
        assert_eq!(extensions(resource, MANUFACTURING_ORGANISATION).len(), makers);
    }
    let again = trial.ask(&devices("B86041", REQUEST, &[])).await;
    assert_eq!(again.found(), found, "ids are the same every time");
    assert_ne!(again.body["id"], heard.body["id"], "but for that of the search");
}

fn endpoints(organisation: &str, interaction: &str, key: &str) -> String {
    let parts = [
        ("organization", ODS_CODE, organisation),
        ("identifier", SERVICE_INTERACTION, interaction),
        ("identifier", PARTY_KEY, key),
    ];
    let given = parts.into_iter().filter(|(.., value)| !value.is_empty());
    let pairs: Vec<String> = given.map(|(name, system, value)| pair(name, system, value)).collect();
    format!("/Endpoint?{}", pairs.join("&"))
}

#[tokio::test]
async fn endpoints_are_found_by_any_two() {
    let trial = Trial::new().await;
    let cases: [(String, &[&str]); 9] = [
        (endpoints("B86041", REQUEST, ""), &["P001"]),
        (endpoints("", REQUEST, "B86041-822103"), &["P001"]),
        (endpoints("B86041", "", "B86041-822103"), &["P001", "P002", "P003"]),
        (endpoints("b86041", REQUEST, "b86041-822103"), &["P001"]),
        (endpoints("X26", REQUEST, ""), &["S004"]),
        (endpoints("X26", TRACE, "X26-001006"), &["S001"]),
        (endpoints("X26", REQUEST, "B86041-822103"), &[]),
        (endpoints("", REQUEST, "B86042-822104"), &[]),
        (endpoints("B86041", TRACE, ""), &[]),
    ];
    for (target, cpas) in cases {
        assert_eq!(trial.ask(&target).await.identifiers(CPA_ID), cpas, "{target}");
    }
}

#[tokio::test]
async fn what_is_forwarded_is_sent_to_the_exchange() {
    let trial = Trial::new().await;
    let own = "https://exchange.example:8601";
    for (organisation, interaction, address, host) in [
        ("B86041", REQUEST, "/reliablemessaging/intermediary", "msh.practice.example"),
        ("B86041", OTHER, "/reliablemessaging/intermediary", "msh.practice.example"),
        ("B86041", UPLOAD, "https://msh.practice.example:4430/in", "msh.practice.example"),
        ("X26", REQUEST, "/reliablemessaging/intermediary", "exchange.example"),
        ("X26", UPLOAD, "/reliablemessaging/reliablerequest", "exchange.example"),
        ("X26", OTHER, "/reliablemessaging/queryrequest", "exchange.example"),
        ("X26", TRACE, "/sync-service", "exchange.example"),
    ] {
        let heard = trial.ask(&endpoints(organisation, interaction, "")).await;
        let base = if address.starts_with('/') { own } else { "" };
        assert_eq!(heard.found()[0]["address"], format!("{base}{address}"));
        assert_eq!(heard.identifiers(MHS_FQDN), [host]);
        assert_eq!(heard.identifiers(MHS_ID), heard.identifiers(CPA_ID));
    }
}

#[tokio::test]
async fn reliability_is_as_the_contract_has_it() {
    const TO_PARTY: &str = "urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH";
    const NEXT: &str = "urn:oasis:names:tc:ebxml-msg:actor:nextMSH";
    let trial = Trial::new().await;
    let none = ["None", "", "", "", "never", "never", ""];
    let signals = ["MSHSignalsOnly", "", "", "", "never", "never", ""];
    for (organisation, interaction, expected) in [
        ("B86041", REQUEST, ["None", "PT2M", "3", "PT7H", "always", "always", NEXT]),
        ("B86041", UPLOAD, ["MSHSignalsOnly", "PT1M", "2", "PT5M", "always", "always", TO_PARTY]),
        ("B86041", OTHER, none),
        ("X26", TRACE, none),
        ("X26", OTHER, signals),
    ] {
        let heard = trial.ask(&endpoints(organisation, interaction, "")).await;
        let found = heard.found();
        let settings = extensions(found[0], RELIABILITY)[0]["extension"].as_array().unwrap();
        let names = [
            "nhsMHSSyncReplyMode",
            "nhsMHSRetryInterval",
            "nhsMHSRetries",
            "nhsMHSPersistDuration",
            "nhsMHSDuplicateElimination",
            "nhsMHSAckRequested",
            "nhsMHSActor",
        ];
        let said = names.map(|name| {
            let setting = settings.iter().find(|it| it["url"] == name);
            let text = setting.and_then(|it| it["valueString"].as_str().map(str::to_owned));
            let number = setting.and_then(|it| it["valueInteger"].as_u64());
            text.or(number.map(|it| it.to_string())).unwrap_or_default()
        });
        assert_eq!(said, expected, "{organisation} {interaction}");
    }
}

#[tokio::test]
async fn nothing_found_is_an_empty_searchset() {
    let trial = Trial::new().await;
    let heard = trial.ask(&endpoints("NOBODY", REQUEST, "")).await;
    assert_eq!((heard.status, heard.body["total"].as_u64()), (200, Some(0)));
    assert!(heard.body.get("entry").is_none());
    let url = heard.body["link"][0]["url"].as_str().unwrap();
    let query =
        format!("organization={ODS_CODE}|NOBODY&identifier={SERVICE_INTERACTION}|{REQUEST}");
    assert_eq!(url, format!("{ORIGIN}{BASE}/Endpoint?{query}"));
}
