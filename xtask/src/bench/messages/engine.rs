//! The message engine alone, without any wire: so many senders at once, and a consumer beside
//! them that collects and acknowledges everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::{Clock, Dice};
use broker::{Body, Broker, Envelope, MAILBOX, Mailbox, Page, Settings, Submission, record};
use bytes::Bytes;
use store::messages::{DeliveryId, MessageId};
use store::{Store, Transaction};

use super::Row;
use crate::house::Scratch;

/// How many messages are collected at once, at most.
const COLLECTED_AT_ONCE: usize = 256;

/// Accepts messages for a while with so many in flight, while one consumer empties the mailbox.
pub(crate) async fn accept(in_flight: usize, bytes: usize, turn: Duration) -> Result<Row, String> {
    let scratch = Scratch::new(&format!("engine-{in_flight}"))?;
    let broker = open(&scratch).await?;
    let stop = Arc::new(AtomicBool::new(false));
    let accepted = Arc::new(AtomicU64::new(0));
    let body = Bytes::from(vec![b'x'; bytes]);
    let consumer = tokio::spawn(consume(broker.clone(), Arc::clone(&stop), Arc::clone(&accepted)));
    let began = Instant::now();
    let senders: Vec<_> = (0..in_flight)
        .map(|_| {
            let (broker, stop, body) = (broker.clone(), Arc::clone(&stop), body.clone());
            let accepted = Arc::clone(&accepted);
            tokio::spawn(async move {
                let mut took = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    send(&broker, body.clone()).await?;
                    took.push(began.elapsed().as_micros() as u32);
                    accepted.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, String>(took)
            })
        })
        .collect();
    tokio::time::sleep(turn).await;
    stop.store(true, Ordering::Relaxed);
    let mut took_us = Vec::new();
    for sender in senders {
        took_us.extend(sender.await.map_err(|error| error.to_string())??);
    }
    let elapsed = began.elapsed();
    let consumed = consumer.await.map_err(|error| error.to_string())??;
    broker.store().close();
    if consumed != took_us.len() as u64 {
        return Err(format!("{} were accepted and {consumed} collected", took_us.len()));
    }
    Ok(Row::new("engine: accept, collect, acknowledge", in_flight, took_us, elapsed, "message"))
}

pub(crate) async fn open(scratch: &Scratch) -> Result<Broker, String> {
    let failed = |error: store::StoreError| error.to_string();
    let store =
        Store::open(&scratch.0.join("data"), Clock::System, &Dice::System).map_err(failed)?;
    let mailbox = |id: &str| Mailbox {
        id: id.to_owned(),
        name: String::new(),
        organisation: String::new(),
        closed: false,
    };
    let people = Transaction::new()
        .record(record(MAILBOX, "SENDER", &mailbox("SENDER")))
        .record(record(MAILBOX, "RECIPIENT", &mailbox("RECIPIENT")));
    store.commit(people).await.map_err(failed)?;
    Broker::new(store, Clock::System, Dice::System, Settings::default()).map_err(failed)
}

pub(crate) async fn send(broker: &Broker, body: Bytes) -> Result<(), String> {
    send_to(broker, "RECIPIENT", body).await.map(|_| ())
}

/// Hands over a message.
pub(crate) async fn send_to(broker: &Broker, to: &str, body: Bytes) -> Result<MessageId, String> {
    let envelope = Envelope {
        wire: "bench".to_owned(),
        from: "SENDER".to_owned(),
        to: to.to_owned(),
        kind: "BENCH".to_owned(),
        bytes: body.len() as u64,
        parts: 1,
        ..Envelope::default()
    };
    let body = Body::Inline(body);
    let submission = Submission { envelope, body, named: false, with: Transaction::new() };
    let receipt = broker.accept(submission).await;
    receipt.map(|receipt| receipt.id).map_err(|refused| format!("{refused:?}"))
}

/// Collects and acknowledges until told to stop and everything is gone.
async fn consume(
    broker: Broker,
    stop: Arc<AtomicBool>,
    accepted: Arc<AtomicU64>,
) -> Result<u64, String> {
    let mut consumed = 0;
    loop {
        let stopping = stop.load(Ordering::Relaxed);
        let page = Page { after: DeliveryId(0), most: COLLECTED_AT_ONCE };
        let waiting = broker.waiting("RECIPIENT", page, &|_| true);
        let waiting = waiting.map_err(|refused| format!("{refused:?}"))?;
        if waiting.messages.is_empty() {
            if stopping && consumed >= accepted.load(Ordering::Relaxed) {
                return Ok(consumed);
            }
            tokio::time::sleep(Duration::from_micros(200)).await;
            continue;
        }
        let tasks: Vec<_> = waiting
            .messages
            .into_iter()
            .map(|id| {
                let broker = broker.clone();
                tokio::spawn(async move { collect(&broker, id, Transaction::new()).await })
            })
            .collect();
        for task in tasks {
            task.await.map_err(|error| error.to_string())??;
            consumed += 1;
        }
    }
}

/// Fetches a message and acknowledges it: two commits.
pub(crate) async fn collect(
    broker: &Broker,
    id: MessageId,
    with: Transaction,
) -> Result<(), String> {
    let parcel = broker.collect("RECIPIENT", id, with).await;
    parcel.map_err(|refused| format!("{refused:?}"))?;
    let done = broker.acknowledge("RECIPIENT", id, Transaction::new()).await;
    done.map_err(|refused| format!("{refused:?}"))
}
