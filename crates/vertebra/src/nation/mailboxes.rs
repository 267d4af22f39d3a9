//! The nation's mailboxes and workflows, as directory records: those of the public sandbox, and a
//! mailbox for every other organisation.
//!
//! All have the password of the public sandbox: nothing in a demonstration is worth hiding.

use broker::{MAILBOX, Mailbox, WORKFLOW, Workflow, record};
use mesh::{SECRET, Secret};
use serde::Deserialize;
use serde_json::json;
use store::directory::Record;

/// The password of every mailbox of the demonstration.
pub(crate) const PASSWORD: &str = "password";
/// The key that they share.
pub(crate) const SHARED_KEY: &str = "TestKey";
/// The organisation that most testers' mailboxes belong to.
const TESTERS: &str = "X26";
/// Its partner, which only exists to have a mailbox.
const PARTNER: &str = "X27";
const TESTERS_MAILBOXES: [(&str, &str, &str); 3] = [
    ("X26ABC1", "Test mailbox 1", TESTERS),
    ("X26ABC2", "Test mailbox 2", TESTERS),
    ("X26ABC3", "Test mailbox 3", PARTNER),
];
/// The workflows of the public sandbox, with who may send and get them.
const TESTERS_WORKFLOWS: [(&str, &str, &[&str], &[&str]); 3] = [
    ("TEST_WORKFLOW", "Letters between testers", &["X26ABC1"], &["X26ABC2"]),
    ("TEST_WORKFLOW_ACK", "Their acknowledgements", &["X26ABC2"], &["X26ABC1", "X26ABC3"]),
    ("TEST_WORKFLOW2", "Letters to all testers", &["X26ABC1"], &["X26ABC1", "X26ABC2", "X26ABC3"]),
];
/// What anybody may send to practices; each is acknowledged with `_ACK` behind.
const TO_PRACTICES: [(&str, &str); 6] = [
    ("TOC_FHIR_IP_DISCH", "Discharge letters from wards"),
    ("TOC_FHIR_MH_DISCH", "Discharge letters from mental health wards"),
    ("TOC_FHIR_EC_DISCH", "Letters from emergency departments"),
    ("TOC_FHIR_OP_ATTEN", "Letters from clinics"),
    ("GPFED_CONSULT_REPORT", "Reports of consultations at other practices"),
    ("GPCONNECT_UPDATE_RECORD", "Updates of the record at the practice"),
];

/// What is read of the record of an organisation.
#[derive(Deserialize)]
struct Organisation {
    ods: String,
    name: String,
    kind: String,
}

/// The mailboxes of the nation, each with what it is to patients' messages.
pub(crate) fn mailboxes() -> Vec<Mailbox> {
    let mailbox = |id: &str, name: &str, organisation: &str| Mailbox {
        id: id.to_owned(),
        name: name.to_owned(),
        organisation: organisation.to_owned(),
        closed: false,
    };
    let testers = TESTERS_MAILBOXES.iter().map(|(id, name, whose)| mailbox(id, name, whose));
    let others = organisations().into_iter().filter(|one| one.ods != TESTERS);
    let others = others.map(|one| mailbox(&id_of(&one.ods), &one.name, &one.ods));
    testers.chain(others).collect()
}

/// The records of mailboxes, their secrets, and workflows.
pub(crate) fn records() -> Vec<Record> {
    let secret = Secret { password: PASSWORD.into(), shared_key: SHARED_KEY.into() };
    let partner = json!({"ods": PARTNER, "name": "Test Partner", "kind": "national-body"});
    let mut records = vec![Record {
        kind: "organisation",
        id: PARTNER.to_owned(),
        body: Some(partner.to_string()),
    }];
    for mailbox in mailboxes() {
        records.push(record(SECRET, &mailbox.id, &secret));
        records.push(record(MAILBOX, &mailbox.id, &mailbox));
    }
    records.extend(workflows().iter().map(|workflow| record(WORKFLOW, &workflow.id, workflow)));
    records
}

fn workflows() -> Vec<Workflow> {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let testers = TESTERS_WORKFLOWS.iter().map(|(id, name, senders, receivers)| Workflow {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        senders: owned(senders),
        receivers: owned(receivers),
    });
    let mut workflows: Vec<Workflow> = testers.collect();
    let practices = organisations().into_iter().filter(|one| one.kind == "gp-practice");
    let practices: Vec<String> = practices.map(|one| id_of(&one.ods)).collect();
    for (id, name) in TO_PRACTICES {
        workflows.push(Workflow {
            id: id.to_owned(),
            name: name.to_owned(),
            senders: Vec::new(),
            receivers: practices.clone(),
        });
        workflows.push(Workflow {
            id: format!("{id}_ACK"),
            name: format!("{name}: acknowledgements"),
            senders: practices.clone(),
            receivers: Vec::new(),
        });
    }
    workflows
}

/// The id of an organisation's one mailbox.
fn id_of(ods: &str) -> String {
    format!("{ods}HC001")
}

fn organisations() -> Vec<Organisation> {
    let records = super::organisations::records();
    let records = records.into_iter().filter(|record| record.kind == "organisation");
    records.filter_map(|record| serde_json::from_str(&record.body?).ok()).collect()
}

#[cfg(test)]
mod tests;
