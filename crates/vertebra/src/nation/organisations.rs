//! The nation's organisations and their systems, as directory records.
//!
//! The fields are those of an `apply` file, in the order in which it is written down, so that
//! applying the same organisation changes nothing.

use nhs::directory::{Contract, Party, Pattern};
use serde_json::{Value, json};
use store::directory::Record;

use crate::local::{Kind, LOCALS};
use crate::model::party_records;

use super::town::{self, PHARMACIES, PRACTICES};

/// The organisations that the published people and the demonstration's clients speak of.
const KNOWN: [(&str, &str, &str); 12] = [
    ("Y12345", "Trevelyan Square Surgery", GP),
    ("A20047", "Humber View Medical Centre", GP),
    ("H81109", "Garthorpe Surgery", GP),
    ("Y23456", "Boar Lane Dispensary", PHARMACY),
    ("Y34567", "City Centre Appliances", PHARMACY),
    ("X26", "National Exchange", "national-body"),
    ("R1X", "Northern Vale University Hospitals NHS Trust", TRUST),
    ("R2X", "Aire and Calder Teaching Hospitals NHS Trust", TRUST),
    ("R3X", "Severn and Wye Hospitals NHS Trust", TRUST),
    ("R4X", "Thames Reach University Hospitals NHS Trust", TRUST),
    ("R5X", "Humber and Wolds Hospitals NHS Trust", TRUST),
    ("RX9Z", "Pennine and Coast Ambulance Service NHS Trust", "ambulance-trust"),
];
/// The organisation that the exchange itself is.
const EXCHANGE: &str = "X26";
/// The question that it is asked by message, and how often and how long it is tried to answer it.
const ADVANCED_TRACE: &str = "urn:nhs:names:services:pdsquery:QUPA_IN000006UK02";
const RETRIES: u32 = 2;
const RETRY_INTERVAL: &str = "PT1M";
const PERSIST_DURATION: &str = "PT5M";
const GP: &str = "gp-practice";
const PHARMACY: &str = "pharmacy";
const TRUST: &str = "hospital-trust";

const PRACTICE_NAMES: [&str; PRACTICES as usize] =
    ["Park Road Surgery", "Health Centre", "Medical Practice", "Riverside Surgery"];
const PHARMACY_NAMES: [&str; PHARMACIES as usize] = ["High Street Chemist", "Station Pharmacy"];
/// The first accredited system id; the others follow.
const FIRST_ASID: u64 = 200_000_001_001;

/// The organisations and systems of the nation.
pub(crate) fn records() -> Vec<Record> {
    let mut organisations: Vec<(String, String, &str)> = KNOWN
        .iter()
        .map(|(code, name, kind)| ((*code).to_owned(), (*name).to_owned(), *kind))
        .collect();
    for (town, _) in town::all() {
        for (which, name) in (0..).zip(PRACTICE_NAMES) {
            organisations.push((town.practice(which), format!("{} {name}", town.name), GP));
        }
        for (which, name) in (0..).zip(PHARMACY_NAMES) {
            organisations.push((town.pharmacy(which), format!("{} {name}", town.name), PHARMACY));
        }
    }
    let mut records = Vec::with_capacity(organisations.len() * 2 + LOCALS.len());
    for (asid, (code, name, kind)) in (FIRST_ASID..).zip(&organisations) {
        let body = json!({"ods": code, "name": name, "kind": kind});
        records.push(record("organisation", code.clone(), &body));
        records.push(system(&asid.to_string(), code, kind));
        if code == EXCHANGE {
            records.extend(exchange(asid, code));
        }
    }
    // Practices whose systems run beside the exchange.
    for local in LOCALS.iter().filter(|local| local.kind == Kind::Practice) {
        let body = json!({"ods": local.organisation, "name": local.title, "kind": GP});
        records.push(record("organisation", local.organisation.to_owned(), &body));
        records.push(system(local.system, local.organisation, GP));
    }
    records
}

/// The party that the exchange itself is: what it is asked by message, and in a call. What it
/// passes on is in the contracts of those who receive it.
fn exchange(asid: u64, code: &str) -> Vec<Record> {
    let asid = asid.to_string();
    let traces = Contract {
        cpa: format!("S20001A{}", asid.get(6..).unwrap_or_default()),
        pattern: Pattern::AsyncExpress,
        interactions: vec![ADVANCED_TRACE.to_owned()],
        retries: RETRIES,
        retry_interval: RETRY_INTERVAL.to_owned(),
        persist_duration: PERSIST_DURATION.to_owned(),
    };
    let questions = spine::sync::interactions().collect();
    let cpa = format!("S20001B{}", asid.get(6..).unwrap_or_default());
    party_records(&Party {
        key: party_key(&asid, code),
        organisation: code.to_owned(),
        contract: vec![traces, Contract::new(cpa, Pattern::Synchronous, questions)],
        ..Party::default()
    })
}

/// The party key of a system.
pub(crate) fn party_key(asid: &str, code: &str) -> String {
    format!("{code}-{}", asid.get(6..).unwrap_or_default())
}

fn system(asid: &str, code: &str, kind: &str) -> Record {
    let name = match kind {
        GP => "Practice clinical system",
        PHARMACY => "Dispensing system",
        TRUST => "Patient administration system",
        "ambulance-trust" => "Electronic patient care record",
        _ => "National system",
    };
    let party = party_key(asid, code);
    let body = json!({"asid": asid, "organisation": code, "name": name, "party_key": party});
    record("system", asid.to_owned(), &body)
}

fn record(kind: &'static str, id: String, body: &Value) -> Record {
    Record { kind, id, body: Some(body.to_string()) }
}

#[cfg(test)]
mod tests;
