use std::collections::HashSet;

use serde_json::Value;

use super::*;

#[test]
fn every_mailbox_belongs_to_an_organisation_and_has_a_secret() {
    let known: HashSet<String> = super::super::organisations::records()
        .into_iter()
        .chain(records())
        .filter(|record| record.kind == "organisation")
        .map(|record| record.id)
        .collect();
    let records = records();
    let secrets: HashSet<&str> =
        records.iter().filter(|one| one.kind == SECRET).map(|one| one.id.as_str()).collect();
    let mailboxes = mailboxes();
    for mailbox in &mailboxes {
        assert!(known.contains(&mailbox.organisation), "{}", mailbox.id);
        assert!(secrets.contains(mailbox.id.as_str()), "{}", mailbox.id);
        assert_eq!(mailbox.id, mailbox.id.to_ascii_uppercase());
    }
    let owners: HashSet<&str> = mailboxes.iter().map(|one| one.organisation.as_str()).collect();
    assert_eq!(owners.len(), known.len(), "every organisation has one");
    let ids: HashSet<&str> = mailboxes.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), mailboxes.len());
    for id in ["X26ABC1", "X26ABC2", "X26ABC3", "Y12345HC001", "R1XHC001"] {
        assert!(ids.contains(id), "{id}");
    }
}

#[test]
fn workflows_name_mailboxes_that_are_there() {
    let ids: HashSet<String> = mailboxes().into_iter().map(|one| one.id).collect();
    let records = records();
    let workflows: Vec<&Record> = records.iter().filter(|one| one.kind == WORKFLOW).collect();
    assert!(workflows.len() >= 15);
    for record in workflows {
        let body: Value = serde_json::from_str(record.body.as_deref().unwrap()).unwrap();
        for list in ["senders", "receivers"] {
            for id in body[list].as_array().unwrap() {
                assert!(ids.contains(id.as_str().unwrap()), "{id} of {}", record.id);
            }
        }
    }
}
