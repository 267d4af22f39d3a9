//! Deliveries: steps, lists, wake-ups and lanes.

use bytes::Bytes;
use tokio::task::JoinSet;

use super::messages::{accept, hand_over, id, instant, status};
use super::{Failure, Outcome, conflicts, holds, same, sound, there};
use crate::messages::{
    DELIVERIES_MAX, DELIVERY_BITS, DeliveryId, Lease, Mark, Opening, Status, Step,
};
use crate::{Store, StoreError, Transaction};

/// A step into a state, with a line of history that says so.
fn step(delivery: DeliveryId, expect: u32, state: u8) -> Step {
    Step {
        delivery,
        expect,
        status: Status { state, ..status("a") },
        event: Some(Bytes::from(format!("state {state}"))),
    }
}

async fn take(store: &Store, step: Step) -> Result<(), StoreError> {
    store.commit(Transaction::new().step(step)).await
}

/// The states that the history of a delivery tells.
fn told(store: &Store, delivery: DeliveryId) -> Result<Vec<u8>, StoreError> {
    Ok(store.messages().history(delivery)?.iter().map(|event| event.state).collect())
}

pub(super) async fn steps(store: &Store) -> Outcome {
    let delivery = id(1).delivery(1);
    conflicts(take(store, step(delivery, 1, 2)).await, None)?;
    hand_over(store, accept(1, "a")).await?;
    for expect in [0, 2] {
        conflicts(take(store, step(delivery, expect, 2)).await, Some(1))?;
    }
    take(store, step(delivery, 1, 2)).await?;
    conflicts(take(store, step(delivery, 1, 3)).await, Some(2))?;
    take(store, Step { event: None, ..step(delivery, 2, 4) }).await?;
    let last = Step {
        status: Status {
            recipient: "b".to_owned(),
            topic: "REPORT".to_owned(),
            lane: 8,
            state: 255,
            listed: false,
            wake: None,
            detail: Bytes::from("the end"),
        },
        ..step(delivery, 3, 0)
    };
    take(store, last.clone()).await?;
    let kept = there("the delivery", store.messages().delivery(delivery)?)?;
    same("version", &kept.version, &4)?;
    same("status", &kept.status, &last.status)?;
    same("history", &told(store, delivery)?, &vec![1, 2, 255])?;
    sound(store)
}

pub(super) async fn several_steps(store: &Store) -> Outcome {
    let delivery = id(1).delivery(1);
    let stepped = Transaction::new()
        .step(step(delivery, 1, 2))
        .accept(accept(1, "a"))
        .step(Step { event: None, ..step(delivery, 2, 3) })
        .step(step(delivery, 3, 4));
    store.commit(stepped).await?;
    same("history", &told(store, delivery)?, &vec![1, 2, 4])?;
    let refused = Transaction::new()
        .step(step(delivery, 4, 5))
        .step(Step { status: Status { listed: false, ..status("b") }, ..step(delivery, 5, 6) })
        .step(step(delivery, 5, 7));
    conflicts(store.commit(refused).await, Some(6))?;
    same("nothing of it", &told(store, delivery)?, &vec![1, 2, 4])?;
    // The list and the wake-ups change in the middle, and change back.
    let away = Status { listed: false, lane: 9, ..status("b") };
    let there_and_back = Transaction::new()
        .step(Step { status: away, ..step(delivery, 4, 5) })
        .step(step(delivery, 5, 6));
    store.commit(there_and_back).await?;
    same("waits for a", &store.messages().count_waiting("a", 9)?, &1)?;
    same("not for b", &store.messages().count_waiting("b", 9)?, &0)?;
    same("due", &store.messages().due(7, instant(60), None, 9)?.len(), &1)?;
    sound(store)
}

pub(super) async fn more(store: &Store) -> Outcome {
    hand_over(store, accept(1, "a")).await?;
    let second = id(1).delivery(2);
    conflicts(take(store, step(id(2).delivery(1), 0, 1)).await, None)?;
    conflicts(take(store, step(id(1).delivery(3), 0, 1)).await, None)?;
    take(store, step(second, 0, 5)).await?;
    conflicts(take(store, step(second, 0, 1)).await, Some(1))?;
    let both = Transaction::new()
        .step(step(id(1).delivery(3), 0, 1))
        .step(step(id(1).delivery(4), 0, 1))
        .step(step(id(1).delivery(3), 1, 2));
    store.commit(both).await?;
    same("the third", &told(store, id(1).delivery(3))?, &vec![1, 2])?;
    same("the second", &told(store, second)?, &vec![5])?;
    let with_message = Transaction::new()
        .accept(accept(2, "a"))
        .step(step(id(2).delivery(2), 0, 1))
        .step(step(id(2).delivery(4), 0, 1));
    conflicts(store.commit(with_message).await, None)?;
    let full = vec![Opening { status: status("a"), event: Bytes::new() }; DELIVERIES_MAX as usize];
    let crowd = crate::messages::Accept { deliveries: full, ..accept(3, "a") };
    hand_over(store, crowd).await?;
    same("all", &store.messages().deliveries(id(1))?.len(), &4)?;
    sound(store)
}

pub(super) async fn waiting(store: &Store) -> Outcome {
    for n in 1..=6 {
        hand_over(store, accept(n, if n % 3 == 0 { "b" } else { "a" })).await?;
    }
    let numbers = |after: u64, most| -> Result<Vec<u64>, StoreError> {
        let found = store.messages().waiting("a", id(after).delivery(1), most)?;
        Ok(found.iter().map(|delivery| delivery.id.0 >> crate::messages::DELIVERY_BITS).collect())
    };
    same("all", &numbers(0, 9)?, &vec![1, 2, 4, 5])?;
    same("a page", &numbers(1, 2)?, &vec![2, 4])?;
    same("the next", &numbers(4, 2)?, &vec![5])?;
    let unlisted = Status { listed: false, ..status("a") };
    take(store, Step { status: unlisted, ..step(id(2).delivery(1), 1, 3) }).await?;
    take(store, Step { status: status("b"), ..step(id(4).delivery(1), 1, 3) }).await?;
    same("left", &numbers(0, 9)?, &vec![1, 5])?;
    let count = |recipient, most| store.messages().count_waiting(recipient, most);
    same("counts", &(count("a", 9)?, count("b", 9)?, count("c", 9)?), &(2, 3, 0))?;
    same("no further", &count("b", 2)?, &2)?;
    take(store, step(id(2).delivery(1), 2, 1)).await?;
    same("again", &numbers(0, 9)?, &vec![1, 2, 5])?;
    sound(store)
}

pub(super) async fn due(store: &Store) -> Outcome {
    let messages = store.messages();
    same("no wake-up", &messages.next_wake(7)?, &None)?;
    same("no lane", &messages.next_lane(0)?, &None)?;
    for (n, second) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
        let mut given = accept(n, "a");
        for opening in &mut given.deliveries {
            opening.status.wake = Some(instant(second));
        }
        hand_over(store, given).await?;
    }
    let due = |second, most| -> Result<Vec<u64>, StoreError> {
        let found = messages.due(7, instant(second), None, most)?;
        Ok(found.iter().map(|delivery| delivery.id.0 >> crate::messages::DELIVERY_BITS).collect())
    };
    same("before", &due(9, 9)?, &Vec::new())?;
    same("at the time", &due(10, 9)?, &vec![2, 4])?;
    same("the longest first", &due(99, 9)?, &vec![2, 4, 3, 1])?;
    same("at most", &due(99, 1)?, &vec![2])?;
    let behind = |n: u64, second| -> Result<Vec<u64>, StoreError> {
        let mark = Mark { wake: instant(second), delivery: id(n).delivery(1) };
        let found = messages.due(7, instant(99), Some(mark), 9)?;
        Ok(found.iter().map(|delivery| delivery.id.message().0 >> DELIVERY_BITS).collect())
    };
    same("behind a mark", &behind(2, 10)?, &vec![4, 3, 1])?;
    same("behind the last", &behind(1, 30)?, &Vec::new())?;
    same("another lane", &messages.due(8, instant(99), None, 9)?.len(), &0)?;
    same("next", &messages.next_wake(7)?, &Some(instant(10)))?;
    let woken = |wake, lane| Status { lane, wake, ..status("a") };
    let (first, second, third) = (id(1).delivery(1), id(2).delivery(1), id(4).delivery(1));
    take(store, Step { status: woken(None, 7), ..step(second, 1, 2) }).await?;
    take(store, Step { status: woken(Some(instant(5)), 8), ..step(third, 1, 2) }).await?;
    take(store, Step { status: woken(Some(instant(15)), 7), ..step(first, 1, 2) }).await?;
    same("left", &due(99, 9)?, &vec![1, 3])?;
    same("there", &messages.next_wake(8)?, &Some(instant(5)))?;
    same("here", &messages.next_wake(7)?, &Some(instant(15)))?;
    for (from, due) in [(0, Some(7)), (7, Some(7)), (8, Some(8)), (9, None), (u16::MAX, None)] {
        same("lane", &messages.next_lane(from)?, &due)?;
    }
    sound(store)
}

pub(super) async fn lanes(store: &Store) -> Outcome {
    let lease = |owner: &str, epoch, second| Lease {
        lane: 7,
        owner: owner.to_owned(),
        epoch,
        until: instant(second),
    };
    let claim = |lease, expect| store.commit(Transaction::new().lease(lease, expect));
    same("nobody", &store.messages().lease(7)?, &None)?;
    conflicts(claim(lease("a", 2, 1), Some(1)).await, None)?;
    claim(lease("a", 1, 1), None).await?;
    conflicts(claim(lease("b", 1, 1), None).await, Some(1))?;
    claim(lease("a", 1, 2), Some(1)).await?;
    let guarded = |epoch, expect| {
        let moved = step(id(1).delivery(1), expect, 9);
        store.commit(Transaction::new().guard_lane(7, epoch).step(moved))
    };
    hand_over(store, accept(1, "a")).await?;
    guarded(1, 1).await?;
    claim(lease("b", 2, 3), Some(1)).await?;
    same("holder", &store.messages().lease(7)?, &Some(lease("b", 2, 3)))?;
    conflicts(guarded(1, 2).await, Some(2))?;
    conflicts(store.commit(Transaction::new().guard_lane(8, 1)).await, None)?;
    guarded(2, 2).await?;
    same("steps", &told(store, id(1).delivery(1))?, &vec![1, 9, 9])?;
    let renewed = Transaction::new()
        .guard_lane(7, 2)
        .lease(lease("b", 3, 4), Some(2))
        .lease(lease("c", 4, 5), Some(3));
    store.commit(renewed).await?;
    same("the last", &store.messages().lease(7)?, &Some(lease("c", 4, 5)))?;
    same("another lane", &store.messages().lease(8)?, &None)
}

pub(super) async fn contest(store: &Store) -> Outcome {
    hand_over(store, accept(1, "a")).await?;
    let delivery = id(1).delivery(1);
    for round in 1..=5 {
        let mut tasks = JoinSet::new();
        for contender in 0..20 {
            let store = store.clone();
            tasks.spawn(async move { take(&store, step(delivery, round, contender)).await });
        }
        let mut winners = 0;
        while let Some(done) = tasks.join_next().await {
            match done.map_err(|error| Failure(error.to_string()))? {
                Ok(()) => winners += 1,
                Err(StoreError::Conflict { actual, .. }) => {
                    same("in the way", &actual, &Some(u64::from(round) + 1))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        same("winners", &winners, &1)?;
    }
    same("lines", &told(store, delivery)?.len(), &6)?;
    sound(store)
}

/// Hands a message over, collects and acknowledges it.
async fn cycle(store: Store, n: u64) -> Outcome {
    let recipient = format!("box {}", n % 3);
    hand_over(&store, accept(n, &recipient)).await?;
    let waits = store.messages().waiting(&recipient, id(n).delivery(0), 1)?;
    let found = there("what was acknowledged", waits.first().cloned())?;
    same("it waits", &found.id, &id(n).delivery(1))?;
    let collected = Status { state: 2, ..status(&recipient) };
    take(&store, Step { status: collected, ..step(found.id, 1, 2) }).await?;
    let over = Status { state: 3, listed: false, wake: None, ..status(&recipient) };
    Ok(take(&store, Step { status: over, ..step(found.id, 2, 3) }).await?)
}

pub(super) async fn many(store: &Store) -> Outcome {
    let mut tasks = JoinSet::new();
    for n in 1..=100 {
        tasks.spawn(cycle(store.clone(), n));
    }
    while let Some(done) = tasks.join_next().await {
        done.map_err(|error| Failure(error.to_string()))??;
    }
    for n in 1..=100 {
        same("history", &told(store, id(n).delivery(1))?, &vec![1, 2, 3])?;
    }
    holds("nothing is left", store.messages().next_wake(7)?.is_none())?;
    sound(store)
}
