//! A great backlog: what it takes on disk and in memory, and what collecting from it costs.

use std::time::{Duration, Instant};

use broker::{Broker, Page};
use bytes::Bytes;
use store::Transaction;
use store::messages::DeliveryId;
use tokio::task::JoinSet;

use super::{Row, engine};
use crate::bench::machine;
use crate::house::Scratch;

/// How large a waiting message is, in bytes.
const BODY_BYTES: usize = 128;
/// How many senders fill it.
const SENDERS: u64 = 512;
/// How many messages are collected from it.
const COLLECTED: usize = 20_000;
/// How many collectors there are.
const COLLECTORS: usize = 32;

/// What a backlog came to.
pub(crate) struct Backlog {
    pub(crate) messages: u64,
    pub(crate) filled_a_second: f64,
    pub(crate) disk_bytes_a_message: f64,
    pub(crate) memory_bytes: u64,
    /// Opening the store with all of it in there, in milliseconds.
    pub(crate) opened_ms: f64,
    /// The first page of a list, 500 messages, in milliseconds.
    pub(crate) list_ms: f64,
    pub(crate) collect: Row,
}

/// Fills a mailbox and collects some of it.
pub(crate) async fn measure(messages: u64) -> Result<Backlog, String> {
    let scratch = Scratch::new("backlog")?;
    let broker = engine::open(&scratch).await?;
    let began = Instant::now();
    fill(&broker, messages).await?;
    let filled_a_second = messages as f64 / began.elapsed().as_secs_f64();
    broker.store().close();
    drop(broker);
    let disk = machine::disk_bytes(&scratch.0)?;
    let began = Instant::now();
    let broker = engine::open(&scratch).await?;
    let opened_ms = began.elapsed().as_secs_f64() * 1_000.0;
    let began = Instant::now();
    let page = Page { after: DeliveryId(0), most: 500 };
    broker.waiting("RECIPIENT", page, &|_| true).map_err(|refused| format!("{refused:?}"))?;
    let list_ms = began.elapsed().as_secs_f64() * 1_000.0;
    let collect = collect(&broker).await?;
    let memory_bytes = machine::memory_bytes(std::process::id())?;
    broker.store().close();
    Ok(Backlog {
        messages,
        filled_a_second,
        disk_bytes_a_message: disk as f64 / messages as f64,
        memory_bytes,
        opened_ms,
        list_ms,
        collect,
    })
}

async fn fill(broker: &Broker, messages: u64) -> Result<(), String> {
    let body = Bytes::from(vec![b'x'; BODY_BYTES]);
    let mut senders = JoinSet::new();
    for number in 0..SENDERS {
        let (broker, body) = (broker.clone(), body.clone());
        let share = messages / SENDERS + u64::from(number < messages % SENDERS);
        senders.spawn(async move {
            for _ in 0..share {
                engine::send(&broker, body.clone()).await?;
            }
            Ok::<_, String>(())
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender.map_err(|error| error.to_string())??;
    }
    Ok(())
}

/// Lists, fetches and acknowledges, as a mailbox's owner does, by several at once.
async fn collect(broker: &Broker) -> Result<Row, String> {
    let page = Page { after: DeliveryId(0), most: COLLECTED };
    let began = Instant::now();
    let waiting = broker.waiting("RECIPIENT", page, &|_| true);
    let messages = waiting.map_err(|refused| format!("{refused:?}"))?.messages;
    let share = messages.len().div_ceil(COLLECTORS).max(1);
    let mut collectors = JoinSet::new();
    for some in messages.chunks(share) {
        let (broker, some) = (broker.clone(), some.to_vec());
        collectors.spawn(async move {
            let mut took_us = Vec::new();
            for id in some {
                let began = Instant::now();
                engine::collect(&broker, id, Transaction::new()).await?;
                took_us.push(began.elapsed().as_micros() as u32);
            }
            Ok::<_, String>(took_us)
        });
    }
    let mut took_us = Vec::new();
    while let Some(collector) = collectors.join_next().await {
        took_us.extend(collector.map_err(|error| error.to_string())??);
    }
    let elapsed: Duration = began.elapsed();
    Ok(Row::new("collect, acknowledge from it", COLLECTORS, took_us, elapsed, "both"))
}
