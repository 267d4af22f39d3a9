use std::sync::Arc;
use std::time::Duration;

use store::messages::MessageId;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::tests::trial::{Trial, failed, letter, submission};

#[tokio::test]
async fn a_running_worker_pushes_what_comes_and_stops_when_told() {
    let trial = Trial::new().await;
    let stop = CancellationToken::new();
    let (broker, carry, told) = (trial.broker.clone(), Arc::clone(&trial.carry), stop.clone());
    let running = tokio::spawn(async move { broker.run(carry, told).await });
    let mut ids = Vec::new();
    for _ in 0..300 {
        ids.push(trial.send("HOOK", "x").await.id);
    }
    let all = || ids.iter().all(|id| trial.state(*id) == State::Acknowledged);
    let arrived = async {
        while !all() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), arrived).await.unwrap();
    assert_eq!(trial.pushes(), 300, "each once");
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(30), running).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_worker_whose_lane_was_taken_completes_nothing() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "x").await.id;
    let other = trial.again("two");
    let (clock, taken) = (trial.clock.clone(), other.clone());
    let lease_s = trial.broker.settings().lease_s;
    // While the first worker pushes, its leases end and another worker takes over.
    let slow = crate::pusher(move |_| {
        let (clock, taken) = (clock.clone(), taken.clone());
        async move {
            clock.advance_ms((lease_s + 1) * 1_000);
            let mut held = Held::new();
            taken.hold(&mut held).await.unwrap();
            assert!(!held.is_empty());
            crate::Outcome::Delivered
        }
    });
    trial.broker.work_once(&slow).await;
    assert_eq!(trial.state(id), State::Leased, "the stale worker's word does not count");
    other.work_once(&trial.carry).await;
    assert_eq!(trial.state(id), State::Acknowledged);
}

#[tokio::test]
async fn one_that_kills_its_workers_is_put_aside_for_a_person() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "x").await.id;
    let deadly = crate::pusher(|_| async { panic!("the worker dies") });
    for _ in 0..6 {
        trial.broker.work_once(&deadly).await;
        trial.pass_s(120);
    }
    assert_eq!(trial.state(id), State::Quarantined);
    trial.pass_s(trial.broker.settings().deadline_s);
    trial.work().await;
    assert_eq!(trial.state(id), State::Expired);
    assert_eq!(trial.waiting("ALPHA").len(), 1);
}

#[tokio::test]
async fn a_crowd_at_one_endpoint_does_not_keep_others_waiting() {
    let trial = Trial::new().await;
    for _ in 0..600 {
        trial.send("HOOK", "x").await;
        trial.next(failed("slow"));
    }
    let other = trial.send("THINKS", "x").await.id;
    for _ in 0..30 {
        trial.work().await;
        trial.pass_s(3);
    }
    let pushed = trial.pushed.lock().unwrap();
    assert!(pushed.iter().any(|push| push.message == other));
}

#[tokio::test]
async fn a_push_that_is_dropped_before_it_begins_gives_its_place_back() {
    let trial = Trial::new().await;
    let mut ids = Vec::new();
    for _ in 0..10 {
        ids.push(trial.send("HOOK", "x").await.id);
    }
    for looks in 1..20 {
        let mut round = std::pin::pin!(trial.broker.work_once(&trial.carry));
        let mut left = looks;
        let cut = std::future::poll_fn(|context| {
            left -= 1;
            let over = round.as_mut().poll(context).is_ready() || left == 0;
            if over { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        });
        cut.await;
    }
    for _ in 0..5 {
        trial.pass_s(120);
        trial.work().await;
    }
    // What was cut off too often is put aside; nothing waits for a place.
    let over = [State::Acknowledged, State::Quarantined];
    assert!(ids.iter().all(|id| over.contains(&trial.state(*id))));
    let fresh = trial.send("HOOK", "x").await.id;
    trial.work().await;
    assert_eq!(trial.state(fresh), State::Acknowledged);
}

#[tokio::test]
async fn what_cannot_be_attended_to_keeps_nobody_from_their_turn() {
    let trial = Trial::new().await;
    let store = trial.broker.store();
    let mut broken = Vec::new();
    for _ in 0..=A_PAGE {
        let id = trial.send("HOOK", "x").await.id.delivery(1);
        let delivery = store.messages().delivery(id).unwrap().unwrap();
        let status =
            store::messages::Status { detail: bytes::Bytes::from("{"), ..delivery.status.clone() };
        let step = Step { delivery: id, expect: 1, status, event: None };
        store.commit(Transaction::new().step(step)).await.unwrap();
        broken.push(id);
    }
    let last = trial.send("HOOK", "x").await.id;
    for _ in 0..3 {
        trial.work().await;
        trial.pass_s(1);
    }
    assert_eq!(trial.state(last), State::Acknowledged);
    let now = trial.clock.now();
    let waits = |id: &DeliveryId| store.messages().delivery(*id).unwrap().unwrap().status.wake;
    assert!(broken.iter().all(|id| waits(id).is_some_and(|wake| wake > now)), "none is in a hurry");
}

#[tokio::test]
async fn what_came_of_a_push_is_told_though_the_store_is_busy() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "x").await.id;
    // The first commit takes the lanes, the second the delivery, and then the outcome is due.
    let script = (3..6).fold(store::faulty::Script::new(), store::faulty::Script::busy_commit);
    let store = store::Store::faulty(trial.broker.store().clone(), script);
    let settings = trial.broker.settings().clone();
    let broker = Broker::new(store, trial.clock.clone(), base::Dice::seeded(1), settings).unwrap();
    broker.work_once(&trial.carry).await;
    assert_eq!(trial.state(id), State::Acknowledged);
    assert_eq!(trial.pushes(), 1, "once");
}

#[tokio::test]
async fn a_new_worker_goes_on_with_what_its_predecessor_was_pushing() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "x").await.id;
    let deadly = crate::pusher(|_| async { panic!("the worker dies") });
    trial.broker.work_once(&deadly).await;
    assert_eq!(trial.state(id), State::Leased);
    // No time passes: the lease is still good, but whoever held it is gone.
    trial.broker.work_once(&trial.carry).await;
    assert_eq!(trial.state(id), State::Acknowledged);
}

#[tokio::test]
async fn a_worker_in_trouble_is_in_no_hurry_and_has_nothing_in_hand() {
    let trial = Trial::new().await;
    trial.send("HOOK", "x").await;
    let script = store::faulty::Script::new().stop_at_commit(2);
    let store = store::Store::faulty(trial.broker.store().clone(), script);
    let settings = trial.broker.settings().clone();
    let dice = base::Dice::seeded(1);
    let broker = Broker::new(store, trial.clock.clone(), dice, settings).unwrap();
    let mut worker = Worker::new(broker.clone(), Arc::clone(&trial.carry));
    worker.round().await;
    while worker.tasks.join_next().await.is_some() {}
    assert_eq!(broker.inner.handover.in_hand(), 0);
    let pause = worker.round().await;
    assert_eq!((pause.length, pause.full), (Duration::from_secs(1), false));
}

/// Lets a worker go until all of these have arrived. Each moment that is waited for one of them,
/// this much time passes, in milliseconds.
async fn arrive(trial: &Trial, broker: &Broker, carry: &Pusher, ids: &[MessageId], pass_ms: i64) {
    let stop = CancellationToken::new();
    let (worker, carry, told) = (broker.clone(), Arc::clone(carry), stop.clone());
    let running = tokio::spawn(async move { worker.run(carry, told).await });
    let all = async {
        for id in ids {
            while broker.track(*id).unwrap().deliveries[0].state != State::Acknowledged {
                trial.clock.advance_ms(pass_ms);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), all).await.expect("they arrive");
    stop.cancel();
    running.abort();
}

#[tokio::test]
async fn a_backlog_is_worked_off_as_fast_as_its_endpoint_takes_it() {
    let trial = Trial::new().await;
    let mut ids = Vec::new();
    for _ in 0..3_000 {
        ids.push(trial.send("HOOK", "x").await.id);
    }
    // The clock stands still: the worker never comes to where it would look by itself.
    arrive(&trial, &trial.broker, &trial.carry, &ids, 0).await;
}

#[tokio::test]
async fn a_backlog_that_does_not_move_hides_nothing_behind_it() {
    let trial = Trial::new().await;
    let settings = crate::Settings { lanes: 1, ..trial.broker.settings().clone() };
    let store = trial.broker.store().clone();
    let broker = Broker::new(store, trial.clock.clone(), base::Dice::seeded(4), settings).unwrap();
    let mut others = Vec::new();
    for (to, most) in [("HOOK", 1_500), ("THINKS", 700), ("HOOK", 300), ("THINKS", 300)] {
        for _ in 0..most {
            let sent = submission(letter("ALPHA", to), "x");
            let id = broker.accept(sent).await.unwrap().id;
            if to == "THINKS" {
                others.push(id);
            }
        }
    }
    let carry = crate::pusher(|push| async move {
        if push.endpoint.name == "HOOK" {
            std::future::pending::<()>().await;
        }
        crate::Outcome::Acknowledged
    });
    arrive(&trial, &broker, &carry, &others, 1).await;
}

#[tokio::test]
async fn a_worker_that_lost_its_lanes_is_in_no_hurry_to_look_at_them() {
    let trial = Trial::new().await;
    let mut worker = Worker::new(trial.broker.clone(), Arc::clone(&trial.carry));
    worker.round().await;
    assert!(!worker.held.is_empty());
    trial.pass_s(trial.broker.settings().lease_s + 1);
    let (other, mut taken) = (trial.again("two"), Held::new());
    other.hold(&mut taken).await.unwrap();
    worker.again = taken.keys().map(|lane| (*lane, trial.clock.now())).collect();
    let pause = worker.round().await;
    assert!(worker.held.is_empty());
    assert_eq!(pause.length, Duration::from_secs(1));
}

#[tokio::test]
async fn what_comes_while_much_is_under_way_does_not_put_off_the_look_at_every_lane() {
    let trial = Trial::new().await;
    let mut worker = Worker::new(trial.broker.clone(), Arc::clone(&trial.carry));
    worker.round().await;
    for _ in 0..IN_HAND_MAX {
        worker.tasks.spawn(std::future::pending());
    }
    trial.send("HOOK", "first").await;
    worker.round().await;
    let due = worker.everywhere;
    assert_eq!(due, Some(wait(trial.clock.now(), PAUSE_MS_FULL)));
    trial.clock.advance_ms(PAUSE_MS_FULL / 2);
    trial.send("HOOK", "next").await;
    worker.round().await;
    assert_eq!(worker.everywhere, due);
}
