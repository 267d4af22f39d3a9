use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::*;
use crate::trial::{Trial, failed};

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
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
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
