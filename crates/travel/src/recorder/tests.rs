//! What is told is there a moment later, in order, and nobody waits for it.

use base::{Clock, Dice};
use jiff::Timestamp;
use store::Store;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::leg::{Ended, Party};

fn leg(what: &str) -> Leg {
    Leg {
        from: Party { name: "gp".into(), organisation: "A1".into() },
        to: Party::own("Demographics"),
        what: what.into(),
        wire: "FHIR".into(),
        took_us: 1_200,
        sent_bytes: Some(0),
        got_bytes: None,
        outcome: "200 OK".into(),
        ended: Ended::Answered,
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

const ID: &str = "60E0B220-8136-4CA5-AE46-1D97EF59D068";

#[tokio::test]
async fn what_is_told_is_read_in_the_order_in_which_it_set_out() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap();
    let clock = Clock::stopped(at(100));
    let recorder = Recorder::new(store, clock);
    recorder.tell(ID, at(20), &leg("second"));
    recorder.tell(&ID.to_ascii_lowercase(), at(10), &leg("first"));
    let stop = CancellationToken::new();
    stop.cancel();
    recorder.clone().run(stop).await;
    let read = recorder.read(ID).unwrap();
    assert_eq!(read, [(at(10), leg("first")), (at(20), leg("second"))]);
    assert_eq!(recorder.latest(5).unwrap().len(), 1);
}

#[tokio::test]
async fn who_waits_until_it_is_settled_finds_what_was_told_before() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap();
    let recorder = Recorder::new(store, Clock::stopped(at(100)));
    let stop = CancellationToken::new();
    let running = tokio::spawn(recorder.clone().run(stop.clone()));
    for second in 1..4 {
        recorder.tell(ID, at(second), &leg("one"));
        recorder.settled().await;
        assert_eq!(recorder.read(ID).unwrap().len() as i64, second);
    }
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn beyond_what_may_wait_legs_are_left_out() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap();
    let recorder = Recorder::new(store, Clock::stopped(at(100)));
    for second in 0..LEGS_WAITING_MAX as i64 + 5 {
        recorder.tell(ID, at(second), &leg("one of many"));
    }
    assert!(recorder.told.capacity() == 0);
}
