use std::collections::{HashMap, HashSet};

use nhs::OdsCode;

use super::*;
use crate::nation::population::Population;
use crate::nation::{Plan, sandbox};
use crate::{credentials, model};

#[test]
fn every_record_reads_back_as_the_apply_file_would_write_it() {
    let mut seen = HashSet::new();
    for record in records() {
        let body = record.body.unwrap();
        let again = if record.kind == "organisation" {
            let one: model::Organisation = serde_json::from_str(&body).unwrap();
            assert_eq!(OdsCode::parse(&one.ods).unwrap().as_str(), record.id);
            serde_json::to_string(&one).unwrap()
        } else if record.kind == nhs::directory::PARTY {
            let one = nhs::directory::Party::read(&body).unwrap();
            assert_eq!((&one.key, one.is_the_exchange()), (&record.id, true));
            serde_json::to_string(&one).unwrap()
        } else if record.kind == broker::ENDPOINT {
            let one: broker::Endpoint = serde_json::from_str(&body).unwrap();
            assert!(seen.contains(&(nhs::directory::PARTY, one.name.clone())));
            serde_json::to_string(&one).unwrap()
        } else {
            let one: nhs::directory::System = serde_json::from_str(&body).unwrap();
            assert_eq!((one.asid.len(), &one.asid), (12, &record.id));
            assert!(seen.contains(&("organisation", one.organisation.clone())));
            serde_json::to_string(&one).unwrap()
        };
        assert_eq!(body, again);
        assert!(seen.insert((record.kind, record.id.clone())), "{} is there twice", record.id);
    }
    for code in ["Y12345", "A20047", "H81109", "Y23456", "Y34567"] {
        assert!(seen.contains(&("organisation", code.to_owned())), "{code}");
    }
}

/// The kinds of the organisations, by code.
fn kinds() -> HashMap<String, String> {
    let organisations = records().into_iter().filter(|record| record.kind == "organisation");
    let kind = |record: &Record| -> String {
        let body: Value = serde_json::from_str(record.body.as_deref().unwrap()).unwrap();
        body["kind"].as_str().unwrap().to_owned()
    };
    organisations.map(|record| (record.id.clone(), kind(&record))).collect()
}

/// Where records say an organisation's code, and of which kinds it may be.
fn named(patient: &Value) -> Vec<(&str, &[&str])> {
    use nhs::url::{APPLIANCE_SUPPLIER, NOMINATED_PHARMACY, PREFERRED_DISPENSER};
    let list = |name: &str| patient[name].as_array().map_or(&[][..], Vec::as_slice);
    let practices = list("generalPractitioner").iter().map(|item| &item["identifier"]["value"]);
    let managing = patient.pointer("/managingOrganization/identifier/value");
    let practices = practices.chain(managing).map(|code| (code, &[GP][..]));
    let pharmacies = list("extension").iter().filter(|extension| {
        let url = extension["url"].as_str().unwrap();
        [NOMINATED_PHARMACY, PREFERRED_DISPENSER, APPLIANCE_SUPPLIER].contains(&url)
    });
    let pharmacies =
        pharmacies.map(|extension| &extension["valueReference"]["identifier"]["value"]);
    let pharmacies = pharmacies.map(|code| (code, &[PHARMACY, GP][..]));
    practices.chain(pharmacies).map(|(code, kinds)| (code.as_str().unwrap(), kinds)).collect()
}

#[test]
fn every_organisation_that_a_record_names_is_in_the_directory() {
    let known = kinds();
    let made_up = Population::new(&Plan::new(3_000, 1)).write(0, 3_000);
    let made_up = made_up.iter().map(|person| person.record().unwrap());
    let (mut practices, mut pharmacies) = (HashSet::new(), HashSet::new());
    for record in sandbox::people().into_iter().chain(made_up) {
        for (code, kinds) in named(&record.patient) {
            let kind = known.get(code).map(String::as_str).unwrap_or_default();
            assert!(kinds.contains(&kind), "{code} is '{kind}' in {}", record.patient["id"]);
            let seen = if kind == GP { &mut practices } else { &mut pharmacies };
            seen.insert(code.to_owned());
        }
    }
    assert!(practices.len() > 100 && pharmacies.len() > 50, "{practices:?} {pharmacies:?}");
    for code in ["Y12345", "A20047", "H81109"] {
        assert!(practices.contains(code), "{code}");
    }
}

#[test]
fn the_clients_of_the_demonstration_belong_to_a_system_of_their_organisation() {
    let system =
        records().into_iter().find(|it| (it.kind, &*it.id) == ("system", credentials::SYSTEM));
    let system: nhs::directory::System =
        serde_json::from_str(&system.unwrap().body.unwrap()).unwrap();
    assert_eq!(system.organisation, credentials::ORGANISATION);
    assert!(system.interactions.is_empty(), "it is registered for everything");
}
