//! Pushing: messages that wait for an endpoint are carried there over HTTP, each leased, posted
//! and ended durably.

use std::time::{Duration, Instant};

use base::Clock;
use broker::{ENDPOINT, Endpoint, State, record};
use bytes::Bytes;
use courier::{Courier, Trust};
use store::Transaction;
use store::messages::MessageId;
use tokio_util::sync::CancellationToken;

use super::{Row, engine};
use crate::exchange::Exchange;
use crate::house::Scratch;

/// How many pushes at once the endpoint allows.
const AT_ONCE: u32 = 64;
/// How many messages are pushed.
const MESSAGES: usize = 20_000;
/// How long all of them may take, in seconds.
const ALL_S_MAX: u64 = 300;

/// Accepts messages for an endpoint that is this program's own bare server, then lets the worker
/// go and waits until all have arrived.
pub(crate) async fn push(bytes: usize) -> Result<Row, String> {
    let scratch = Scratch::new("push")?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let log = scratch.0.join("hello.log");
    let hello = Exchange::start(&own, &["hello"], &log, Duration::from_secs(10))?;
    let broker = engine::open(&scratch).await?;
    let endpoint = Endpoint {
        name: "HELLO".to_owned(),
        url: format!("{}/", hello.base),
        wire: "plain".to_owned(),
        organisation: String::new(),
        secrets: Vec::new(),
        acknowledges: false,
        in_order: false,
        pushes_max: AT_ONCE,
        push_s_max: 30,
        private: true,
        closed: false,
    };
    let there = Transaction::new().record(record(ENDPOINT, "HELLO", &endpoint));
    broker.store().commit(there).await.map_err(|error| error.to_string())?;
    broker.directory().changed().map_err(|error| error.to_string())?;
    let body = Bytes::from(vec![b'x'; bytes]);
    let mut last = MessageId(0);
    for _ in 0..MESSAGES {
        last = engine::send_to(&broker, "HELLO", body.clone()).await?;
    }
    let courier =
        Courier::new(broker.store().clone(), Clock::System, "http://127.0.0.1", &Trust::System)?;
    let stop = CancellationToken::new();
    let began = Instant::now();
    let (worker, carry, told) = (broker.clone(), courier.pusher(), stop.clone());
    let working = tokio::spawn(async move { worker.run(carry, told).await });
    wait_for_all(&broker, began).await?;
    let elapsed = began.elapsed();
    stop.cancel();
    working.await.map_err(|error| error.to_string())?;
    let state = broker.track(last).map_err(|refused| format!("{refused:?}"))?;
    let arrived = state.deliveries.iter().all(|one| one.state == State::Acknowledged);
    broker.store().close();
    if !arrived {
        return Err("a push did not arrive".to_owned());
    }
    let each_us = (elapsed.as_micros() / MESSAGES as u128) as u32;
    let took_us = vec![each_us; MESSAGES];
    Ok(Row::new("push over HTTP to a bare server", AT_ONCE as usize, took_us, elapsed, "both ends"))
}

async fn wait_for_all(broker: &broker::Broker, began: Instant) -> Result<(), String> {
    while broker.count_waiting("HELLO", 1).map_err(|refused| format!("{refused:?}"))? > 0 {
        if began.elapsed() > Duration::from_secs(ALL_S_MAX) {
            return Err("the pushes did not end".to_owned());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}
