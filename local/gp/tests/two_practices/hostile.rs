//! What comes to a practice from whoever may send there, and means no good.

use desk::Client;
use hl7v3::ebxml::{self, Header, Message, Party, Problem, Severity};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

use crate::trial::Trial;
use crate::{NUMBER, notes};

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_no_name_of_a_file_is_an_id_all_the_same() {
    let trial = Trial::new().await;
    let long: &'static str =
        Box::leak(format!("<eb:MessageId>{}", "/".repeat(90)).into_boxed_str());
    for action in ["RCMR_IN010000UK05", "RCMR_IN030000UK06"] {
        trial.stand_in.changed.lock().unwrap().push((action, "<eb:MessageId>", long));
    }
    let letter = json!({ "name": "letter.txt", "bytes": 2_000 });
    trial.old.act("admit", json!({ "nhs_number": NUMBER, "documents": [letter] })).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
}

/// Posts a message error about a conversation to the new practice.
async fn complain(trial: &Trial, conversation: &str, severity: Severity) {
    let header = Header {
        from: Party::new("P-NEW", "urn:nhs:names:partyType:ocs+serviceInstance"),
        to: Party::new("P-OLD", "urn:nhs:names:partyType:ocs+serviceInstance"),
        cpa: "C".to_owned(),
        conversation: conversation.to_owned(),
        service: "s".to_owned(),
        action: "a".to_owned(),
        message_id: "M-1".to_owned(),
        timestamp: "2026-11-22T10:00:00Z".to_owned(),
        ..Header::default()
    };
    let problem = Problem { severity, ..Problem::error("DeliveryFailure", "late") };
    let error = Message::refusing(&header, "E-1", "2026-11-22T10:00:05Z", vec![problem]);
    let places = trial.stand_in.places.lock().unwrap().clone();
    let (_, url) = places.into_iter().find(|(party, _)| party == "P-NEW").unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("text/xml"));
    let body = ebxml::write(&error).unwrap();
    let sent = Client::new().unwrap().send(Method::POST, &url, headers, body.into()).await;
    assert_eq!(sent.unwrap().status, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_ends_no_transfer_and_an_error_does() {
    for (severity, state) in
        [(Severity::Warning, "asked"), (Severity::Error, "undelivered-DeliveryFailure")]
    {
        let trial = Trial::new().await;
        trial.stand_in.held.lock().unwrap().push("RCMR_IN030000UK06");
        trial.old.act("admit", notes()).await;
        trial.new.act("transfer", json!({ "nhs_number": NUMBER, "wait_s": 0 })).await;
        let transfer = trial.new.comes_to("asked").await;
        trial.old.comes_to("sent").await;
        complain(&trial, transfer["conversation"].as_str().unwrap(), severity).await;
        trial.new.comes_to(state).await;
        trial.stand_in.let_go().await;
        if severity == Severity::Warning {
            trial.new.comes_to("integrated").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_that_took_thousands_of_messages_takes_more() {
    let trial = Trial::new().await;
    let place = trial.folder.path().join("NEW/message");
    std::fs::create_dir_all(&place).unwrap();
    let done: Value = json!({
        "id": "M", "action": "a", "at": "2026-11-22T10:00:00Z", "content_type": "text/xml",
        "from": { "organisation": "OLD", "system": "S-OLD", "party": "P-OLD" }, "done": true,
    });
    for number in 0..base::limit::LOCAL_RECORDS_MAX {
        let mut one = done.clone();
        one["name"] = number.to_string().into();
        std::fs::write(place.join(format!("{number}.json")), one.to_string()).unwrap();
    }
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    assert!(trial.left_behind("message") < base::limit::LOCAL_RECORDS_MAX);
}
