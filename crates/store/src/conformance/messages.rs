//! Messages: what is accepted, and how it is found again.

use bytes::Bytes;
use jiff::Timestamp;

use super::{Failure, Outcome, body, holds, invalid, put, same, sound, there};
use crate::audit::Access;
use crate::contents::ContentId;
use crate::messages::{
    Accept, DELIVERIES_MAX, DELIVERY_BITS, DeliveryId, Message, MessageId, Opening, Repeat, Status,
    Step,
};
use crate::{Expect, Store, StoreError, Transaction};

/// The nth message.
pub(crate) fn id(n: u64) -> MessageId {
    MessageId(n << DELIVERY_BITS)
}

pub(super) fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap_or_default()
}

/// Where a delivery to somebody stands at first.
pub(crate) fn status(recipient: &str) -> Status {
    Status {
        recipient: recipient.to_owned(),
        topic: "LETTER".to_owned(),
        lane: 7,
        state: 1,
        listed: true,
        wake: Some(instant(60)),
        detail: Bytes::from("detail"),
    }
}

/// The nth message, to one recipient.
pub(crate) fn accept(n: u64, recipient: &str) -> Accept {
    Accept {
        message: Message {
            id: id(n),
            envelope: Bytes::from(format!("envelope {n}")),
            body: Bytes::from(format!("body {n}")),
            content: None,
        },
        deliveries: vec![Opening { status: status(recipient), event: Bytes::from("accepted") }],
        labels: Vec::new(),
        repeat: None,
    }
}

pub(super) async fn hand_over(store: &Store, accept: Accept) -> Result<(), StoreError> {
    store.commit(Transaction::new().accept(accept)).await
}

pub(super) async fn read_back(store: &Store) -> Outcome {
    let messages = store.messages();
    same("no message", &messages.get(id(1))?, &None)?;
    same("no delivery", &messages.delivery(id(1).delivery(1))?, &None)?;
    same("none waits", &messages.waiting("a", DeliveryId(0), 9)?.len(), &0)?;
    let mut given = accept(1, "a");
    given.deliveries.push(Opening {
        status: Status { wake: None, listed: false, detail: Bytes::new(), ..status("b") },
        event: Bytes::new(),
    });
    given.labels = vec![u64::MAX, 5, 5];
    given.repeat = Some(Repeat { label: 7, key: [1; 32], digest: [2; 32] });
    hand_over(store, given.clone()).await?;
    same("message", &messages.get(id(1))?, &Some(given.message.clone()))?;
    same("recent", &messages.recent(MessageId(u64::MAX), 9)?, &vec![given.message.clone()])?;
    let kept = messages.deliveries(id(1))?;
    let ids: Vec<u64> = kept.iter().map(|delivery| delivery.id.number()).collect();
    same("numbers", &ids, &vec![1, 2])?;
    for (delivery, opening) in kept.iter().zip(&given.deliveries) {
        same("status", &delivery.status, &opening.status)?;
        same("version", &delivery.version, &1)?;
        same("alone", &messages.delivery(delivery.id)?, &Some(delivery.clone()))?;
        let history = messages.history(delivery.id)?;
        let lines: Vec<_> = history.iter().map(|event| (event.state, &event.note)).collect();
        same("history", &lines, &vec![(1, &opening.event)])?;
    }
    for label in [5, 7, u64::MAX] {
        same("labelled", &messages.labelled(label, MessageId(0), 9)?, &vec![id(1)])?;
    }
    same("another label", &messages.labelled(6, MessageId(0), 9)?, &Vec::new())?;
    let none = hand_over(store, Accept { deliveries: Vec::new(), ..accept(2, "") }).await;
    holds("a message may have no delivery yet", none.is_ok())?;
    same("none", &messages.deliveries(id(2))?.len(), &0)?;
    let report = store.check(&mut |_, _| ())?;
    same("counts", &(report.messages, report.deliveries), &(2, 2))?;
    sound(store)
}

pub(super) async fn any_order(store: &Store) -> Outcome {
    for n in [5, 2, 9, 1, 7] {
        hand_over(store, accept(n, "a")).await?;
    }
    // The largest id that there is.
    let last = (i64::MAX as u64) >> DELIVERY_BITS;
    hand_over(store, accept(last, "a")).await?;
    let messages = store.messages();
    let recent = |before, most| -> Result<Vec<u64>, StoreError> {
        let found = messages.recent(before, most)?;
        Ok(found.iter().map(|message| message.id.0 >> DELIVERY_BITS).collect())
    };
    same("newest first", &recent(MessageId(u64::MAX), 9)?, &vec![last, 9, 7, 5, 2, 1])?;
    same("a page", &recent(id(9), 2)?, &vec![7, 5])?;
    same("before the first", &recent(id(1), 9)?, &Vec::new())?;
    let waiting = messages.waiting("a", DeliveryId(0), 9)?;
    let waiting: Vec<u64> = waiting.iter().map(|delivery| delivery.id.0 >> DELIVERY_BITS).collect();
    same("oldest first", &waiting, &vec![1, 2, 5, 7, 9, last])?;
    same("no others", &messages.deliveries(id(last))?.len(), &1)?;
    sound(store)
}

pub(super) async fn once(store: &Store) -> Outcome {
    hand_over(store, accept(1, "a")).await?;
    let refused = hand_over(store, accept(1, "b")).await;
    super::conflicts(refused, Some(1))?;
    let twice = Transaction::new().accept(accept(2, "a")).accept(accept(2, "b"));
    super::conflicts(store.commit(twice).await, Some(1))?;
    same("nothing of it", &store.messages().get(id(2))?, &None)?;
    let several = Transaction::new().accept(accept(3, "a")).accept(accept(2, "b"));
    store.commit(several).await?;
    same("both", &store.messages().recent(MessageId(u64::MAX), 9)?.len(), &3)?;
    sound(store)
}

/// Whether an answer is that a message was accepted before.
fn repeats_of(found: Result<(), StoreError>, due: (MessageId, [u8; 32])) -> Outcome {
    match found {
        Err(StoreError::Repeated { message, digest }) => same("before", &(message, digest), &due),
        other => Err(Failure(format!("{other:?}, should be a repeat"))),
    }
}

pub(super) async fn repeats(store: &Store) -> Outcome {
    let named = |n, digest| Accept {
        repeat: Some(Repeat { label: 3, key: [9; 32], digest: [digest; 32] }),
        ..accept(n, "a")
    };
    hand_over(store, named(1, 4)).await?;
    repeats_of(hand_over(store, named(2, 4)).await, (id(1), [4; 32]))?;
    // The same message under the same id, as after an answer that was lost.
    repeats_of(hand_over(store, named(1, 4)).await, (id(1), [4; 32]))?;
    let with_more = Transaction::new().put(put("x", Expect::Any, "")).accept(named(3, 5));
    let neighbour = hand_over(store, accept(4, "a"));
    let (refused, accepted) = tokio::join!(store.commit(with_more), neighbour);
    repeats_of(refused, (id(1), [4; 32]))?;
    accepted?;
    same("nothing of it", &body(store, "x")?, &None)?;
    // Another name, though it has the label.
    let other = Repeat { label: 3, key: [8; 32], digest: [1; 32] };
    let other = |n| Accept { repeat: Some(other.clone()), ..accept(n, "a") };
    let twice = Transaction::new().accept(other(5)).accept(other(6));
    repeats_of(store.commit(twice).await, (id(5), [1; 32]))?;
    same("messages", &store.messages().recent(MessageId(u64::MAX), 9)?.len(), &2)?;
    // Nothing was kept of that, and what only has the label is no repeat.
    hand_over(store, Accept { labels: vec![3], ..accept(7, "a") }).await?;
    hand_over(store, other(8)).await?;
    repeats_of(hand_over(store, named(9, 4)).await, (id(1), [4; 32]))?;
    repeats_of(hand_over(store, other(9)).await, (id(8), [1; 32]))?;
    let labelled = store.messages().labelled(3, MessageId(0), 9)?;
    same("labels", &labelled, &vec![id(1), id(7), id(8)])?;
    sound(store)
}

pub(super) async fn labels(store: &Store) -> Outcome {
    for n in [4, 1, 3, 2, 5] {
        let labels = if n == 2 { vec![1] } else { vec![2, 1] };
        hand_over(store, Accept { labels, ..accept(n, "a") }).await?;
    }
    let messages = store.messages();
    let all: Vec<MessageId> = (1..=5).map(id).collect();
    same("oldest first", &messages.labelled(1, MessageId(0), 9)?, &all)?;
    same("a page", &messages.labelled(2, id(1), 2)?, &vec![id(3), id(4)])?;
    same("the last", &messages.labelled(2, id(4), 2)?, &vec![id(5)])?;
    same("beyond", &messages.labelled(2, MessageId(u64::MAX), 2)?, &Vec::new())
}

pub(super) async fn bounds(store: &Store) -> Outcome {
    let to = |recipient: &str| hand_over(store, accept(1, recipient));
    invalid("a recipient", &to(&"a".repeat(101)).await)?;
    for bad in [MessageId(0), MessageId(5), MessageId(id(1).0 | (1 << 63))] {
        let message = Message { id: bad, ..accept(1, "a").message };
        let refused = hand_over(store, Accept { message, ..accept(1, "a") }).await;
        invalid("a message id", &refused)?;
    }
    let mut crowd = accept(1, "a");
    crowd.deliveries =
        vec![Opening { status: status("a"), event: Bytes::new() }; DELIVERIES_MAX as usize + 1];
    invalid("deliveries", &hand_over(store, crowd.clone()).await)?;
    let mut strange = accept(1, "a");
    strange.message.content = Some(ContentId(id(2).0));
    invalid("another's content", &hand_over(store, strange).await)?;
    same("nothing was kept", &store.messages().get(id(1))?, &None)?;
    crowd.deliveries.pop();
    crowd.deliveries.truncate(DELIVERIES_MAX as usize);
    hand_over(store, crowd).await?;
    same("as many as may be", &store.messages().count_waiting("a", 9_999)?, &DELIVERIES_MAX)?;
    let step = |topic: &str, number, expect, event| Step {
        delivery: DeliveryId(id(1).0 | number),
        expect,
        status: Status { topic: topic.to_owned(), ..status(&"b".repeat(100)) },
        event,
    };
    let take = |step| store.commit(Transaction::new().step(step));
    invalid("a topic", &take(step(&"t".repeat(301), 1, 1, None)).await)?;
    invalid("delivery 0", &take(step("t", 0, 1, None)).await)?;
    invalid("no first line", &take(step("t", 2, 0, None)).await)?;
    take(step(&"t".repeat(300), 1, 1, None)).await?;
    let parts = store.commit(Transaction::new().begin_content(ContentId(1), 0)).await;
    invalid("no parts", &parts)?;
    sound(store)
}

pub(super) async fn erased(store: &Store) -> Outcome {
    let named = Repeat { label: 4, key: [1; 32], digest: [2; 32] };
    let given = Accept { labels: vec![3], repeat: Some(named.clone()), ..accept(1, "a") };
    hand_over(store, given.clone()).await?;
    hand_over(store, accept(2, "a")).await?;
    store.commit(Transaction::new().erase(id(1)).erase(id(99))).await?;
    let messages = store.messages();
    let left = Message { body: Bytes::new(), ..given.message };
    same("message", &messages.get(id(1))?, &Some(left))?;
    same("deliveries", &messages.deliveries(id(1))?.len(), &1)?;
    let again = Accept { repeat: Some(named), ..accept(3, "a") };
    repeats_of(hand_over(store, again).await, (id(1), [2; 32]))?;
    same("label", &messages.labelled(3, MessageId(0), 9)?, &vec![id(1)])?;
    same("another", &messages.get(id(2))?, &Some(accept(2, "a").message))?;
    same("none", &messages.get(id(99))?, &None)?;
    sound(store)
}

pub(super) async fn erased_at_rest(store: &Store) -> Outcome {
    let given = accept(1, "a");
    let two = [given.deliveries.clone(), given.deliveries.clone()].concat();
    hand_over(store, Accept { deliveries: two, ..given.clone() }).await?;
    hand_over(store, accept(2, "a")).await?;
    let rest = |n: u64, number: u64, expect| Step {
        delivery: id(n).delivery(number),
        expect,
        status: Status { wake: None, ..status("a") },
        event: None,
    };
    let erase = |n: u64| Transaction::new().erase_at_rest(id(n));
    store.commit(erase(1).and(erase(99))).await?;
    store.commit(erase(1).step(rest(1, 1, 1))).await?;
    same("one wakes still", &store.messages().get(id(1))?, &Some(given.message.clone()))?;
    let refused = store.commit(erase(1).step(rest(1, 2, 7))).await;
    super::conflicts(refused, Some(1))?;
    same("nothing happened", &store.messages().get(id(1))?, &Some(given.message.clone()))?;
    store.commit(erase(1).step(rest(1, 2, 1))).await?;
    let left = Message { body: Bytes::new(), ..given.message };
    same("all rest", &store.messages().get(id(1))?, &Some(left))?;
    same("another", &store.messages().get(id(2))?, &Some(accept(2, "a").message))?;
    sound(store)
}

pub(super) async fn together(store: &Store) -> Outcome {
    let access = Access {
        at: instant(0),
        service: "things".to_owned(),
        interaction: "send".to_owned(),
        outcome: 202,
        ..Access::default()
    };
    let all = |n: u64, expect| {
        Transaction::new()
            .put(put("x", expect, "new"))
            .accept(accept(n, "a"))
            .access(access.clone())
    };
    let refused = store.commit(all(1, Expect::Version(3))).await;
    super::conflicts(refused, None)?;
    same("no message", &store.messages().get(id(1))?, &None)?;
    hand_over(store, accept(2, "a")).await?;
    super::conflicts(store.commit(all(2, Expect::Absent)).await, Some(1))?;
    same("no resource", &body(store, "x")?, &None)?;
    same("no line", &store.audit().head()?.0, &0)?;
    let made = all(1, Expect::Absent);
    holds("there is more than a line in it", !made.only_audits())?;
    store.commit(made).await?;
    same("resource", &body(store, "x")?, &Some("new".to_owned()))?;
    same("lines", &store.audit().head()?.0, &1)?;
    there("the message", store.messages().get(id(1))?)?;
    sound(store)
}
