use store::Transaction;

use crate::tests::trial::{Trial, failed};
use crate::{Outcome, Refused, State};

#[tokio::test]
async fn what_has_not_gone_out_can_be_taken_back() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    trial.broker.cancel(id, "ALPHA").await.unwrap();
    assert_eq!(trial.state(id), State::Cancelled);
    assert!(trial.waiting("BETA").is_empty());
    let gone = trial.broker.look("BETA", id).unwrap_err();
    assert!(matches!(gone, Refused::Gone));
}

#[tokio::test]
async fn what_was_collected_cannot() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    trial.broker.collect("BETA", id, Transaction::new()).await.unwrap();
    let refused = trial.broker.cancel(id, "ALPHA").await.unwrap_err();
    assert!(matches!(refused, Refused::NotNow("collected")), "{refused:?}");
    assert_eq!(trial.state(id), State::Collected);
}

#[tokio::test]
async fn a_dead_one_is_sent_again_as_a_new_delivery() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "hello").await.id;
    trial.next(Outcome::Refused("404".into()));
    trial.work().await;
    let open = trial.broker.resend(id.delivery(9), "me", "").await.unwrap_err();
    assert!(matches!(open, Refused::NotFound));
    let new = trial.broker.resend(id.delivery(1), "me", "the address was wrong").await.unwrap();
    assert_eq!(new, id.delivery(2));
    trial.work().await;
    let tracked = trial.broker.track(id).unwrap();
    let states: Vec<State> = tracked.deliveries.iter().map(|one| one.state).collect();
    assert_eq!(states, [State::Dead, State::Acknowledged]);
    assert_eq!(tracked.deliveries[1].detail.resend_of, 1);
    let first = &trial.broker.history(new).unwrap()[0].note;
    assert_eq!((first.who.as_str(), first.why.as_str()), ("me", "the address was wrong"));
}

#[tokio::test]
async fn what_is_under_way_is_not_sent_again() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    let refused = trial.broker.resend(id.delivery(1), "me", "").await.unwrap_err();
    assert!(matches!(refused, Refused::NotNow("available")));
}

#[tokio::test]
async fn a_parked_endpoint_gets_nothing_until_it_is_unparked() {
    let trial = Trial::new().await;
    trial.broker.park("HOOK", "maintenance").await.unwrap();
    let id = trial.send("HOOK", "hello").await.id;
    for _ in 0..30 {
        trial.work().await;
        trial.pass_s(60);
    }
    assert_eq!((trial.state(id), trial.pushes()), (State::Parked, 0));
    assert_eq!(trial.story(id, 1), ["ready", "parked"], "history tells of it once");
    trial.broker.unpark("HOOK").await.unwrap();
    trial.work().await;
    assert_eq!(trial.state(id), State::Acknowledged);
    assert!(matches!(trial.broker.park("NOWHERE", "").await, Err(Refused::NoRecipient(_))));
}

#[tokio::test]
async fn a_failing_endpoint_can_be_tried_at_once_by_hand() {
    let trial = Trial::new().await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        ids.push(trial.send("HOOK", "x").await.id);
        trial.next(failed("503"));
    }
    for _ in 0..4 {
        trial.work().await;
    }
    trial.outcomes.lock().unwrap().clear();
    trial.broker.unpark("HOOK").await.unwrap();
    trial.work().await;
    assert!(ids.iter().any(|id| trial.state(*id) == State::Acknowledged));
}

#[tokio::test]
async fn an_operator_clears_a_mailbox_of_what_was_fetched_too() {
    let trial = Trial::new().await;
    let (fetched, fresh) = (trial.send("BETA", "one").await.id, trial.send("BETA", "two").await.id);
    trial.broker.collect("BETA", fetched, Transaction::new()).await.unwrap();
    for id in [fetched, fresh] {
        trial.broker.withdraw("BETA", id, "operator").await.unwrap();
        assert_eq!(trial.state(id), State::Cancelled);
    }
    assert!(trial.waiting("BETA").is_empty());
    let again = trial.broker.withdraw("BETA", fresh, "operator").await.unwrap_err();
    assert!(matches!(again, Refused::NotNow("cancelled")), "{again:?}");
}

#[tokio::test]
async fn one_that_is_on_its_way_again_is_not_sent_once_more() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    trial.broker.acknowledge("BETA", id, Transaction::new()).await.unwrap();
    trial.broker.resend(id.delivery(1), "me", "asked to").await.unwrap();
    let again = trial.broker.resend(id.delivery(1), "me", "asked to").await.unwrap_err();
    assert!(matches!(again, Refused::NotNow("available")), "{again:?}");
    assert_eq!(trial.waiting("BETA"), [id], "it waits once");
}

#[tokio::test]
async fn a_body_that_a_worker_is_about_to_erase_stays_when_it_is_sent_again() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "hello").await.id;
    trial.broker.acknowledge("BETA", id, Transaction::new()).await.unwrap();
    trial.pass_s(trial.broker.settings().kept_s);
    let mut held = crate::lane::Held::new();
    trial.broker.hold(&mut held).await.unwrap();
    // The worker has looked at it, and has yet to commit.
    let ended = crate::broker::delivery_of(&trial.broker, id.delivery(1)).unwrap();
    let (lane, epoch) = (ended.status.lane, held[&ended.status.lane].0);
    trial.broker.resend(id.delivery(1), "me", "asked to").await.unwrap();
    trial.broker.forget(crate::push::Turn { lane, epoch }, &ended).await.unwrap();
    let parcel = trial.broker.collect("BETA", id, Transaction::new()).await.unwrap();
    assert_eq!(parcel.body, "hello");
}
