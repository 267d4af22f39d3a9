use crate::tests::trial::{Trial, letter, submission};
use crate::{Envelope, Reason, Refused, State, Submission};

#[tokio::test]
async fn a_message_with_nowhere_to_go_is_accepted_and_reported() {
    let trial = Trial::new().await;
    let nowhere = submission(letter("ALPHA", "NOBODY"), "hello");
    let reason = Reason::NoRecipient("153".into());
    let text = "nobody has that name";
    let id = trial.broker.accept_undeliverable(nowhere, reason.clone(), text).await.unwrap().id;
    assert_eq!(trial.state(id), State::Dead);
    assert_eq!(trial.story(id, 1), ["dead"]);
    let reports = trial.waiting("ALPHA");
    assert_eq!(reports.len(), 1);
    let report = trial.broker.look("ALPHA", reports[0]).unwrap().envelope.report.unwrap();
    assert_eq!((report.about, report.reason), (id.into(), reason));
    let detail = &trial.broker.track(id).unwrap().deliveries[0].detail;
    assert_eq!((detail.report, detail.problem.as_str()), (reports[0].0, text));
    trial.pass_s(trial.broker.settings().kept_s + 1);
    trial.work().await;
    assert_eq!(trial.broker.track(id).unwrap().deliveries[0].wake, None, "it is forgotten in time");
}

#[tokio::test]
async fn a_sender_who_cannot_be_told_is_not() {
    let trial = Trial::new().await;
    let nowhere = submission(letter("CLOSED", "NOBODY"), "hello");
    let reason = Reason::NoRecipient("153".into());
    let id = trial.broker.accept_undeliverable(nowhere, reason, "no").await.unwrap().id;
    assert_eq!(trial.broker.track(id).unwrap().deliveries[0].detail.report, 0);
}

#[tokio::test]
async fn a_repeat_of_one_that_has_a_name_gets_the_first_answer() {
    let trial = Trial::new().await;
    let named = |body| {
        let envelope = Envelope { local_id: "one".into(), ..letter("ALPHA", "NOBODY") };
        Submission { named: true, ..submission(envelope, body) }
    };
    let send = |body| trial.broker.accept_undeliverable(named(body), Reason::NotDelivered, "no");
    let first = send("hello").await.unwrap();
    let again = send("hello").await.unwrap();
    assert_eq!((again.id, again.repeated), (first.id, true));
    let other = send("goodbye").await.unwrap_err();
    assert!(matches!(other, Refused::OtherContent(id) if id == first.id), "{other:?}");
    assert_eq!(trial.waiting("ALPHA").len(), 1, "one report");
}
