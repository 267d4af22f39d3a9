//! `peers rabbitmq|nats URL IN_FLIGHT BYTES SECONDS`: publishes for so long, each message confirmed
//! by the broker before the next of its sender, with a consumer that acknowledges everything.
//! Prints the microseconds that each confirm took, one a line, and the seconds that all took.

mod nats;
mod rabbitmq;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What can go wrong here ends the program.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What is asked for on the command line.
#[derive(Clone)]
pub struct Plan {
    pub url: String,
    pub in_flight: usize,
    pub bytes: usize,
    pub turn: Duration,
}

/// What all tasks of a run share.
#[derive(Clone, Default)]
pub struct Shared {
    stop: Arc<AtomicBool>,
    confirmed: Arc<AtomicU64>,
    consumed: Arc<AtomicU64>,
}

impl Shared {
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub fn confirmed(&self) {
        self.confirmed.fetch_add(1, Ordering::Relaxed);
    }

    pub fn consumed(&self) {
        self.consumed.fetch_add(1, Ordering::Relaxed);
    }

    fn all_consumed(&self) -> bool {
        self.consumed.load(Ordering::Relaxed) >= self.confirmed.load(Ordering::Relaxed)
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().collect();
    let [_, peer, url, in_flight, bytes, seconds] = words.as_slice() else {
        return Err("peers rabbitmq|nats URL IN_FLIGHT BYTES SECONDS".into());
    };
    let plan = Plan {
        url: url.clone(),
        in_flight: in_flight.parse()?,
        bytes: bytes.parse()?,
        turn: Duration::from_secs(seconds.parse()?),
    };
    let shared = Shared::default();
    let began = Instant::now();
    let senders = match peer.as_str() {
        "rabbitmq" => rabbitmq::start(&plan, &shared).await?,
        "nats" => nats::start(&plan, &shared).await?,
        other => return Err(format!("no such peer: {other}").into()),
    };
    tokio::time::sleep(plan.turn).await;
    shared.stop.store(true, Ordering::Relaxed);
    let mut took_us = Vec::new();
    for sender in senders {
        took_us.extend(sender.await??);
    }
    let elapsed = began.elapsed();
    let until = Instant::now() + Duration::from_secs(60);
    while !shared.all_consumed() {
        if Instant::now() > until {
            return Err("the consumer did not get everything".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for us in &took_us {
        println!("{us}");
    }
    println!("elapsed {}", elapsed.as_secs_f64());
    Ok(())
}
