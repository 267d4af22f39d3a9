//! Messages that are addressed to a patient's practice.

use serde_json::json;

use super::trial::{Ask, Trial, read};

const JANE: &str = "GPPROVIDER_9000000009_20101022_Smith_Jones";

fn discharge(to: &str) -> Ask {
    Ask::send("ALPHA", to, b"a discharge letter")
        .with("mex-workflowid", "TOC_FHIR_IP_DISCH")
        .with("mex-localid", "mine-1")
}

#[tokio::test]
async fn a_message_goes_to_the_practice_of_the_patient() {
    let trial = Trial::new().await;
    let id = trial.sent(discharge(JANE)).await;
    assert_eq!(trial.waiting("BETA").await, std::slice::from_ref(&id));
    let fetched = trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await;
    assert_eq!((fetched.header("mex-to"), fetched.text()), ("BETA", "a discharge letter"));
    let envelope = trial.house.broker.track(read(&id)).unwrap().envelope;
    assert!(!format!("{envelope:?}").contains("9000000009"), "who the patient is stays out");
}

#[tokio::test]
async fn what_finds_no_practice_is_accepted_and_reported() {
    for (to, workflow, code) in [
        ("GPPROVIDER_123_20101022_Smith", "TOC_FHIR_IP_DISCH", "EPL-152"),
        ("GPPROVIDER_9111231130_20101022_Smith", "TOC_FHIR_IP_DISCH", "EPL-153"),
        ("GPPROVIDER_9000000009_20101023_Smith", "TOC_FHIR_IP_DISCH", "EPL-154"),
        ("GPPROVIDER_9000000017_20101022_Smith", "TOC_FHIR_IP_DISCH", "EPL-151"),
        ("GPPROVIDER_9000000025_20101022_Smith", "TOC_FHIR_IP_DISCH", "EPL-151"),
        (JANE, "GPFED_CONSULT_REPORT", "EPL-150"),
    ] {
        let trial = Trial::new().await;
        let id = trial.sent(discharge(to).with("mex-workflowid", workflow)).await;
        for mailbox in ["BETA", "GAMMA"] {
            assert!(trial.waiting(mailbox).await.is_empty(), "{to}");
        }
        let reports = trial.waiting("ALPHA").await;
        assert_eq!(reports.len(), 1, "{to}");
        let report = trial.ask(Ask::get("ALPHA", &format!("/inbox/{}", reports[0]))).await;
        assert_eq!(
            (report.header("mex-statuscode"), report.header("mex-linkedmsgid")),
            (code, &*id)
        );
        assert_eq!(report.header("mex-localid"), "mine-1");
        let tracked =
            trial.ask(Ask::get("ALPHA", &format!("/outbox/tracking?messageID={id}"))).await;
        assert_eq!(tracked.body["status"], "error");
        assert_eq!(tracked.body["recipient"], "GPPROVIDER");
        assert!(!tracked.body.to_string().contains("Smith"), "{:#}", tracked.body);
    }
}

#[tokio::test]
async fn only_listed_workflows_and_whole_addresses_are_looked_up() {
    let trial = Trial::new().await;
    let letter = trial.ask(Ask::send("ALPHA", JANE, b"x")).await;
    assert_eq!(letter.body["detail"][0]["code"], json!("12"));
    let torn = trial.ask(discharge("GPPROVIDER_9000000009_Smith")).await;
    assert_eq!(torn.body["detail"][0]["code"], json!("06"));
    let empty = trial.ask(discharge(JANE).bytes(b"")).await;
    assert_eq!(empty.body["detail"][0]["code"], json!("02"));
    let may_not = Ask::send("GAMMA", JANE, b"x").with("mex-workflowid", "TOC_FHIR_IP_DISCH");
    assert_eq!(trial.ask(may_not).await.body["detail"][0]["code"], json!("16"));
    let nobody = Trial::with(|house| crate::House { tracer: None, ..house }).await;
    assert_eq!(nobody.ask(discharge(JANE)).await.body["detail"][0]["code"], json!("12"));
    assert!(trial.waiting("ALPHA").await.is_empty());
}
