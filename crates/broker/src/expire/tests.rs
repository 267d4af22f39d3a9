use store::Transaction;

use crate::tests::trial::{Trial, begin, failed, part};
use crate::{Reason, State};
use store::messages::MessageId;

#[tokio::test]
async fn what_nobody_collects_comes_back_as_one_report() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    trial.broker.collect("BETA", id, Transaction::new()).await.unwrap();
    trial.pass_s(trial.broker.settings().deadline_s - 1);
    trial.work().await;
    assert_eq!(trial.state(id), State::Collected);
    trial.pass_s(1);
    for _ in 0..3 {
        trial.work().await;
    }
    assert_eq!(trial.story(id, 1), ["available", "collected", "expired"]);
    assert!(trial.waiting("BETA").is_empty());
    let reports = trial.waiting("ALPHA");
    assert_eq!(reports.len(), 1);
    let envelope = trial.broker.look("ALPHA", reports[0]).unwrap().envelope;
    assert_eq!(envelope.in_reply_to.map(MessageId::from), Some(id));
    let report = envelope.report.unwrap();
    assert_eq!(
        (report.reason, report.text.as_str()),
        (Reason::NotCollected, "not collected in 5 days")
    );
}

#[tokio::test]
async fn a_report_that_nobody_collects_ends_there() {
    let trial = Trial::new().await;
    trial.send("BETA", "hello").await;
    for _ in 0..4 {
        trial.pass_s(trial.broker.settings().deadline_s + 1);
        trial.work().await;
    }
    assert!(trial.waiting("ALPHA").is_empty());
    assert!(trial.waiting("BETA").is_empty());
}

#[tokio::test]
async fn what_cannot_be_pushed_in_time_is_reported_too() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "hello").await.id;
    for _ in 0..200 {
        trial.next(failed("503"));
    }
    for _ in 0..150 {
        trial.work().await;
        trial.pass_s(3_600);
    }
    assert_eq!(trial.state(id), State::Expired);
    assert_eq!(trial.waiting("ALPHA").len(), 1);
    let pushes = trial.pushes();
    assert!((40..100).contains(&pushes), "{pushes} tries in five days");
}

#[tokio::test]
async fn bodies_are_erased_when_their_time_is_over_and_the_story_stays() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    trial.broker.acknowledge("BETA", id, Transaction::new()).await.unwrap();
    trial.pass_s(trial.broker.settings().kept_s - 1);
    trial.work().await;
    assert!(!trial.broker.track(id).unwrap().erased);
    trial.pass_s(2);
    trial.work().await;
    let tracked = trial.broker.track(id).unwrap();
    assert!(tracked.erased);
    assert_eq!(tracked.deliveries[0].wake, None);
    assert_eq!(trial.story(id, 1), ["available", "acknowledged"]);
}

#[tokio::test]
async fn a_body_stays_as_long_as_one_delivery_needs_it() {
    let trial = Trial::new().await;
    let id = trial.send("BOTH", "hello").await.id;
    trial.work().await;
    trial.pass_s(trial.broker.settings().kept_s - 10);
    trial.work().await;
    let again = trial.broker.resend(id.delivery(1), "me", "asked to").await.unwrap();
    trial.pass_s(20);
    trial.work().await;
    assert!(!trial.broker.track(id).unwrap().erased);
    let parcel = trial.broker.collect("BETA", again.message(), Transaction::new()).await;
    assert_eq!(parcel.unwrap().body, "hello");
}

#[tokio::test]
async fn a_body_goes_with_the_last_delivery_even_if_the_clock_has_gone_back_since_the_other() {
    let trial = Trial::new().await;
    let id = trial.send("BOTH", "hello").await.id;
    trial.work().await;
    trial.broker.acknowledge("BETA", id, Transaction::new()).await.unwrap();
    let deliveries = trial.broker.store().messages().deliveries(id).unwrap();
    assert_eq!(deliveries.len(), 2);
    for delivery in deliveries {
        assert!(!trial.broker.track(id).unwrap().erased);
        let turn = trial.turn(&delivery).await;
        trial.broker.forget(turn, &delivery).await.unwrap();
        trial.pass_s(-300);
    }
    assert!(trial.broker.track(id).unwrap().erased);
}

#[tokio::test]
async fn a_message_whose_parts_do_not_come_is_given_up_for_all_of_its_recipients_at_once() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BOTH", 2).await;
    let first = trial.broker.store().messages().deliveries(id).unwrap().remove(0);
    trial.broker.expire(trial.turn(&first).await, &first).await.unwrap();
    let tracked = trial.broker.track(id).unwrap();
    let states: Vec<State> = tracked.deliveries.iter().map(|one| one.state).collect();
    assert_eq!((states, tracked.erased), (vec![State::Expired; 2], true));
}

#[tokio::test]
async fn the_last_part_that_is_faster_than_the_end_keeps_all_of_them() {
    let trial = Trial::new().await;
    let id = begin(&trial, "BOTH", 2).await;
    let seen = trial.broker.store().messages().deliveries(id).unwrap().remove(0);
    let last = part(&trial.broker, id, 2, "two");
    trial.broker.add_part("ALPHA", id, last).await.unwrap();
    trial.broker.expire(trial.turn(&seen).await, &seen).await.unwrap();
    let tracked = trial.broker.track(id).unwrap();
    let over = tracked.deliveries.iter().any(|one| one.state.is_end());
    assert_eq!((over, tracked.erased), (false, false));
}
