use base::Dice;

use super::*;
use crate::tests::trial::{Trial, deadly};
use crate::{Settings, State};

#[tokio::test]
async fn a_worker_holds_every_lane_and_keeps_it() {
    let trial = Trial::new().await;
    let mut held = Held::new();
    trial.broker.hold(&mut held).await.unwrap();
    assert_eq!(held.len(), usize::from(trial.broker.settings().lanes));
    let before = held.clone();
    trial.pass_s(trial.broker.settings().lease_s * 3 / 4);
    trial.broker.hold(&mut held).await.unwrap();
    for (lane, (epoch, until)) in &held {
        assert_eq!(*epoch, before[lane].0);
        assert!(*until > before[lane].1);
    }
}

#[tokio::test]
async fn another_worker_waits_until_the_lease_ends() {
    let trial = Trial::new().await;
    let other = trial.again("two");
    let (mut first, mut second) = (Held::new(), Held::new());
    trial.broker.hold(&mut first).await.unwrap();
    other.hold(&mut second).await.unwrap();
    assert!(second.is_empty());
    trial.pass_s(trial.broker.settings().lease_s + 1);
    other.hold(&mut second).await.unwrap();
    assert_eq!(second.len(), first.len());
    trial.broker.hold(&mut first).await.unwrap();
    assert!(first.is_empty(), "what was lost is no longer thought held");
}

#[tokio::test]
async fn the_same_process_takes_its_lanes_back_after_a_restart_under_a_new_epoch() {
    let trial = Trial::new().await;
    let mut before = Held::new();
    trial.broker.hold(&mut before).await.unwrap();
    let again = trial.again("one");
    let mut after = Held::new();
    again.hold(&mut after).await.unwrap();
    assert_eq!(after.len(), before.len());
    for (lane, (epoch, _)) in &after {
        assert_eq!(*epoch, before[lane].0 + 1);
    }
}

#[tokio::test]
async fn a_lease_of_a_clock_that_was_wrong_binds_nobody() {
    let trial = Trial::new().await;
    let other = trial.again("two");
    let mut first = Held::new();
    let year_s = 365 * 24 * 3_600;
    trial.pass_s(year_s);
    trial.broker.hold(&mut first).await.unwrap();
    trial.pass_s(-year_s);
    let mut second = Held::new();
    other.hold(&mut second).await.unwrap();
    assert_eq!(second.len(), first.len(), "nobody waits for a year");
    trial.broker.hold(&mut first).await.unwrap();
    assert!(first.is_empty(), "and the former holder notices");
}

#[tokio::test]
async fn what_waits_in_lanes_that_are_no_more_is_worked_all_the_same() {
    let trial = Trial::new().await;
    let id = trial.send("BETA", "a letter").await.id;
    let settings = Settings { lanes: 1, ..trial.broker.settings().clone() };
    let lane = trial.broker.lane("BETA");
    assert!(lane >= settings.lanes, "the test needs a recipient in a lane that goes");
    let store = trial.broker.store().clone();
    let fewer = Broker::new(store, trial.clock.clone(), Dice::seeded(4), settings).unwrap();
    let mut held = Held::new();
    fewer.hold(&mut held).await.unwrap();
    assert_eq!(held.keys().copied().collect::<Vec<_>>(), [0, lane]);
    trial.pass_s(trial.broker.settings().deadline_s + 1);
    fewer.work_once(&deadly()).await;
    assert_eq!(trial.state(id), State::Expired);
    // Erasing is the last that is due. Then nothing waits there, and nobody holds the lane.
    trial.pass_s(trial.broker.settings().kept_s + 1);
    fewer.work_once(&deadly()).await;
    assert_eq!(fewer.store().messages().next_lane(1).unwrap(), None);
    let mut held = Held::new();
    fewer.hold(&mut held).await.unwrap();
    assert_eq!(held.keys().copied().collect::<Vec<_>>(), [0]);
}
