use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::tests::trial::{START, Trial, letter, submission};
use crate::{Broker, Envelope, Outcome, Pusher, Refused, State, pusher};
use store::messages::MessageId;

use super::*;

/// A worker that runs, and has taken its lanes.
async fn working(broker: &Broker, carry: &Pusher) -> (JoinHandle<()>, CancellationToken) {
    let stop = CancellationToken::new();
    let (runs, carry, told) = (broker.clone(), Arc::clone(carry), stop.clone());
    let running = tokio::spawn(async move { runs.run(carry, told).await });
    until(|| !broker.inner.handover.board().duty.is_empty()).await;
    (running, stop)
}

async fn until(happened: impl Fn() -> bool) {
    let happens = async {
        while !happened() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), happens).await.expect("it never happens");
}

/// A pusher that waits for a word from outside, and counts.
fn held(outcome: Outcome) -> (Pusher, Arc<Notify>, Arc<AtomicUsize>) {
    let (word, begun) = (Arc::<Notify>::default(), Arc::<AtomicUsize>::default());
    let (waits, counts) = (Arc::clone(&word), Arc::clone(&begun));
    let carry = pusher(move |_| {
        let (waits, outcome) = (Arc::clone(&waits), outcome.clone());
        counts.fetch_add(1, Ordering::SeqCst);
        async move {
            waits.notified().await;
            outcome
        }
    });
    (carry, word, begun)
}

fn version(broker: &Broker, id: MessageId) -> u32 {
    broker.store().messages().delivery(id.delivery(1)).unwrap().unwrap().version
}

#[tokio::test]
async fn a_new_message_is_pushed_with_one_commit_after_its_own() {
    let trial = Trial::new().await;
    let (running, stop) = working(&trial.broker, &trial.carry).await;
    let id = trial.send("HOOK", "hello").await.id;
    until(|| trial.state(id) == State::Acknowledged).await;
    assert_eq!(version(&trial.broker, id), 2);
    assert_eq!(trial.story(id, 1), ["ready", "acknowledged"]);
    {
        let pushed = trial.pushed.lock().unwrap();
        assert_eq!((pushed[0].attempt, &pushed[0].body[..]), (1, &b"hello"[..]));
        assert_eq!(pushed[0].envelope.from, "ALPHA");
    }
    stop.cancel();
    running.await.unwrap();
    assert_eq!(trial.broker.inner.handover.in_hand(), 0);
}

#[tokio::test]
async fn one_that_fails_is_tried_again_after_a_lease() {
    let trial = Trial::new().await;
    trial.next(crate::tests::trial::failed("503"));
    let (running, stop) = working(&trial.broker, &trial.carry).await;
    let id = trial.send("HOOK", "x").await.id;
    until(|| trial.state(id) == State::Waiting).await;
    stop.cancel();
    running.await.unwrap();
    trial.pass_s(6);
    trial.work().await;
    assert_eq!(trial.story(id, 1), ["ready", "waiting", "acknowledged"]);
    let attempts: Vec<u32> = trial.pushed.lock().unwrap().iter().map(|it| it.attempt).collect();
    assert_eq!(attempts, [1, 2]);
}

#[tokio::test]
async fn what_is_being_pushed_cannot_be_taken_back() {
    let trial = Trial::new().await;
    let (carry, word, begun) = held(Outcome::Delivered);
    let (running, stop) = working(&trial.broker, &carry).await;
    let id = trial.send("HOOK", "x").await.id;
    until(|| begun.load(Ordering::SeqCst) == 1).await;
    assert!(matches!(trial.broker.cancel(id, "ALPHA").await, Err(Refused::NotNow(_))));
    word.notify_one();
    until(|| trial.state(id) == State::Acknowledged).await;
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn what_waits_for_a_place_can_be_taken_back_and_is_not_pushed() {
    let trial = Trial::new().await;
    let (carry, word, begun) = held(Outcome::Delivered);
    let (running, stop) = working(&trial.broker, &carry).await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(trial.send("HOOK", "x").await.id);
    }
    // The endpoint bears four at once.
    until(|| begun.load(Ordering::SeqCst) == 4).await;
    trial.broker.cancel(ids[5], "ALPHA").await.unwrap();
    for _ in 0..5 {
        word.notify_one();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    until(|| ids[..5].iter().all(|id| trial.state(*id) == State::Acknowledged)).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!((trial.state(ids[5]), begun.load(Ordering::SeqCst)), (State::Cancelled, 5));
}

#[tokio::test]
async fn one_whose_pusher_dies_is_left_to_the_ledger() {
    let trial = Trial::new().await;
    let (running, stop) = working(&trial.broker, &crate::tests::trial::deadly()).await;
    let id = trial.send("HOOK", "x").await.id;
    until(|| trial.broker.inner.handover.in_hand() == 0).await;
    stop.cancel();
    running.await.unwrap();
    trial.work().await;
    assert_eq!(trial.state(id), State::Acknowledged);
}

#[tokio::test]
async fn what_the_receiver_ended_itself_is_settled() {
    let trial = Trial::new().await;
    let broker = trial.broker.clone();
    let carry = pusher(move |push| {
        let broker = broker.clone();
        async move {
            let mut reply = letter("HOOK", "ALPHA");
            (reply.in_reply_to, reply.acknowledges) = (Some(push.message.into()), true);
            let receipt = broker.accept(submission(reply, "yes")).await.unwrap();
            assert_eq!(receipt.ended, Some(push.delivery));
            Outcome::Settled
        }
    });
    let (running, stop) = working(&trial.broker, &carry).await;
    let id = trial.send("HOOK", "x").await.id;
    until(|| trial.broker.inner.handover.in_hand() == 0).await;
    stop.cancel();
    running.await.unwrap();
    let track = trial.broker.track(id).unwrap();
    let delivery = &track.deliveries[0];
    assert_eq!((delivery.state, delivery.detail.assigned), (State::Acknowledged, 1));
    assert!(delivery.arrived().is_some());
    assert_eq!(version(&trial.broker, id), 2);
}

fn delivery(id: u64, lane: u16, recipient: &str) -> Delivery {
    let status = store::messages::Status {
        lane,
        state: State::Ready as u8,
        listed: true,
        wake: None,
        recipient: recipient.into(),
        topic: String::new(),
        detail: Bytes::new(),
    };
    Delivery { id: MessageId(id << 20).delivery(1), version: 1, status }
}

fn of_bytes(count: usize) -> Letter {
    let body = Bytes::from(vec![0; count]);
    Letter { envelope: Envelope::default(), body, content: None }
}

#[test]
fn only_what_the_worker_may_push_at_once_is_handed_over() {
    let now: Timestamp = START.parse().unwrap();
    let until = crate::retry::wait(now, 60_000);
    let handover = Arc::<Handover>::default();
    let new = [delivery(1, 7, "A"), delivery(2, 8, "A"), delivery(3, 7, "A#key")];
    assert!(handover.take_new(&new, &of_bytes(1)).is_empty(), "nobody works");
    handover.on_duty(&Held::from([(7, (3, until))]));
    let jobs = handover.take_new(&new, &of_bytes(1));
    assert_eq!(jobs.iter().map(|job| job.delivery.id).collect::<Vec<_>>(), [new[0].id]);
    assert!(handover.take(new[0].id).is_none(), "in hand");
    let turn = jobs[0].turn;
    assert!(!handover.begin(turn, &new[0], until), "the lane may be somebody else's by then");
    assert!(!handover.begin(Turn { epoch: 4, ..turn }, &new[0], now));
    assert!(handover.begin(turn, &new[0], now));
    assert!(!handover.begin(turn, &new[0], now), "once");
    assert_eq!(handover.pushed(new[0].id.message(), "A"), Some(new[0].clone()));
    assert_eq!(handover.pushed(new[0].id.message(), "B"), None);
    assert_eq!(handover.pushed(new[1].id.message(), "A"), None);
    drop(jobs);
    assert!(handover.take(new[0].id).is_some());
}

#[test]
fn there_is_no_more_in_memory_than_there_is_room() {
    let until = crate::retry::wait(START.parse().unwrap(), 60_000);
    let handover = Arc::<Handover>::default();
    handover.on_duty(&Held::from([(7, (1, until))]));
    let large = of_bytes(BYTES_MAX / 2);
    let first = handover.take_new(&[delivery(1, 7, "A")], &large);
    assert!(handover.take_new(&[delivery(2, 7, "A")], &large).is_empty());
    drop(first);
    assert_eq!(handover.take_new(&[delivery(2, 7, "A")], &large).len(), 1);
    let many: Vec<Delivery> = (0..5_000).map(|id| delivery(id, 7, "A")).collect();
    assert_eq!(handover.take_new(&many, &of_bytes(0)).len(), FIRSTS_MAX);
}
